#include "CKernels.h"
#include "clones.h"
#include "multiply.h"

// Winograd's F(4×4, 3×3): 36 products for 16 outputs instead of 144 (Lavin & Gray, 2015,
// arXiv:1509.09308), for stride 1. Tiles of 6×6 inputs and 4×4 outputs; 36 points of a transformed
// tile; for each point a matrix product over the channels, of tiles that were just transformed and
// are still in the cache.
//
// A block of transformed tiles is [point][tile][channel], transformed weights and gradients are
// [point][panel][depth or tile][PANEL], sums of weight gradients [point][input][output].

enum { SIDE = 6, POINTS = SIDE * SIDE, OUTPUTS = 4 };

size_t mrb_winograd_row(size_t channels) { return up(up(channels, ROWS), LANES); }
size_t mrb_winograd_panels(size_t channels) { return up(channels, PANEL); }

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

// Aᵀ of six numbers.
INLINE void transform_output(const lanes *m, size_t step, lanes *o) {
  lanes a = m[step] + m[2 * step], b = m[step] - m[2 * step];
  lanes c = m[3 * step] + m[4 * step], e = m[3 * step] - m[4 * step];
  o[0] = m[0] + a + c;
  o[1] = b + 2 * e;
  o[2] = a + 4 * c;
  o[3] = b + 8 * e + m[5 * step];
}

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

// Where a tile lies.
typedef struct {
  size_t image;
  ptrdiff_t y, x; // of its first output
} place;

static place place_of(mrb_winograd w, size_t tile) {
  size_t across = (w.output_width + OUTPUTS - 1) / OUTPUTS;
  size_t down = (w.output_height + OUTPUTS - 1) / OUTPUTS;
  size_t rest = tile % (across * down);
  return (place){tile / (across * down), (ptrdiff_t)(rest / across * OUTPUTS),
                 (ptrdiff_t)(rest % across * OUTPUTS)};
}

INLINE void transform_tile(const float *input, mrb_winograd w, place at, float *target,
                           size_t point_step) {
  const float *image = input + at.image * w.height * w.width * w.channels;
  const ptrdiff_t y = at.y - (ptrdiff_t)w.top, x = at.x - (ptrdiff_t)w.left;
  const int is_inside =
      y >= 0 && x >= 0 && y + SIDE <= (ptrdiff_t)w.height && x + SIDE <= (ptrdiff_t)w.width;
  for (size_t c = 0; c < w.channels; c += LANES) {
    const size_t count = w.channels - c;
    lanes d[SIDE][SIDE];
    if (is_inside && count >= LANES) {
      const float *corner = image + ((size_t)y * w.width + (size_t)x) * w.channels + c;
      for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++)
          memcpy(&d[i][j], corner + (i * w.width + j) * w.channels, sizeof(lanes));
    } else {
      for (ptrdiff_t i = 0; i < SIDE; i++)
        for (ptrdiff_t j = 0; j < SIDE; j++) {
          d[i][j] = (lanes){0};
          if (y + i >= 0 && y + i < (ptrdiff_t)w.height && x + j >= 0 && x + j < (ptrdiff_t)w.width)
            load(image + ((size_t)(y + i) * w.width + (size_t)(x + j)) * w.channels + c, count,
                 &d[i][j]);
        }
    }
    for (size_t i = 0; i < SIDE; i++)
      transform_input(&d[i][0], &d[i][1], &d[i][2], &d[i][3], &d[i][4], &d[i][5]);
    for (size_t j = 0; j < SIDE; j++) {
      transform_input(&d[0][j], &d[1][j], &d[2][j], &d[3][j], &d[4][j], &d[5][j]);
      for (size_t i = 0; i < SIDE; i++)
        memcpy(target + (i * SIDE + j) * point_step + c, &d[i][j], sizeof(lanes));
    }
  }
}

