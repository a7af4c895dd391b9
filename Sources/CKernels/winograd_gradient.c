#include "winograd.h"

// The gradient with respect to the weights by F(3×3, 4×4): a correlation of 6×6 inputs with a 4×4
// tile of gradients, at the same 36 points as the forward pass (winograd.h).
//
// Many tiles are transformed, [point][tile][channel], and then multiplied point by point, so that
// workers can share the points and each sum is computed by one of them. Sums over tiles are
// [point][panel][input][PANEL]. With bfloat16, pairs of tiles take the place of tiles.

// G·g with the 6×4 matrix G of F(3×3, 4×4): rows (1, p, p², p³) / f(p), and (0, 0, 0, 1).
INLINE void transform_gradient(points at, const lanes g[OUTPUTS], lanes o[SIDE]) {
  const float aa = at.a * at.a, bb = at.b * at.b;
  const float near = 1 / (2 * aa * (aa - bb)), far = 1 / (2 * bb * (bb - aa));
  lanes near_even = g[0] + aa * g[2], near_odd = at.a * (g[1] + aa * g[3]);
  lanes far_even = g[0] + bb * g[2], far_odd = at.b * (g[1] + bb * g[3]);
  o[0] = 1 / (aa * bb) * g[0];
  o[1] = near * (near_even + near_odd);
  o[2] = near * (near_even - near_odd);
  o[3] = far * (far_even + far_odd);
  o[4] = far * (far_even - far_odd);
  o[5] = g[3];
}

// Aᵀ·m of F(3×3, 4×4): six products to three weights.
INLINE void transform_weight_sums(points at, const lanes m[SIDE], lanes o[3]) {
  const float a = at.a, b = at.b;
  lanes near = m[1] + m[2], far = m[3] + m[4];
  o[0] = m[0] + near + far;
  o[1] = a * (m[1] - m[2]) + b * (m[3] - m[4]);
  o[2] = a * a * near + b * b * far + m[5];
}

// Reads a 4×4 tile of gradients, eight channels; zeros outside the map.
INLINE void read_gradient(mrb_feature_map map, mrb_winograd w, place at, size_t c,
                          lanes g[OUTPUTS][OUTPUTS]) {
  const size_t rows = w.output_height - (size_t)at.y, columns = w.output_width - (size_t)at.x;
  const float *corner =
      map.values +
      ((at.image * w.output_height + (size_t)at.y) * w.output_width + (size_t)at.x) *
          w.output_channels +
      c;
  UNROLL
  for (size_t i = 0; i < OUTPUTS; i++) {
    UNROLL
    for (size_t j = 0; j < OUTPUTS; j++) {
      g[i][j] = (lanes){0};
      if (i < rows && j < columns)
        load(corner + (i * w.output_width + j) * w.output_channels, w.output_channels - c,
             &g[i][j]);
    }
  }
}

// Reads the same tile of a pooled map, as four squares.
INLINE void read_pooled_gradient(mrb_feature_map map, mrb_winograd w, place at, size_t c,
                                 lanes g[OUTPUTS][OUTPUTS]) {
  const size_t height = w.output_height / 2, width = w.output_width / 2;
  const size_t top = (size_t)at.y / 2, left = (size_t)at.x / 2;
  UNROLL
  for (size_t i = 0; i < OUTPUTS / 2; i++) {
    UNROLL
    for (size_t j = 0; j < OUTPUTS / 2; j++) {
      lanes value = {0};
      int_lanes which = {0};
      if (top + i < height && left + j < width) {
        const size_t place =
            ((at.image * height + top + i) * width + left + j) * w.output_channels + c;
        load_pooled(map.values + place, map.arg_max + place, w.output_channels - c, &value, &which);
      }
      UNROLL
      for (int32_t k = 0; k < 4; k++) {
        unpool(&value, &which, k, &g[2 * i + (size_t)k / 2][2 * j + (size_t)k % 2]);
      }
    }
  }
}

