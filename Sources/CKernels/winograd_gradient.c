#include "clones.h"
#include "winograd.h"

// The gradient with respect to the weights by F(3×3, 4×4): a correlation of 6×6 inputs with a 4×4
// tile of gradients, at the same 36 points as the forward pass (winograd.h).
//
// Many tiles are transformed, [point][tile][channel], and then multiplied point by point, so that
// workers can share the points and each sum is computed by one of them. Sums over tiles are
// [point][panel][input][PANEL].

// G·g with the 6×4 matrix G of F(3×3, 4×4): rows (1, p, p², p³) / f(p), and (0, 0, 0, 1).
INLINE void transform_gradient(const lanes g[OUTPUTS], lanes o[SIDE]) {
  lanes even = g[0] + g[2], odd = g[1] + g[3];
  lanes far = g[0] + 4 * g[2], wide = 2 * (g[1] + 4 * g[3]);
  o[0] = 0.25f * g[0];
  o[1] = (-1 / 6.0f) * (even + odd);
  o[2] = (-1 / 6.0f) * (even - odd);
  o[3] = (1 / 24.0f) * (far + wide);
  o[4] = (1 / 24.0f) * (far - wide);
  o[5] = g[3];
}

// Aᵀ·m of F(3×3, 4×4): six products to three weights.
INLINE void transform_weight_sums(const lanes m[SIDE], lanes o[3]) {
  lanes a = m[1] + m[2], b = m[1] - m[2];
  lanes c = m[3] + m[4], e = m[3] - m[4];
  o[0] = m[0] + a + c;
  o[1] = b + 2 * e;
  o[2] = a + 4 * c + m[5];
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

INLINE void transform_gradient_tile(mrb_feature_map map, mrb_winograd w, place at, int is_pooled,
                                    size_t step, float *target) {
  for (size_t c = 0; c < up(w.output_channels, PANEL); c += LANES) {
    lanes g[OUTPUTS][OUTPUTS] = {0}, half[OUTPUTS][SIDE];
    if (c < w.output_channels && is_pooled)
      read_pooled_gradient(map, w, at, c, g);
    else if (c < w.output_channels)
      read_gradient(map, w, at, c, g);
    UNROLL
    for (size_t i = 0; i < OUTPUTS; i++) {
      transform_gradient(g[i], half[i]);
    }
    UNROLL
    for (size_t j = 0; j < SIDE; j++) {
      lanes column[OUTPUTS] = {half[0][j], half[1][j], half[2][j], half[3][j]}, whole[SIDE];
      transform_gradient(column, whole);
      UNROLL
      for (size_t i = 0; i < SIDE; i++) {
        memcpy(target + (i * SIDE + j) * step + c, &whole[i], sizeof(lanes));
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
  return POINTS * step_of(tiles, row_of(w.channels));
}

size_t mrb_winograd_gradient_count(mrb_winograd w, size_t tiles) {
  return POINTS * step_of(tiles, panel_row_of(w.output_channels));
}

INLINE void transform(const float *restrict input, mrb_feature_map gradient, mrb_winograd w,
                      mrb_range tiles, size_t start, size_t capacity, float *restrict inputs,
                      float *restrict gradients, int is_pooled) {
  const size_t row = row_of(w.channels), panel_row = panel_row_of(w.output_channels);
  const mrb_feature_map plain = {input, NULL};
  for (size_t t = 0; t < tiles.count; t++) {
    const place at = place_of(w, tiles.first + t);
    transform_tile(plain, w, at, 0, step_of(capacity, row), inputs + (start + t) * row);
    transform_gradient_tile(gradient, w, at, is_pooled, step_of(capacity, panel_row),
                            gradients + (start + t) * panel_row);
  }
}

MRB_KERNEL void mrb_winograd_transform(const float *restrict input, mrb_feature_map gradient,
                                       mrb_winograd w, mrb_range tiles, size_t start,
                                       mrb_winograd_block block) {
  if (gradient.arg_max)
    transform(input, gradient, w, tiles, start, block.capacity, block.inputs, block.gradients, 1);
  else
    transform(input, gradient, w, tiles, start, block.capacity, block.inputs, block.gradients, 0);
}

void mrb_winograd_point_sums(mrb_winograd_block block, mrb_winograd w, size_t point, size_t count,
                             int adds, float *sums) {
  const size_t row = row_of(w.channels), panel_row = panel_row_of(w.output_channels);
  const float *inputs = block.inputs + point * step_of(block.capacity, row);
  const float *gradients = block.gradients + point * step_of(block.capacity, panel_row);
  const mrb_rows rows = {inputs, row, 1, w.channels, 0};
  mrb_multiply_transposed(rows, count, gradients, panel_row, w.output_channels, adds,
                          sums + point * row * up(w.output_channels, PANEL));
}

size_t mrb_winograd_sum_count(mrb_winograd w) {
  return POINTS * row_of(w.channels) * up(w.output_channels, PANEL);
}

MRB_KERNEL void mrb_winograd_weight_gradient(const float *restrict sums, mrb_winograd w,
                                             size_t panel, float *restrict gradient) {
  const size_t height = row_of(w.channels), outputs = w.output_channels;
  const size_t point_step = height * up(outputs, PANEL);
  for (size_t input = 0; input < w.channels; input++) {
    for (size_t half = 0; half < 2 && panel * PANEL + half * LANES < outputs; half++) {
      const float *source = sums + (panel * height + input) * PANEL + half * LANES;
      const size_t n = panel * PANEL + half * LANES;
      lanes part[3][SIDE], whole[3];
      UNROLL
      for (size_t j = 0; j < SIDE; j++) {
        lanes m[SIDE], column[3];
        UNROLL
        for (size_t i = 0; i < SIDE; i++) {
          memcpy(&m[i], source + (i * SIDE + j) * point_step, sizeof(lanes));
        }
        transform_weight_sums(m, column);
        UNROLL
        for (size_t i = 0; i < 3; i++) {
          part[i][j] = column[i];
        }
      }
      UNROLL
      for (size_t i = 0; i < 3; i++) {
        transform_weight_sums(part[i], whole);
        UNROLL
        for (size_t j = 0; j < 3; j++) {
          store(gradient + ((3 * i + j) * w.channels + input) * outputs + n, outputs - n,
                &whole[j]);
        }
      }
    }
  }
}
