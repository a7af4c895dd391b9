#include "clones.h"
#include "winograd.h"

// The gradient of the weights by F(3×3, 4×4): tiles of 6×6 inputs and 4×4 gradients, the same 36
// points. Sums over tiles are [point][panel][input][PANEL]: they are read and written in order, by
// products that take a few inputs at a time.

// The 6×4 matrix of F(3×3, 4×4) times four numbers: the gradient of a tile of outputs.
INLINE void transform_gradient(const lanes *g, size_t step, lanes *o, size_t out) {
  lanes even = g[0] + g[2 * step], odd = g[step] + g[3 * step];
  lanes far = g[0] + 4 * g[2 * step], wide = 2 * (g[step] + 4 * g[3 * step]);
  o[0] = 0.25f * g[0];
  o[out] = (-1 / 6.0f) * (even + odd);
  o[2 * out] = (-1 / 6.0f) * (even - odd);
  o[3 * out] = (1 / 24.0f) * (far + wide);
  o[4 * out] = (1 / 24.0f) * (far - wide);
  o[5 * out] = g[3 * step];
}

// Aᵀ of F(3×3, 4×4): six numbers to three.
INLINE void transform_weight_sums(const lanes *m, size_t step, lanes *o, size_t out) {
  lanes a = m[step] + m[2 * step], b = m[step] - m[2 * step];
  lanes c = m[3 * step] + m[4 * step], e = m[3 * step] - m[4 * step];
  o[0] = m[0] + a + c;
  o[out] = b + 2 * e;
  o[2 * out] = a + 4 * c + m[5 * step];
}

// A tile of 4×4 gradients, eight channels of it; zeros outside the map.
INLINE void read_gradient(mrb_feature_map map, mrb_winograd w, place at, size_t c,
                          lanes g[OUTPUTS][OUTPUTS]) {
  const size_t rows = w.output_height - (size_t)at.y, columns = w.output_width - (size_t)at.x;
  const float *corner =
      map.values +
      ((at.image * w.output_height + (size_t)at.y) * w.output_width + (size_t)at.x) *
          w.output_channels +
      c;
  UNROLL
  for (size_t i = 0; i < OUTPUTS; i++)
    UNROLL
  for (size_t j = 0; j < OUTPUTS; j++) {
    g[i][j] = (lanes){0};
    if (i < rows && j < columns)
      load(corner + (i * w.output_width + j) * w.output_channels, w.output_channels - c, &g[i][j]);
  }
}

// The same of a pooled map: four squares.
INLINE void read_pooled_gradient(mrb_feature_map map, mrb_winograd w, place at, size_t c,
                                 lanes g[OUTPUTS][OUTPUTS]) {
  const size_t height = w.output_height / 2, width = w.output_width / 2;
  const size_t top = (size_t)at.y / 2, left = (size_t)at.x / 2;
  UNROLL
  for (size_t i = 0; i < OUTPUTS / 2; i++)
    UNROLL
  for (size_t j = 0; j < OUTPUTS / 2; j++) {
    lanes value = {0};
    choices which = {0};
    if (top + i < height && left + j < width) {
      const size_t place =
          ((at.image * height + top + i) * width + left + j) * w.output_channels + c;
      load_pooled(map.values + place, map.chosen + place, w.output_channels - c, &value, &which);
    }
    UNROLL
    for (int32_t k = 0; k < 4; k++)
      unpool(&value, &which, k, &g[2 * i + (size_t)k / 2][2 * j + (size_t)k % 2]);
  }
}