// Transforms some channels of a tile of gradients; channels beyond the last are zero.
INLINE void transform_gradient_tile(mrb_feature_map map, mrb_winograd w, place at, int is_pooled,
                                    points chosen, mrb_range channels, size_t step, float *target) {
  for (size_t c = channels.first; c < channels.first + channels.count; c += LANES) {
    lanes g[OUTPUTS][OUTPUTS] = {0}, half[OUTPUTS][SIDE];
    if (c < w.output_channels && is_pooled)
      read_pooled_gradient(map, w, at, c, g);
    else if (c < w.output_channels)
      read_gradient(map, w, at, c, g);
    UNROLL
    for (size_t i = 0; i < OUTPUTS; i++) {
      transform_gradient(chosen, g[i], half[i]);
    }
    UNROLL
    for (size_t j = 0; j < SIDE; j++) {
      lanes column[OUTPUTS] = {half[0][j], half[1][j], half[2][j], half[3][j]}, whole[SIDE];
      transform_gradient(chosen, column, whole);
      UNROLL
      for (size_t i = 0; i < SIDE; i++) {
        memcpy(target + (i * SIDE + j) * step + c - channels.first, &whole[i], sizeof(lanes));
      }
    }
  }
}

// Elements between two points of a block: an odd number of cache lines, because 36 points are
// written at a time.
static size_t step_of(size_t tiles, size_t row) {
  return (up(tiles * row, PANEL) / PANEL | 1) * PANEL;
}

size_t mrb_winograd_tile_count(mrb_winograd w, size_t tiles) {
  return POINTS * step_of(words_of(tiles, w.format), row_of(w.channels));
}

size_t mrb_winograd_gradient_count(mrb_winograd w, size_t tiles) {
  return POINTS * step_of(words_of(tiles, w.format), panel_row_of(w.output_channels));
}

// Both transformed maps, with the elements between two points of each.
typedef struct {
  mrb_feature_map input, gradient;
  float *inputs, *gradients;
  size_t step, gradient_step;
} maps;

INLINE void transform_floats(maps m, mrb_winograd w, mrb_range tiles, int is_pooled) {
  const size_t row = row_of(w.channels), panel_row = panel_row_of(w.output_channels);
  const mrb_range inputs = {0, w.channels}, outputs = {0, up(w.output_channels, PANEL)};
  for (size_t t = 0; t < tiles.count; t++) {
    const place at = place_of(w, tiles.first + t);
    transform_tile(m.input, w, at, 0, points_of(0), inputs, m.step, m.inputs + t * row);
    transform_gradient_tile(m.gradient, w, at, is_pooled, points_of(0), outputs, m.gradient_step,
                            m.gradients + t * panel_row);
  }
}

// The last tile, if it has no other, is paired with zeros.
INLINE void transform_pairs(maps m, mrb_winograd w, mrb_range tiles, int is_pooled) {
  const size_t row = row_of(w.channels), panel_row = panel_row_of(w.output_channels);
  for (size_t t = 0; t < tiles.count; t += 2, m.inputs += row, m.gradients += panel_row) {
    const size_t count = smaller(2, tiles.count - t);
    float pair[2][POINTS * LANES] = {0};
    for (size_t c = 0; c < w.channels; c += LANES) {
      for (size_t i = 0; i < count; i++) {
        transform_tile(m.input, w, place_of(w, tiles.first + t + i), 0, points_of(1),
                       (mrb_range){c, LANES}, LANES, pair[i]);
      }
      mrb_pair_rows(pair[0], pair[1], POINTS, LANES, w.format, m.inputs + c, m.step);
    }
    for (size_t c = 0; c < up(w.output_channels, PANEL); c += LANES) {
      for (size_t i = 0; i < count; i++) {
        transform_gradient_tile(m.gradient, w, place_of(w, tiles.first + t + i), is_pooled,
                                points_of(1), (mrb_range){c, LANES}, LANES, pair[i]);
      }
      mrb_pair_rows(pair[0], pair[1], POINTS, LANES, w.format, m.gradients + c, m.gradient_step);
    }
  }
}

