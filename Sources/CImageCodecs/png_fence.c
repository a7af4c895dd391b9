#include "png_fence.h"

#include <stdio.h>
#include <string.h>

_Noreturn void mrb_png_leave(mrb_png_fence *fence, mrb_status status, const char *message) {
  fence->status = status;
  snprintf(fence->message, MRB_MESSAGE_CAPACITY, "%s", message);
  longjmp(fence->escape, 1);
}

static void on_error(png_structp codec, png_const_charp text) {
  mrb_png_fence *fence = png_get_error_ptr(codec);
  mrb_status status = MRB_CORRUPT;
  if (strstr(text, "emory")) {
    status = MRB_OUT_OF_MEMORY;
  } else if (strstr(text, "unhandled critical chunk")) {
    status = MRB_UNSUPPORTED;
  }
  mrb_png_leave(fence, status, text);
}

static void on_warning(png_structp codec, png_const_charp text) {
  (void)text;
  mrb_png_fence *fence = png_get_error_ptr(codec);
  fence->warnings++;
}

static void on_read(png_structp codec, png_bytep target, size_t length) {
  mrb_png_fence *fence = png_get_io_ptr(codec);
  if (length > fence->count - fence->position) {
    fence->position = fence->count;
    mrb_png_leave(fence, MRB_TRUNCATED, "the file ends early");
  }
  memcpy(target, fence->input + fence->position, length);
  fence->position += length;
}

static void on_write(png_structp codec, png_bytep source, size_t length) {
  mrb_png_fence *fence = png_get_io_ptr(codec);
  if (length > fence->count - fence->position) {
    mrb_png_leave(fence, MRB_OUT_OF_MEMORY, "the bytes do not fit");
  }
  memcpy(fence->output + fence->position, source, length);
  fence->position += length;
}

static void on_flush(png_structp codec) { (void)codec; }

png_structp mrb_png_reader(mrb_png_fence *fence, const uint8_t *bytes, size_t count,
                           char *message) {
  memset(fence, 0, sizeof *fence);
  fence->message = message;
  fence->input = bytes;
  fence->count = count;
  snprintf(message, MRB_MESSAGE_CAPACITY, "out of memory");
  png_structp codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, fence, on_error, on_warning);
  if (codec) {
    png_set_read_fn(codec, fence, on_read);
  }
  return codec;
}

png_structp mrb_png_writer(mrb_png_fence *fence, uint8_t *output, size_t capacity, char *message) {
  memset(fence, 0, sizeof *fence);
  fence->message = message;
  fence->output = output;
  fence->count = capacity;
  snprintf(message, MRB_MESSAGE_CAPACITY, "out of memory");
  png_structp codec = png_create_write_struct(PNG_LIBPNG_VER_STRING, fence, on_error, on_warning);
  if (codec) {
    png_set_write_fn(codec, fence, on_write, on_flush);
  }
  return codec;
}
