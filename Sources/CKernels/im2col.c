#include "CKernels.h"
#include "clones.h"
#include <string.h>

// A row of the column matrix is window_height runs of window_width x channels contiguous floats of
// the image, zero where the window hangs over the edge.

// The columns of the window at output column x that lie inside the image: [*first, *last).
static void inside(mrb_window w, size_t x, size_t *first, size_t *last) {
  ptrdiff_t left = (ptrdiff_t)(x * w.stride) - (ptrdiff_t)w.padding;
  ptrdiff_t right = (ptrdiff_t)w.width - left;
  ptrdiff_t size = (ptrdiff_t)w.window_width;
  ptrdiff_t begin = left < 0 ? -left : 0;
  ptrdiff_t end = right < size ? right : size;
  if (begin > size)
    begin = size;
  if (end < begin)
    end = begin;
  *first = (size_t)begin;
  *last = (size_t)end;
}

void mrb_image_to_columns(const float *image, mrb_window w, size_t first_row, size_t row_count,
                          float *columns) {
  size_t run = w.window_width * w.channels;
  for (size_t y = first_row; y < first_row + row_count; y++) {
    for (size_t x = 0; x < w.output_width; x++) {
      size_t first, last;
      inside(w, x, &first, &last);
      for (size_t r = 0; r < w.window_height; r++, columns += run) {
        ptrdiff_t row = (ptrdiff_t)(y * w.stride + r) - (ptrdiff_t)w.padding;
        if (row < 0 || row >= (ptrdiff_t)w.height || first == last) {
          memset(columns, 0, run * sizeof(float));
          continue;
        }
        size_t column = x * w.stride + first - w.padding;
        const float *source = image + ((size_t)row * w.width + column) * w.channels;
        memset(columns, 0, first * w.channels * sizeof(float));
        memcpy(columns + first * w.channels, source, (last - first) * w.channels * sizeof(float));
        memset(columns + last * w.channels, 0, (w.window_width - last) * w.channels * sizeof(float));
      }
    }
  }
}

MRB_KERNEL void mrb_add_columns_to_image(const float *columns, mrb_window w, size_t first_row,
                                         size_t row_count, float *image) {
  size_t run = w.window_width * w.channels;
  for (size_t y = first_row; y < first_row + row_count; y++) {
    for (size_t x = 0; x < w.output_width; x++) {
      size_t first, last;
      inside(w, x, &first, &last);
      for (size_t r = 0; r < w.window_height; r++, columns += run) {
        ptrdiff_t row = (ptrdiff_t)(y * w.stride + r) - (ptrdiff_t)w.padding;
        if (row < 0 || row >= (ptrdiff_t)w.height || first == last)
          continue;
        size_t column = x * w.stride + first - w.padding;
        float *restrict target = image + ((size_t)row * w.width + column) * w.channels;
        const float *restrict source = columns + first * w.channels;
        size_t count = (last - first) * w.channels;
        for (size_t i = 0; i < count; i++)
          target[i] += source[i];
      }
    }
  }
}
