#include "winograd.h"
#include "clones.h"
#include "epilogue.h"

// Convolution of 3×3 and stride 1 by Winograd's F(4×4, 3×3): 36 products for 16 outputs instead of
// 144 (Lavin & Gray, 2015, arXiv:1509.09308); winograd.h derives the constants.
//
// A block of tiles is transformed, [tile][point][channel]; while it is in the cache, it is
// multiplied at each of the 36 points by some panels of transformed weights, [point][panel][depth]
// [PANEL], and the products, [tile][point][channel], are transformed back to 4×4 outputs; then by
// the next panels.

// Panels at a time, so that the products of a block take about as much of the cache as its tiles.
enum { PANELS_AT_ONCE = 4 };

size_t mrb_winograd_weight_count(size_t depth, size_t width) {
  return POINTS * depth * up(width, PANEL);
}

size_t mrb_winograd_scratch_count(mrb_winograd w, size_t tiles) {
  const size_t channels = smaller(w.output_channels, PANELS_AT_ONCE * PANEL);
  return POINTS * up(tiles, GROUP) * (row_of(w.channels) + panel_row_of(channels));
}

MRB_KERNEL void mrb_winograd_weights(const float *restrict weights, size_t inputs, size_t outputs,
                                     int is_backward, size_t panel, float *restrict transformed) {
  const size_t depth = is_backward ? outputs : inputs;
  const size_t width = is_backward ? inputs : outputs;
  const size_t first = panel * PANEL, count = smaller(PANEL, width - first);
  const size_t point_step = up(width, PANEL) * depth;
  for (size_t k = 0; k < depth; k++) {
    float g[9][PANEL] = {0};
    for (size_t t = 0; t < 9; t++) {
      for (size_t n = 0; n < count; n++) {
        g[t][n] = is_backward ? weights[((8 - t) * inputs + first + n) * outputs + k]
                              : weights[(t * inputs + k) * outputs + first + n];
      }
    }
    float rows[SIDE][3][PANEL];
    for (size_t j = 0; j < 3; j++) {
      for (size_t n = 0; n < PANEL; n++) {
        float a = g[j][n], b = g[3 + j][n], c = g[6 + j][n];
        rows[0][j][n] = a * 0.25f;
        rows[1][j][n] = -(a + b + c) * (1 / 6.0f);
        rows[2][j][n] = -(a - b + c) * (1 / 6.0f);
        rows[3][j][n] = (a + 2 * b + 4 * c) * (1 / 24.0f);
        rows[4][j][n] = (a - 2 * b + 4 * c) * (1 / 24.0f);
        rows[5][j][n] = c;
      }
    }
    float *target = transformed + (panel * depth + k) * PANEL;
    for (size_t i = 0; i < SIDE; i++, target += SIDE * point_step) {
      for (size_t n = 0; n < PANEL; n++) {
        float a = rows[i][0][n], b = rows[i][1][n], c = rows[i][2][n];
        target[n] = a * 0.25f;
        target[point_step + n] = -(a + b + c) * (1 / 6.0f);
        target[2 * point_step + n] = -(a - b + c) * (1 / 6.0f);
        target[3 * point_step + n] = (a + 2 * b + 4 * c) * (1 / 24.0f);
        target[4 * point_step + n] = (a - 2 * b + 4 * c) * (1 / 24.0f);
        target[5 * point_step + n] = c;
      }
    }
  }
}

// Aᵀ·m: six products to four outputs.
INLINE void transform_output(const lanes m[SIDE], lanes o[OUTPUTS]) {
  lanes a = m[1] + m[2], b = m[1] - m[2];
  lanes c = m[3] + m[4], e = m[3] - m[4];
  o[0] = m[0] + a + c;
  o[1] = b + 2 * e;
  o[2] = a + 4 * c;
  o[3] = b + 8 * e + m[5];
}

// Aᵀ·M·A: the outputs of one tile for eight channels, from its 6×6 sums of products.
INLINE void transform_products(const float *products, size_t step, lanes o[OUTPUTS][OUTPUTS]) {
  lanes half[OUTPUTS][SIDE];
  UNROLL
  for (size_t j = 0; j < SIDE; j++) {
    lanes m[SIDE], column[OUTPUTS];
    UNROLL
    for (size_t i = 0; i < SIDE; i++) {
      memcpy(&m[i], products + (i * SIDE + j) * step, sizeof(lanes));
    }
    transform_output(m, column);
    UNROLL
    for (size_t i = 0; i < OUTPUTS; i++) {
      half[i][j] = column[i];
    }
  }
  UNROLL
  for (size_t i = 0; i < OUTPUTS; i++) {
    transform_output(half[i], o[i]);
  }
}