MRB_KERNEL void mrb_winograd_weights(const float *restrict weights, size_t inputs, size_t outputs,
                                     int is_backward, size_t panel, float *restrict transformed) {
  const size_t depth = is_backward ? outputs : inputs;
  const size_t width = is_backward ? inputs : outputs;
  const size_t first = panel * PANEL, count = smaller(PANEL, width - first);
  const size_t point_step = up(width, PANEL) * depth;
  for (size_t k = 0; k < depth; k++) {
    float g[9][PANEL] = {0};
    for (size_t t = 0; t < 9; t++)
      for (size_t n = 0; n < count; n++)
        g[t][n] = is_backward ? weights[((8 - t) * inputs + first + n) * outputs + k]
                              : weights[(t * inputs + k) * outputs + first + n];
    float rows[SIDE][3][PANEL];
    for (size_t j = 0; j < 3; j++)
      for (size_t n = 0; n < PANEL; n++) {
        float a = g[j][n], b = g[3 + j][n], c = g[6 + j][n];
        rows[0][j][n] = a / 4;
        rows[1][j][n] = -(a + b + c) / 6;
        rows[2][j][n] = -(a - b + c) / 6;
        rows[3][j][n] = (a + 2 * b + 4 * c) / 24;
        rows[4][j][n] = (a - 2 * b + 4 * c) / 24;
        rows[5][j][n] = c;
      }
    float *target = transformed + (panel * depth + k) * PANEL;
    for (size_t i = 0; i < SIDE; i++, target += SIDE * point_step)
      for (size_t n = 0; n < PANEL; n++) {
        float a = rows[i][0][n], b = rows[i][1][n], c = rows[i][2][n];
        target[n] = a / 4;
        target[point_step + n] = -(a + b + c) / 6;
        target[2 * point_step + n] = -(a - b + c) / 6;
        target[3 * point_step + n] = (a + 2 * b + 4 * c) / 24;
        target[4 * point_step + n] = (a - 2 * b + 4 * c) / 24;
        target[5 * point_step + n] = c;
      }
  }
}

INLINE void write_tile(const float *products, size_t point_step, mrb_winograd w, place at,
                       const float *bias, float *output) {
  float *image = output + at.image * w.output_height * w.output_width * w.output_channels;
  const size_t rows = smaller(OUTPUTS, w.output_height - (size_t)at.y);
  const size_t columns = smaller(OUTPUTS, w.output_width - (size_t)at.x);
  for (size_t c = 0; c < w.output_channels; c += LANES) {
    const size_t count = w.output_channels - c;
    lanes m[SIDE][SIDE], half[OUTPUTS][SIDE], whole[OUTPUTS], offset = {0};
    if (bias)
      load(bias + c, count, &offset);
    for (size_t i = 0; i < SIDE; i++)
      for (size_t j = 0; j < SIDE; j++)
        memcpy(&m[i][j], products + (i * SIDE + j) * point_step + c, sizeof(lanes));
    for (size_t j = 0; j < SIDE; j++) {
      lanes column[OUTPUTS];
      transform_output(&m[0][j], SIDE, column);
      for (size_t i = 0; i < OUTPUTS; i++)
        half[i][j] = column[i];
    }
    for (size_t i = 0; i < rows; i++) {
      transform_output(half[i], 1, whole);
      float *row = image + (((size_t)at.y + i) * w.output_width + (size_t)at.x) * w.output_channels;
      for (size_t j = 0; j < columns; j++) {
        lanes value = whole[j] + offset;
        store(row + j * w.output_channels + c, count, &value);
      }
    }
  }
}

