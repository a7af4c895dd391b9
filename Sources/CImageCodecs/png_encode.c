#include "png_fence.h"

mrb_status mrb_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int level,
                          uint8_t *output, size_t capacity, size_t *written, char *message) {
  mrb_png_fence fence;
  png_structp codec = mrb_png_writer(&fence, output, capacity, message);
  png_infop header = NULL;
  if (!codec) {
    return MRB_OUT_OF_MEMORY;
  }
  if (!(header = png_create_info_struct(codec))) {
    png_destroy_write_struct(&codec, NULL);
    return MRB_OUT_OF_MEMORY;
  }
  if (setjmp(fence.escape)) {
    png_destroy_write_struct(&codec, &header);
    return fence.status;
  }
  png_set_IHDR(codec, header, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(codec, level);
  png_write_info(codec, header);
  for (uint32_t y = 0; y < height; y++) {
    png_write_row(codec, pixels + (size_t)y * width * 3);
  }
  png_write_end(codec, NULL);
  png_destroy_write_struct(&codec, &header);
  *written = fence.position;
  return MRB_OK;
}
