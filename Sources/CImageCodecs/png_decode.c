#include "png_fence.h"
#include "png_pixels.h"

#include <stdlib.h>

typedef struct {
  mrb_png_fence fence;
  png_structp codec;
  png_infop header;
  uint8_t *memory; // one row, or the whole image when it is interlaced
  int is_complete; // every row has been written
} mrb_png_decoder;

static mrb_status open_decoder(mrb_png_decoder *decoder, const uint8_t *bytes, size_t count,
                               char *message) {
  decoder->memory = NULL;
  decoder->is_complete = 0;
  decoder->codec = mrb_png_reader(&decoder->fence, bytes, count, message);
  if (!decoder->codec) {
    return MRB_OUT_OF_MEMORY;
  }
  decoder->header = png_create_info_struct(decoder->codec);
  if (!decoder->header) {
    png_destroy_read_struct(&decoder->codec, NULL, NULL);
    return MRB_OUT_OF_MEMORY;
  }
  return MRB_OK;
}

static void close_decoder(mrb_png_decoder *decoder) {
  png_destroy_read_struct(&decoder->codec, &decoder->header, NULL);
  free(decoder->memory);
}

static void read_header(mrb_png_decoder *decoder, mrb_image_info *info) {
  png_structp codec = decoder->codec;
  png_infop header = decoder->header;
  // libpng's own limit is 1,000,000 per side; ours, on the area, is checked below.
  png_set_user_limits(codec, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
#ifdef PNG_MAXIMUM_INFLATE_WINDOW
  // Some writers state a window smaller than the one they used; other readers do not mind.
  png_set_option(codec, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
#endif
  // Text, profiles, gamma and other chunks that cannot change a pixel are skipped, not inflated.
  png_set_keep_unknown_chunks(codec, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(codec, header);
  info->width = png_get_image_width(codec, header);
  info->height = png_get_image_height(codec, header);
  info->depth = png_get_bit_depth(codec, header);
  const int type = png_get_color_type(codec, header);
  info->alpha = (type & PNG_COLOR_MASK_ALPHA) || png_get_valid(codec, header, PNG_INFO_tRNS);
  info->color = type == PNG_COLOR_TYPE_PALETTE ? MRB_COLOR_PALETTE
                : type & PNG_COLOR_MASK_COLOR  ? MRB_COLOR_RGB
                                               : MRB_COLOR_GRAY;
  if ((uint64_t)info->width * info->height > MRB_PIXEL_LIMIT) {
    mrb_png_leave(&decoder->fence, MRB_TOO_LARGE, "too many pixels");
  }
}

mrb_status mrb_png_read_info(const uint8_t *bytes, size_t count, mrb_image_info *info,
                             char *message) {
  mrb_png_decoder decoder;
  *info = (mrb_image_info){0};
  mrb_status status = open_decoder(&decoder, bytes, count, message);
  if (status != MRB_OK) {
    return status;
  }
  if (setjmp(decoder.fence.escape)) {
    close_decoder(&decoder);
    return decoder.fence.status;
  }
  read_header(&decoder, info);
  close_decoder(&decoder);
  return MRB_OK;
}

static void read_rows(mrb_png_decoder *decoder, uint8_t *pixels, mrb_decode_report *report) {
  png_structp codec = decoder->codec;
  const uint32_t width = report->width;
  const uint32_t height = report->height;
  const unsigned channels = png_get_channels(codec, decoder->header);
  const unsigned sample_bytes = png_get_bit_depth(codec, decoder->header) / 8;
  const size_t stride = png_get_rowbytes(codec, decoder->header);
  const int passes = png_get_interlace_type(codec, decoder->header) == PNG_INTERLACE_NONE ? 1 : 7;
  decoder->memory = calloc(passes > 1 ? height : 1, stride);
  if (!decoder->memory) {
    mrb_png_leave(&decoder->fence, MRB_OUT_OF_MEMORY, "out of memory");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < height; y++) {
      uint8_t *row = decoder->memory + (passes > 1 ? y * stride : 0);
      png_read_row(codec, row, NULL);
      if (pass == passes - 1) {
        mrb_png_write_rgb(row, width, channels, sample_bytes, pixels + (size_t)y * width * 3);
        report->rows = y + 1;
      }
    }
  }
}

mrb_status mrb_png_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t capacity,
                          mrb_decode_report *report, char *message) {
  mrb_png_decoder decoder;
  mrb_image_info info;
  *report = (mrb_decode_report){0};
  mrb_status status = open_decoder(&decoder, bytes, count, message);
  if (status != MRB_OK) {
    return status;
  }
  if (setjmp(decoder.fence.escape)) {
    close_decoder(&decoder);
    if (!decoder.is_complete) {
      report->truncated = decoder.fence.status == MRB_TRUNCATED;
      return decoder.fence.status;
    }
    // The image is complete; only what follows it is damaged.
    report->missing_end = decoder.fence.status == MRB_TRUNCATED;
    report->damaged = decoder.fence.status != MRB_TRUNCATED;
    return MRB_OK;
  }
  read_header(&decoder, &info);
  report->width = info.width;
  report->height = info.height;
  if ((uint64_t)info.width * info.height * 3 > capacity) {
    mrb_png_leave(&decoder.fence, MRB_CORRUPT, "the pixels do not fit");
  }
  png_set_expand(decoder.codec);
  png_set_interlace_handling(decoder.codec);
  png_read_update_info(decoder.codec, decoder.header);
  decoder.fence.warnings = 0; // those of the header are about other chunks
  read_rows(&decoder, pixels, report);
  decoder.is_complete = 1;
  report->damaged = decoder.fence.warnings;
  png_read_end(decoder.codec, NULL);
  report->extra_bytes = decoder.fence.position < count;
  close_decoder(&decoder);
  return MRB_OK;
}
