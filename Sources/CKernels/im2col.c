#include "CKernels.h"
#include "clones.h"
#include <string.h>

// A row of the column matrix is window_height runs of window_width x channels contiguous floats of
// the image, with zeros where the window hangs over the edge.

// The part of one row of the window that is inside the image.
typedef struct {
  size_t first, last; // columns of the window: [first, last)
  size_t source;      // index of their first element in the image
} inside;

static inside clip(mrb_window w, size_t y, size_t x, size_t r) {
  ptrdiff_t row = (ptrdiff_t)(y * w.stride + r) - (ptrdiff_t)w.top;
  ptrdiff_t left = (ptrdiff_t)(x * w.stride) - (ptrdiff_t)w.left;
  ptrdiff_t first = left < 0 ? -left : 0;
  ptrdiff_t room = (ptrdiff_t)w.width - left;
  ptrdiff_t last = room < (ptrdiff_t)w.window_width ? room : (ptrdiff_t)w.window_width;
  if (row < 0 || row >= (ptrdiff_t)w.height || last <= first)
    return (inside){0, 0, 0};
  size_t pixel = (size_t)row * w.width + (size_t)(left + first);
  return (inside){(size_t)first, (size_t)last, pixel * w.channels};
}

void mrb_image_to_columns(const float *image, mrb_window w, size_t first_row, size_t row_count,
                          float *columns) {
  for (size_t y = first_row; y < first_row + row_count; y++) {
    for (size_t x = 0; x < w.output_width; x++) {
      for (size_t r = 0; r < w.window_height; r++, columns += w.window_width * w.channels) {
        inside part = clip(w, y, x, r);
        size_t before = part.first * w.channels;
        size_t count = (part.last - part.first) * w.channels;
        size_t after = (w.window_width - part.last) * w.channels;
        memset(columns, 0, before * sizeof(float));
        memcpy(columns + before, image + part.source, count * sizeof(float));
        memset(columns + before + count, 0, after * sizeof(float));
      }
    }
  }
}

MRB_KERNEL void mrb_add_columns_to_image(const float *columns, mrb_window w, size_t first_row,
                                         size_t row_count, float *image) {
  for (size_t y = first_row; y < first_row + row_count; y++) {
    for (size_t x = 0; x < w.output_width; x++) {
      for (size_t r = 0; r < w.window_height; r++, columns += w.window_width * w.channels) {
        inside part = clip(w, y, x, r);
        float *restrict target = image + part.source;
        const float *restrict source = columns + part.first * w.channels;
        size_t count = (part.last - part.first) * w.channels;
        for (size_t i = 0; i < count; i++) {
          target[i] += source[i];
        }
      }
    }
  }
}