MRB_KERNEL static void transform(maps m, mrb_winograd w, mrb_range tiles) {
  if (is_paired(w.format) && m.gradient.arg_max)
    transform_pairs(m, w, tiles, 1);
  else if (is_paired(w.format))
    transform_pairs(m, w, tiles, 0);
  else if (m.gradient.arg_max)
    transform_floats(m, w, tiles, 1);
  else
    transform_floats(m, w, tiles, 0);
}

void mrb_winograd_transform(const float *input, mrb_feature_map gradient, mrb_winograd w,
                            mrb_range tiles, size_t start, mrb_winograd_block block) {
  const size_t row = row_of(w.channels), panel_row = panel_row_of(w.output_channels);
  const size_t capacity = words_of(block.capacity, w.format);
  const size_t place = words_of(start, w.format);
  const maps both = {{input, NULL},
                     gradient,
                     block.inputs + place * row,
                     block.gradients + place * panel_row,
                     step_of(capacity, row),
                     step_of(capacity, panel_row)};
  transform(both, w, tiles);
}

void mrb_winograd_point_sums(mrb_winograd_block block, mrb_winograd w, size_t point,
                             mrb_range panels, size_t count, int adds, float *sums) {
  const size_t row = row_of(w.channels), panel_row = panel_row_of(w.output_channels);
  const size_t capacity = words_of(block.capacity, w.format);
  const float *inputs = block.inputs + point * step_of(capacity, row);
  const size_t first = panels.first * PANEL;
  const float *gradients = block.gradients + point * step_of(capacity, panel_row) + first;
  const mrb_rows rows = {inputs, row, 1, w.channels, 0, w.format};
  mrb_multiply_transposed(rows, words_of(count, w.format), gradients, panel_row,
                          smaller(panels.count * PANEL, w.output_channels - first), adds,
                          sums + row * (point * up(w.output_channels, PANEL) + first));
}

size_t mrb_winograd_sum_count(mrb_winograd w) {
  return POINTS * row_of(w.channels) * up(w.output_channels, PANEL);
}

INLINE void transform_panel(const float *restrict sums, mrb_winograd w, points at, size_t panel,
                            float *restrict gradient, size_t step) {
  const size_t height = row_of(w.channels), outputs = w.output_channels - panel * PANEL;
  const size_t point_step = height * up(w.output_channels, PANEL);
  for (size_t input = 0; input < w.channels; input++) {
    for (size_t n = 0; n < PANEL && n < outputs; n += LANES) {
      const float *source = sums + (panel * height + input) * PANEL + n;
      lanes part[3][SIDE], whole[3];
      UNROLL
      for (size_t j = 0; j < SIDE; j++) {
        lanes m[SIDE], column[3];
        UNROLL
        for (size_t i = 0; i < SIDE; i++) {
          memcpy(&m[i], source + (i * SIDE + j) * point_step, sizeof(lanes));
        }
        transform_weight_sums(at, m, column);
        UNROLL
        for (size_t i = 0; i < 3; i++) {
          part[i][j] = column[i];
        }
      }
      UNROLL
      for (size_t i = 0; i < 3; i++) {
        transform_weight_sums(at, part[i], whole);
        UNROLL
        for (size_t j = 0; j < 3; j++) {
          store(gradient + ((3 * i + j) * w.channels + input) * step + n, outputs - n, &whole[j]);
        }
      }
    }
  }
}

MRB_KERNEL void mrb_winograd_weight_gradient(const float *restrict sums, mrb_winograd w,
                                             size_t panel, float *restrict gradient, size_t step) {
  if (is_paired(w.format))
    transform_panel(sums, w, points_of(1), panel, gradient, step);
  else
    transform_panel(sums, w, points_of(0), panel, gradient, step);
}
