#ifndef MARBLES_WINOGRAD_H
#define MARBLES_WINOGRAD_H

#include "bfloat16.h"
#include "pooled.h"
#include "products.h"

// What the three passes of Winograd's convolution share: reading and transforming 6×6 tiles.
//
// F(4, 3) computes four outputs of a correlation with three weights g, from six inputs d, as
// Aᵀ·((G·g) ⊙ (Bᵀ·d)): Toom and Cook evaluate polynomials at six points p = 0, a, −a, b, −b, ∞.
// With f(p) = Π (p − q) over the other finite points q, that is f(0) = a²b², f(±a) = 2a²(a² − b²)
// and f(±b) = 2b²(b² − a²):
//
//   G   has the rows     (1, p, p²) / f(p),  and for ∞  (0, 0, 1);
//   Aᵀ  has the columns  (1, p, p², p³),     and for ∞  (0, 0, 0, 1);
//   Bᵀ  has as rows the coefficients, x⁰ first, of Π (x − q), and for ∞ of x(x² − a²)(x² − b²).
//
// So row p = 0 of Bᵀ is (x² − a²)(x² − b²): (a²b², 0, −a² − b², 0, 1, 0). In two dimensions each
// matrix is applied to rows and columns: Aᵀ·((G·g·Gᵀ) ⊙ (Bᵀ·d·B))·A. A test derives the matrices
// anew.
//
// Floats use a = 1 and b = 2, which cost the fewest operations. With a = √½ and b = √2 all points
// matter equally: bfloat16 then loses half the digits that it would lose with 1 and 2.

enum { SIDE = 6, POINTS = SIDE * SIDE, OUTPUTS = 4 };

// The points a and b.
typedef struct {
  float a, b;
} points;

INLINE points points_of(int paired) {
  return paired ? (points){0.70710678f, 1.41421356f} : (points){1, 2};
}

// Elements between two points of a transformed tile, with room for the last rows of products. Of
// panels an odd number of cache lines: 36 points a power of two apart would share a few cache sets.
static inline size_t row_of(size_t channels) { return padded_height(channels); }
static inline size_t panel_row_of(size_t channels) {
  return (up(channels, PANEL) / PANEL | 1) * PANEL;
}

// Bᵀ·d of six vectors, in place.
INLINE void transform_input(points at, lanes *d0, lanes *d1, lanes *d2, lanes *d3, lanes *d4,
                            lanes *d5) {
  const float aa = at.a * at.a, bb = at.b * at.b;
  lanes p = *d4 - bb * *d2, q = at.a * (*d3 - bb * *d1);
  lanes r = *d4 - aa * *d2, s = at.b * (*d3 - aa * *d1);
  lanes first = aa * bb * *d0 + (*d4 - (aa + bb) * *d2);
  lanes last = aa * bb * *d1 + (*d5 - (aa + bb) * *d3);
  *d0 = first;
  *d1 = p + q;
  *d2 = p - q;
  *d3 = r + s;
  *d4 = r - s;
  *d5 = last;
}

// The position of a tile.
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

// Reads six pixels of a row from (y, x), eight channels from c; zeros outside the image.
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

// Reads a 6×6 tile of a pooled map. y and x are odd, so that the six pixels of a row are half a
// square, two whole ones and another half.
INLINE void read_pooled_tile(mrb_feature_map map, mrb_winograd w, size_t image, ptrdiff_t y,
                             ptrdiff_t x, size_t c, lanes d[SIDE][SIDE]) {
  const ptrdiff_t height = (ptrdiff_t)w.height / 2, width = (ptrdiff_t)w.width / 2;
  const ptrdiff_t top = (y - 1) / 2, left = (x - 1) / 2;
  UNROLL
  for (ptrdiff_t p = 0; p < 4; p++) {
    UNROLL
    for (ptrdiff_t q = 0; q < 4; q++) {
      lanes value = {0};
      int_lanes which = (int_lanes){0} + NOWHERE;
      if (top + p >= 0 && top + p < height && left + q >= 0 && left + q < width) {
        const size_t place =
            ((image * (size_t)height + (size_t)(top + p)) * (size_t)width + (size_t)(left + q)) *
                w.channels +
            c;
        load_pooled(map.values + place, map.arg_max + place, w.channels - c, &value, &which);
      }
      UNROLL
      for (int32_t k = 0; k < 4; k++) {
        const ptrdiff_t i = 2 * p - 1 + k / 2, j = 2 * q - 1 + k % 2;
        if (i >= 0 && i < SIDE && j >= 0 && j < SIDE)
          unpool(&value, &which, k, &d[i][j]);
      }
    }
  }
}

INLINE void transform_columns(points at, lanes d[SIDE][SIDE], size_t step, float *target) {
  UNROLL
  for (size_t j = 0; j < SIDE; j++) {
    transform_input(at, &d[0][j], &d[1][j], &d[2][j], &d[3][j], &d[4][j], &d[5][j]);
    UNROLL
    for (size_t i = 0; i < SIDE; i++) {
      memcpy(target + (i * SIDE + j) * step, &d[i][j], sizeof(lanes));
    }
  }
}

INLINE void transform_row(points at, lanes d[SIDE]) {
  transform_input(at, &d[0], &d[1], &d[2], &d[3], &d[4], &d[5]);
}

// Transforms some channels of one tile, Bᵀ·d·B; stores its 36 points `step` elements apart.
INLINE void transform_tile(mrb_feature_map map, mrb_winograd w, place at, int is_pooled,
                           points chosen, mrb_range channels, size_t step, float *target) {
  const float *image = map.values + at.image * w.height * w.width * w.channels;
  const ptrdiff_t y = at.y - (ptrdiff_t)w.top, x = at.x - (ptrdiff_t)w.left;
  const int is_inside =
      y >= 0 && x >= 0 && y + SIDE <= (ptrdiff_t)w.height && x + SIDE <= (ptrdiff_t)w.width;
  for (size_t c = channels.first; c < channels.first + channels.count; c += LANES) {
    lanes d[SIDE][SIDE];
    if (is_pooled) {
      read_pooled_tile(map, w, at.image, y, x, c, d);
      UNROLL
      for (size_t i = 0; i < SIDE; i++) {
        transform_row(chosen, d[i]);
      }
    } else if (is_inside && c + LANES <= w.channels) {
      UNROLL
      for (size_t i = 0; i < SIDE; i++) {
        read_row(image, w, y + (ptrdiff_t)i, x, c, 1, d[i]);
        transform_row(chosen, d[i]);
      }
    } else {
      for (size_t i = 0; i < SIDE; i++) {
        read_row(image, w, y + (ptrdiff_t)i, x, c, 0, d[i]);
        transform_row(chosen, d[i]);
      }
    }
    transform_columns(chosen, d, step, target + c - channels.first);
  }
}

#endif