MRB_KERNEL void mrb_winograd_forward(const float *restrict input, mrb_winograd w, size_t first,
                                     size_t count, const float *restrict weights,
                                     const float *restrict bias, float *restrict scratch,
                                     float *restrict output) {
  const size_t tiles = up(count, ROWS), row = mrb_winograd_row(w.channels);
  const size_t width = mrb_winograd_panels(w.output_channels), depth = w.channels;
  float *products = scratch + POINTS * tiles * row;
  for (size_t t = 0; t < count; t++)
    transform_tile(input, w, place_of(w, first + t), scratch + t * row, tiles * row);
  for (size_t point = 0; point < POINTS; point++)
    for (size_t n = 0; n < width; n += PANEL)
      for (size_t t = 0; t < tiles; t += ROWS)
        multiply(scratch + (point * tiles + t) * row, row, weights + (point * width + n) * depth,
                 depth, products + (point * tiles + t) * width + n, width);
  for (size_t t = 0; t < count; t++)
    write_tile(products + t * width, tiles * width, w, place_of(w, first + t), bias, output);
}

INLINE void transform_gradient_tile(const float *gradient, mrb_winograd w, place at, float *target,
                                    size_t tiles, size_t point_step) {
  const float *image = gradient + at.image * w.output_height * w.output_width * w.output_channels;
  const size_t rows = smaller(OUTPUTS, w.output_height - (size_t)at.y);
  const size_t columns = smaller(OUTPUTS, w.output_width - (size_t)at.x);
  for (size_t c = 0; c < mrb_winograd_panels(w.output_channels); c += LANES) {
    lanes g[OUTPUTS][OUTPUTS] = {0}, half[OUTPUTS][SIDE], whole[SIDE][SIDE];
    for (size_t i = 0; i < rows && c < w.output_channels; i++)
      for (size_t j = 0; j < columns; j++)
        load(image + (((size_t)at.y + i) * w.output_width + (size_t)at.x + j) * w.output_channels +
                 c,
             w.output_channels - c, &g[i][j]);
    for (size_t i = 0; i < OUTPUTS; i++)
      transform_gradient(g[i], 1, half[i], 1);
    for (size_t j = 0; j < SIDE; j++)
      transform_gradient(&half[0][j], SIDE, &whole[0][j], SIDE);
    float *place = target + c / PANEL * tiles * PANEL + c % PANEL;
    for (size_t i = 0; i < SIDE; i++)
      for (size_t j = 0; j < SIDE; j++)
        memcpy(place + (i * SIDE + j) * point_step, &whole[i][j], sizeof(lanes));
  }
}

MRB_KERNEL void mrb_winograd_weight_sums(const float *restrict input,
                                         const float *restrict gradient, mrb_winograd w,
                                         size_t first, size_t count, int adds,
                                         float *restrict scratch, float *restrict sums) {
  const size_t row = mrb_winograd_row(w.channels);
  const size_t height = up(w.channels, ROWS), width = mrb_winograd_panels(w.output_channels);
  float *gradients = scratch + POINTS * count * row;
  for (size_t t = 0; t < count; t++) {
    const place at = place_of(w, first + t);
    transform_tile(input, w, at, scratch + t * row, count * row);
    transform_gradient_tile(gradient, w, at, gradients + t * PANEL, count, count * width);
  }
  for (size_t point = 0; point < POINTS; point++)
    for (size_t n = 0; n < width; n += PANEL)
      for (size_t c = 0; c < height; c += ROWS)
        multiply_transposed(scratch + point * count * row + c, row,
                            gradients + (point * width + n) * count, count, adds,
                            sums + (point * height + c) * width + n, width);
}

size_t mrb_winograd_sum_count(size_t inputs, size_t outputs) {
  return POINTS * up(inputs, ROWS) * up(outputs, PANEL);
}

MRB_KERNEL void mrb_winograd_weight_gradient(const float *restrict sums, size_t shard_count,
                                             size_t inputs, size_t outputs, size_t input,
                                             float *restrict gradient) {
  const size_t height = up(inputs, ROWS), width = up(outputs, PANEL);
  const size_t point_step = height * width, shard_step = POINTS * point_step;
  for (size_t n = 0; n < outputs; n += LANES) {
    lanes m[SIDE][SIDE], half[3][SIDE], whole[3][3];
    for (size_t i = 0; i < SIDE; i++)
      for (size_t j = 0; j < SIDE; j++) {
        const float *source = sums + (i * SIDE + j) * point_step + input * width + n;
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
