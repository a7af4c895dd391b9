#include "winograd.h"
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

size_t mrb_winograd_weight_count(size_t depth, size_t width, mrb_format format) {
  return POINTS * words_of(depth, format) * up(width, PANEL);
}

size_t mrb_winograd_scratch_count(mrb_winograd w, size_t tiles) {
  const size_t channels = smaller(w.output_channels, PANELS_AT_ONCE * PANEL);
  const size_t row = words_of(row_of(w.channels), w.format);
  return POINTS * up(tiles, GROUP) * (row + panel_row_of(channels));
}

// G·g of three vectors of a panel.
INLINE void transform_weights(points at, const float g[3][PANEL], float *target, size_t step) {
  const float aa = at.a * at.a, bb = at.b * at.b;
  const float p[SIDE - 1] = {0, at.a, -at.a, at.b, -at.b};
  const float f[SIDE - 1] = {aa * bb, 2 * aa * (aa - bb), 2 * aa * (aa - bb), 2 * bb * (bb - aa),
                             2 * bb * (bb - aa)};
  UNROLL
  for (size_t i = 0; i < SIDE - 1; i++) {
    for (size_t n = 0; n < PANEL; n++) {
      target[i * step + n] = (g[0][n] + p[i] * g[1][n] + p[i] * p[i] * g[2][n]) * (1 / f[i]);
    }
  }
  memcpy(target + (SIDE - 1) * step, g[2], sizeof g[2]);
}

// G·g·Gᵀ of the weights of input, or if is_backward of output, k for a panel of the others.
INLINE void transform_kernel(const float *restrict weights, size_t inputs, size_t outputs,
                             int is_backward, size_t panel, size_t k, points at,
                             float *restrict target, size_t step) {
  const size_t first = panel * PANEL;
  const size_t count = smaller(PANEL, (is_backward ? inputs : outputs) - first);
  float columns[3][3][PANEL] = {0}, rows[SIDE][3][PANEL];
  for (size_t t = 0; t < 9; t++) {
    for (size_t n = 0; n < count; n++) {
      columns[t % 3][t / 3][n] = is_backward ? weights[((8 - t) * inputs + first + n) * outputs + k]
                                             : weights[(t * inputs + k) * outputs + first + n];
    }
  }
  for (size_t j = 0; j < 3; j++) {
    transform_weights(at, columns[j], rows[0][j], 3 * PANEL);
  }
  for (size_t i = 0; i < SIDE; i++) {
    transform_weights(at, rows[i], target + i * SIDE * step, step);
  }
}

MRB_KERNEL void mrb_winograd_weights(const float *restrict weights, size_t inputs, size_t outputs,
                                     int is_backward, size_t panel, mrb_format format,
                                     float *restrict transformed) {
  const size_t depth = is_backward ? outputs : inputs;
  const size_t width = is_backward ? inputs : outputs;
  const size_t words = words_of(depth, format), step = up(width, PANEL) * words;
  float *target = transformed + panel * words * PANEL;
  if (!is_paired(format)) {
    for (size_t k = 0; k < depth; k++, target += PANEL) {
      transform_kernel(weights, inputs, outputs, is_backward, panel, k, points_of(0), target, step);
    }
    return;
  }
  float pair[2][POINTS * PANEL];
  for (size_t k = 0; k < depth; k += 2, target += PANEL) {
    memset(pair[1], 0, sizeof pair[1]);
    for (size_t i = 0; i < smaller(2, depth - k); i++) {
      transform_kernel(weights, inputs, outputs, is_backward, panel, k + i, points_of(1), pair[i],
                       PANEL);
    }
    mrb_pair_rows(pair[0], pair[1], POINTS, PANEL, format, target, step);
  }
}

// Aᵀ·m: six products to four outputs.
INLINE void transform_output(points at, const lanes m[SIDE], lanes o[OUTPUTS]) {
  const float a = at.a, b = at.b;
  lanes near = m[1] + m[2], near_difference = m[1] - m[2];
  lanes far = m[3] + m[4], far_difference = m[3] - m[4];
  o[0] = m[0] + near + far;
  o[1] = a * near_difference + b * far_difference;
  o[2] = a * a * near + b * b * far;
  o[3] = a * a * a * near_difference + b * b * b * far_difference + m[5];
}