// Stores the outputs of a tile that lie inside the map, for eight channels.
INLINE void write_outputs(lanes o[OUTPUTS][OUTPUTS], mrb_winograd w, place at, size_t c,
                          const lanes *scale, const lanes *offset, const mrb_epilogue *epilogue) {
  const size_t count = w.output_channels - c, width = w.output_width;
  const size_t rows = w.output_height - (size_t)at.y, columns = width - (size_t)at.x;
  const size_t corner =
      ((at.image * w.output_height + (size_t)at.y) * width + (size_t)at.x) * w.output_channels + c;
  UNROLL
  for (size_t i = 0; i < OUTPUTS; i++) {
    UNROLL
    for (size_t j = 0; j < OUTPUTS; j++) {
      if (i < rows && j < columns)
        store_sum(epilogue, &o[i][j], scale, offset, corner + (i * width + j) * w.output_channels,
                  count);
    }
  }
}

// Stores the maximum of each 2×2 outputs. The last row or column of an odd map is in no square.
INLINE void write_squares(lanes o[OUTPUTS][OUTPUTS], mrb_winograd w, place at, size_t c,
                          const lanes *scale, const lanes *offset, const mrb_epilogue *epilogue) {
  const size_t count = w.output_channels - c;
  const size_t height = w.output_height / 2, width = w.output_width / 2;
  const size_t top = (size_t)at.y / 2, left = (size_t)at.x / 2;
  UNROLL
  for (size_t i = 0; i < OUTPUTS / 2; i++) {
    UNROLL
    for (size_t j = 0; j < OUTPUTS / 2; j++) {
      if (top + i < height && left + j < width) {
        const size_t place =
            ((at.image * height + top + i) * width + left + j) * w.output_channels + c;
        const lanes four[4] = {o[2 * i][2 * j], o[2 * i][2 * j + 1], o[2 * i + 1][2 * j],
                               o[2 * i + 1][2 * j + 1]};
        store_square(epilogue, four, scale, offset, place, count);
      }
    }
  }
}

// Transforms the products of a tile back and stores channels first, ..., last - 1.
INLINE void write_tile(const float *products, size_t panel_row, mrb_winograd w, place at,
                       size_t first, size_t last, mrb_epilogue epilogue) {
  for (size_t c = first; c < last; c += LANES) {
    lanes o[OUTPUTS][OUTPUTS], scale, offset;
    transform_products(products + c - first, panel_row, o);
    load_map(&epilogue, c, w.output_channels - c, &scale, &offset);
    if (epilogue.pools)
      write_squares(o, w, at, c, &scale, &offset, &epilogue);
    else
      write_outputs(o, w, at, c, &scale, &offset, &epilogue);
  }
}

INLINE void convolve(mrb_feature_map input, mrb_winograd w, mrb_range tiles, mrb_range panels,
                     const float *restrict weights, float *restrict scratch, mrb_epilogue epilogue,
                     int is_pooled) {
  const size_t row = row_of(w.channels), last_panel = panels.first + panels.count;
  float *products = scratch + POINTS * up(tiles.count, GROUP) * row;
  for (size_t t = 0; t < tiles.count; t++) {
    transform_tile(input, w, place_of(w, tiles.first + t), is_pooled, row,
                   scratch + t * POINTS * row);
  }
  for (size_t panel = panels.first; panel < last_panel; panel += PANELS_AT_ONCE) {
    const size_t first = panel * PANEL;
    const size_t last =
        smaller(smaller(panel + PANELS_AT_ONCE, last_panel) * PANEL, w.output_channels);
    const size_t panel_row = panel_row_of(last - first);
    for (size_t point = 0; point < POINTS; point++) {
      const mrb_rows rows = {scratch + point * row, POINTS * row, 1, w.channels, 0};
      const size_t column = point * up(w.output_channels, PANEL) + first;
      mrb_multiply(rows, tiles.count, weights + column * w.channels, last - first,
                   products + point * panel_row, POINTS * panel_row);
    }
    for (size_t t = 0; t < tiles.count; t++) {
      write_tile(products + t * POINTS * panel_row, panel_row, w, place_of(w, tiles.first + t),
                 first, last, epilogue);
    }
  }
}

MRB_KERNEL void mrb_winograd_forward(mrb_feature_map input, mrb_winograd w, mrb_range tiles,
                                     mrb_range panels, const float *restrict weights,
                                     float *restrict scratch, mrb_epilogue epilogue) {
  if (input.arg_max)
    convolve(input, w, tiles, panels, weights, scratch, epilogue, 1);
  else
    convolve(input, w, tiles, panels, weights, scratch, epilogue, 0);
}
