#include "jpeg_fence.h"

#include <stdlib.h>

mrb_status mrb_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int quality,
                           uint8_t *output, size_t capacity, size_t *written, char *message) {
  struct jpeg_compress_struct codec;
  mrb_jpeg_fence fence;
  // libjpeg takes the caller's memory first and allocates its own only when that is too small.
  unsigned char *buffer = output;
  unsigned long length = capacity;
  codec.err = mrb_jpeg_fence_open(&fence, message);
  if (setjmp(fence.escape)) {
    jpeg_destroy_compress(&codec);
    return fence.status;
  }
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &buffer, &length);
  codec.image_width = width;
  codec.image_height = height;
  codec.input_components = 3;
  codec.in_color_space = JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)codec.next_scanline * width * 3);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  if (buffer != output) {
    free(buffer);
    snprintf(message, MRB_MESSAGE_CAPACITY, "%lu bytes do not fit", length);
    return MRB_OUT_OF_MEMORY;
  }
  *written = length;
  return MRB_OK;
}