// Aᵀ·M·A: the outputs of one tile for eight channels, from its 6×6 sums of products.
INLINE void transform_products(points at, const float *products, size_t step,
                               lanes o[OUTPUTS][OUTPUTS]) {
  lanes half[OUTPUTS][SIDE];
  UNROLL
  for (size_t j = 0; j < SIDE; j++) {
    lanes m[SIDE], column[OUTPUTS];
    UNROLL
    for (size_t i = 0; i < SIDE; i++) {
      memcpy(&m[i], products + (i * SIDE + j) * step, sizeof(lanes));
    }
    transform_output(at, m, column);
    UNROLL
    for (size_t i = 0; i < OUTPUTS; i++) {
      half[i][j] = column[i];
    }
  }
  UNROLL
  for (size_t i = 0; i < OUTPUTS; i++) {
    transform_output(at, half[i], o[i]);
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
                       points chosen, size_t first, size_t last, mrb_epilogue epilogue) {
  for (size_t c = first; c < last; c += LANES) {
    lanes o[OUTPUTS][OUTPUTS], scale, offset;
    transform_products(chosen, products + c - first, panel_row, o);
    load_map(&epilogue, c, w.output_channels - c, &scale, &offset);
    if (epilogue.pools)
      write_squares(o, w, at, c, &scale, &offset, &epilogue);
    else
      write_outputs(o, w, at, c, &scale, &offset, &epilogue);
  }
}

// Transforms one tile for products: a row of all channels at each point.
INLINE void transform_rows(mrb_feature_map input, mrb_winograd w, place at, int is_pooled,
                           int paired, size_t row, float *target) {
  if (!paired) {
    transform_tile(input, w, at, is_pooled, points_of(0), (mrb_range){0, w.channels}, row, target);
    return;
  }
  float some[POINTS * LANES];
  for (size_t c = 0; c < w.channels; c += LANES) {
    transform_tile(input, w, at, is_pooled, points_of(1), (mrb_range){c, LANES}, LANES, some);
    mrb_round_rows(some, POINTS, w.format, (uint16_t *)target + c, 2 * row);
  }
}

INLINE void convolve(mrb_feature_map input, mrb_winograd w, mrb_range tiles, mrb_range panels,
                     const float *restrict weights, float *restrict scratch, mrb_epilogue epilogue,
                     int is_pooled, int paired) {
  const size_t depth = words_of(w.channels, w.format), row = words_of(row_of(w.channels), w.format);
  const size_t last_panel = panels.first + panels.count;
  float *products = scratch + POINTS * up(tiles.count, GROUP) * row;
  for (size_t t = 0; t < tiles.count; t++) {
    transform_rows(input, w, place_of(w, tiles.first + t), is_pooled, paired, row,
                   scratch + t * POINTS * row);
  }
  for (size_t panel = panels.first; panel < last_panel; panel += PANELS_AT_ONCE) {
    const size_t first = panel * PANEL;
    const size_t last =
        smaller(smaller(panel + PANELS_AT_ONCE, last_panel) * PANEL, w.output_channels);
    const size_t panel_row = panel_row_of(last - first);
    for (size_t point = 0; point < POINTS; point++) {
      const mrb_rows rows = {scratch + point * row, POINTS * row, 1, depth, 0, w.format};
      const size_t column = point * up(w.output_channels, PANEL) + first;
      mrb_multiply(rows, tiles.count, weights + column * depth, last - first,
                   products + point * panel_row, POINTS * panel_row);
    }
    for (size_t t = 0; t < tiles.count; t++) {
      write_tile(products + t * POINTS * panel_row, panel_row, w, place_of(w, tiles.first + t),
                 points_of(paired), first, last, epilogue);
    }
  }
}

// Apart from convolve_pairs: in one kernel with it, floats of a pooled input took 2% longer.
MRB_KERNEL static void convolve_floats(mrb_feature_map input, mrb_winograd w, mrb_range tiles,
                                       mrb_range panels, const float *restrict weights,
                                       float *restrict scratch, mrb_epilogue epilogue) {
  if (input.arg_max)
    convolve(input, w, tiles, panels, weights, scratch, epilogue, 1, 0);
  else
    convolve(input, w, tiles, panels, weights, scratch, epilogue, 0, 0);
}

MRB_KERNEL static void convolve_pairs(mrb_feature_map input, mrb_winograd w, mrb_range tiles,
                                      mrb_range panels, const float *restrict weights,
                                      float *restrict scratch, mrb_epilogue epilogue) {
  if (input.arg_max)
    convolve(input, w, tiles, panels, weights, scratch, epilogue, 1, 1);
  else
    convolve(input, w, tiles, panels, weights, scratch, epilogue, 0, 1);
}

void mrb_winograd_forward(mrb_feature_map input, mrb_winograd w, mrb_range tiles, mrb_range panels,
                          const float *weights, float *scratch, mrb_epilogue epilogue) {
  if (is_paired(w.format))
    convolve_pairs(input, w, tiles, panels, weights, scratch, epilogue);
  else
    convolve_floats(input, w, tiles, panels, weights, scratch, epilogue);
}
