#ifndef MARBLES_WINDOW_H
#define MARBLES_WINDOW_H

#include "CKernels.h"

// The rows, or columns, of a window that lie inside the image: [first, last).
typedef struct {
  size_t first, last;
} mrb_span;

// position: of the window; before: zeros before the image; both along the same axis.
static inline mrb_span mrb_inside(size_t position, size_t stride, size_t before, size_t window,
                                  size_t image) {
  size_t start = position * stride;
  size_t first = start < before ? before - start : 0;
  size_t room = image + before > start ? image + before - start : 0;
  size_t last = room < window ? room : window;
  return (mrb_span){first, last > first ? last : first};
}

static inline mrb_span mrb_inside_rows(mrb_window w, size_t y) {
  return mrb_inside(y, w.stride, w.top, w.window_height, w.height);
}

static inline mrb_span mrb_inside_columns(mrb_window w, size_t x) {
  return mrb_inside(x, w.stride, w.left, w.window_width, w.width);
}

// The index of the pixel under row r and column q of the window; it must be inside.
static inline size_t mrb_pixel(mrb_window w, size_t y, size_t x, size_t r, size_t q) {
  return ((y * w.stride + r - w.top) * w.width + x * w.stride + q - w.left) * w.channels;
}

#endif