INLINE void transform_gradient_tile(mrb_feature_map map, mrb_winograd w, place at, int is_pooled,
                                    float *target) {
  const size_t row = panel_row_of(w.output_channels);
  for (size_t c = 0; c < up(w.output_channels, PANEL); c += LANES) {
    lanes g[OUTPUTS][OUTPUTS] = {0}, half[OUTPUTS][SIDE];
    if (c < w.output_channels && is_pooled)
      read_pooled_gradient(map, w, at, c, g);
    else if (c < w.output_channels)
      read_gradient(map, w, at, c, g);
    UNROLL
    for (size_t i = 0; i < OUTPUTS; i++)
      transform_gradient(g[i], 1, half[i], 1);
    UNROLL
    for (size_t j = 0; j < SIDE; j++) {
      lanes column[OUTPUTS] = {half[0][j], half[1][j], half[2][j], half[3][j]}, whole[SIDE];
      transform_gradient(column, 1, whole, 1);
      UNROLL
      for (size_t i = 0; i < SIDE; i++)
        memcpy(target + (i * SIDE + j) * row + c, &whole[i], sizeof(lanes));
    }
  }
}

INLINE void add_up(const float *restrict input, mrb_feature_map gradient, mrb_winograd w,
                   size_t first, size_t count, int adds, float *restrict scratch,
                   float *restrict sums, int is_pooled) {
  const size_t row = row_of(w.channels), panel_row = panel_row_of(w.output_channels);
  const mrb_feature_map plain = {input, NULL};
  float *gradients = scratch + POINTS * count * row;
  for (size_t t = 0; t < count; t++) {
    const place at = place_of(w, first + t);
    transform_tile(plain, w, at, 0, scratch + t * POINTS * row);
    transform_gradient_tile(gradient, w, at, is_pooled, gradients + t * POINTS * panel_row);
  }
  for (size_t point = 0; point < POINTS; point++) {
    const mrb_rows tiles = {scratch + point * row, POINTS * row, 1, w.channels, 0};
    mrb_multiply_transposed(tiles, count, gradients + point * panel_row, POINTS * panel_row,
                            w.output_channels, adds,
                            sums + point * row * up(w.output_channels, PANEL));
  }
}

MRB_KERNEL void mrb_winograd_weight_sums(const float *restrict input, mrb_feature_map gradient,
                                         mrb_winograd w, size_t first, size_t count, int adds,
                                         float *restrict scratch, float *restrict sums) {
  if (gradient.chosen)
    add_up(input, gradient, w, first, count, adds, scratch, sums, 1);
  else
    add_up(input, gradient, w, first, count, adds, scratch, sums, 0);
}

size_t mrb_winograd_sum_count(size_t inputs, size_t outputs) {
  return POINTS * row_of(inputs) * up(outputs, PANEL);
}

MRB_KERNEL void mrb_winograd_weight_gradient(const float *restrict sums, size_t shard_count,
                                             size_t inputs, size_t outputs, size_t input,
                                             float *restrict gradient) {
  const size_t height = row_of(inputs), width = up(outputs, PANEL);
  const size_t point_step = height * width, shard_step = POINTS * point_step;
  for (size_t n = 0; n < outputs; n += LANES) {
    lanes m[SIDE][SIDE], half[3][SIDE], whole[3][3];
    for (size_t i = 0; i < SIDE; i++)
      for (size_t j = 0; j < SIDE; j++) {
        const float *source = sums + (i * SIDE + j) * point_step + n / PANEL * height * PANEL +
                              input * PANEL + n % PANEL;
        memcpy(&m[i][j], source, sizeof(lanes));
        for (size_t shard = 1; shard < shard_count; shard++) {
          lanes part;
          memcpy(&part, source + shard * shard_step, sizeof part);
          m[i][j] += part;
        }
      }
    for (size_t j = 0; j < SIDE; j++)
      transform_weight_sums(&m[0][j], SIDE, &half[0][j], SIDE);
    for (size_t i = 0; i < 3; i++)
      transform_weight_sums(half[i], 1, whole[i], 1);
    for (size_t t = 0; t < 9; t++)
      store(gradient + (t * inputs + input) * outputs + n, outputs - n, &whole[t / 3][t % 3]);
  }
}
