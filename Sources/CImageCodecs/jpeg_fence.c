#include "jpeg_fence.h"

#include <string.h>

static void on_error(j_common_ptr codec) {
  mrb_jpeg_fence *fence = (mrb_jpeg_fence *)codec->err;
  char text[JMSG_LENGTH_MAX];
  (*codec->err->format_message)(codec, text);
  mrb_status status = MRB_CORRUPT;
  switch (codec->err->msg_code) {
  case JERR_IMAGE_TOO_BIG:
    snprintf(text, sizeof text, "JPEG with more than %d pixels on a side",
             codec->err->msg_parm.i[0]);
    status = MRB_UNSUPPORTED;
    break;
  case JERR_OUT_OF_MEMORY:
  case JERR_NO_BACKING_STORE:
    status = MRB_OUT_OF_MEMORY;
    break;
  case JERR_BAD_PRECISION:
    snprintf(text, sizeof text, "JPEG with %d bits per sample", codec->err->msg_parm.i[0]);
    status = MRB_UNSUPPORTED;
    break;
  case JERR_SOF_UNSUPPORTED:
    snprintf(text, sizeof text, "lossless, hierarchical or differential JPEG (SOF%d)",
             codec->err->msg_parm.i[0] - 0xC0);
    status = MRB_UNSUPPORTED;
    break;
  case JERR_ARITH_NOTIMPL:
    snprintf(text, sizeof text, "arithmetic-coded JPEG");
    status = MRB_UNSUPPORTED;
    break;
  case JERR_CONVERSION_NOTIMPL:
    snprintf(text, sizeof text, "JPEG of an unknown color space");
    status = MRB_UNSUPPORTED;
    break;
  case JERR_FRACT_SAMPLE_NOTIMPL:
    snprintf(text, sizeof text, "JPEG with fractional sampling");
    status = MRB_UNSUPPORTED;
    break;
  default:
    break;
  }
  mrb_jpeg_leave(fence, status, text);
}

static void on_message(j_common_ptr codec) { (void)codec; }

struct jpeg_error_mgr *mrb_jpeg_fence_open(mrb_jpeg_fence *fence, char *message) {
  jpeg_std_error(&fence->base);
  fence->base.error_exit = on_error;
  fence->base.output_message = on_message;
  fence->status = MRB_OK;
  fence->message = message;
  message[0] = 0;
  return &fence->base;
}

_Noreturn void mrb_jpeg_leave(mrb_jpeg_fence *fence, mrb_status status, const char *message) {
  fence->status = status;
  snprintf(fence->message, MRB_MESSAGE_CAPACITY, "%s", message);
  longjmp(fence->escape, 1);
}
