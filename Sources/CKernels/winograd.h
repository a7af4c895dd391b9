#ifndef MARBLES_WINOGRAD_H
#define MARBLES_WINOGRAD_H

#include "CKernels.h"
#include "pooled.h"
#include "products.h"

// What the three passes of Winograd's convolution share: tiles of 6×6 numbers that are read, and
// what becomes of them.

enum { SIDE = 6, POINTS = SIDE * SIDE, OUTPUTS = 4 };

// Numbers between two points of a transformed tile, with room for the last rows of products. An odd
// number of cache lines for what is a multiple of panels: 36 points a power of two apart would
// fight for a few places in the cache.
static inline size_t row_of(size_t channels) { return padded_height(channels); }
static inline size_t panel_row_of(size_t channels) {
  return (up(channels, PANEL) / PANEL | 1) * PANEL;
}

// Bᵀ of six numbers.
INLINE void transform_input(lanes *d0, lanes *d1, lanes *d2, lanes *d3, lanes *d4, lanes *d5) {
  lanes p = *d4 - 4 * *d2, q = *d3 - 4 * *d1, r = *d4 - *d2, s = 2 * (*d3 - *d1);
  lanes first = 4 * *d0 + (*d4 - 5 * *d2), last = 4 * *d1 + (*d5 - 5 * *d3);
  *d0 = first;
  *d1 = p + q;
  *d2 = p - q;
  *d3 = r + s;
  *d4 = r - s;
  *d5 = last;
}

// Where a tile lies.
typedef struct {
  size_t image;
  ptrdiff_t y, x; // of its first output
} place;

static inline place place_of(mrb_winograd w, size_t tile) {
  size_t across = (w.output_width + OUTPUTS - 1) / OUTPUTS;
  size_t down = (w.output_height + OUTPUTS - 1) / OUTPUTS;
  size_t rest = tile % (across * down);
  return (place){tile / (across * down), (ptrdiff_t)(rest / across * OUTPUTS),
                 (ptrdiff_t)(rest % across * OUTPUTS)};
}

// A row of six pixels from (y, x), eight channels of them from c; outside the image are zeros.
INLINE void read_row(const float *image, mrb_winograd w, ptrdiff_t y, ptrdiff_t x, size_t c,
                     int is_inside, lanes d[SIDE]) {
  const float *row = image + (y * (ptrdiff_t)w.width + x) * (ptrdiff_t)w.channels + c;
  UNROLL
  for (ptrdiff_t j = 0; j < SIDE; j++) {
    if (is_inside) {
      memcpy(&d[j], row + (size_t)j * w.channels, sizeof(lanes));
    } else {
      d[j] = (lanes){0};
      if (y >= 0 && y < (ptrdiff_t)w.height && x + j >= 0 && x + j < (ptrdiff_t)w.width)
        load(row + (size_t)j * w.channels, w.channels - c, &d[j]);
    }
  }
}

// Six rows of six pixels of a pooled map; y and x are odd, so that the six pixels are a half of a
// square, two whole ones and a half.
INLINE void read_pooled_tile(mrb_feature_map map, mrb_winograd w, size_t image, ptrdiff_t y,
                             ptrdiff_t x, size_t c, lanes d[SIDE][SIDE]) {
  const ptrdiff_t height = (ptrdiff_t)w.height / 2, width = (ptrdiff_t)w.width / 2;
  const ptrdiff_t top = (y - 1) / 2, left = (x - 1) / 2;
  UNROLL
  for (ptrdiff_t p = 0; p < 4; p++)
    UNROLL
  for (ptrdiff_t q = 0; q < 4; q++) {
    lanes value = {0};
    choices which = (choices){0} + NOWHERE;
    if (top + p >= 0 && top + p < height && left + q >= 0 && left + q < width) {
      const size_t place =
          ((image * (size_t)height + (size_t)(top + p)) * (size_t)width + (size_t)(left + q)) *
              w.channels +
          c;
      load_pooled(map.values + place, map.chosen + place, w.channels - c, &value, &which);
    }
    UNROLL
    for (int32_t k = 0; k < 4; k++) {
      const ptrdiff_t i = 2 * p - 1 + k / 2, j = 2 * q - 1 + k % 2;
      if (i >= 0 && i < SIDE && j >= 0 && j < SIDE)
        unpool(&value, &which, k, &d[i][j]);
    }
  }
}

INLINE void transform_columns(lanes d[SIDE][SIDE], size_t step, float *target) {
  UNROLL
  for (size_t j = 0; j < SIDE; j++) {
    transform_input(&d[0][j], &d[1][j], &d[2][j], &d[3][j], &d[4][j], &d[5][j]);
    UNROLL
    for (size_t i = 0; i < SIDE; i++)
      memcpy(target + (i * SIDE + j) * step, &d[i][j], sizeof(lanes));
  }
}

INLINE void transform_row(lanes d[SIDE]) {
  transform_input(&d[0], &d[1], &d[2], &d[3], &d[4], &d[5]);
}

// Points of the transformed tile go `step` apart.
INLINE void transform_tile(mrb_feature_map map, mrb_winograd w, place at, int is_pooled,
                           size_t step, float *target) {
  const float *image = map.values + at.image * w.height * w.width * w.channels;
  const ptrdiff_t y = at.y - (ptrdiff_t)w.top, x = at.x - (ptrdiff_t)w.left;
  const int is_inside =
      y >= 0 && x >= 0 && y + SIDE <= (ptrdiff_t)w.height && x + SIDE <= (ptrdiff_t)w.width;
  for (size_t c = 0; c < w.channels; c += LANES) {
    lanes d[SIDE][SIDE];
    if (is_pooled) {
      read_pooled_tile(map, w, at.image, y, x, c, d);
      UNROLL
      for (size_t i = 0; i < SIDE; i++)
        transform_row(d[i]);
    } else if (is_inside && c + LANES <= w.channels) {
      UNROLL
      for (size_t i = 0; i < SIDE; i++) {
        read_row(image, w, y + (ptrdiff_t)i, x, c, 1, d[i]);
        transform_row(d[i]);
      }
    } else {
      for (size_t i = 0; i < SIDE; i++) {
        read_row(image, w, y + (ptrdiff_t)i, x, c, 0, d[i]);
        transform_row(d[i]);
      }
    }
    transform_columns(d, step, target + c);
  }
}

#endif
