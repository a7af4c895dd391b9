#include "CKernels.h"
#include "clones.h"
#include "multiply.h"

// Convolutions of few channels without a column matrix: with zeros around the image, each row of
// the window is one run of floats, and the next position begins stride × channels farther on.

// Copies the rows of an image that output rows need, with zeros around them; returns their length.
static size_t pad(const float *image, mrb_window w, size_t first_row, size_t row_count,
                  float *padded) {
  const size_t columns = (w.output_width - 1) * w.stride + w.window_width;
  const size_t length = columns * w.channels;
  const size_t rows = (row_count - 1) * w.stride + w.window_height;
  const size_t kept = w.left + w.width < columns ? w.width : columns - w.left;
  for (size_t r = 0; r < rows; r++, padded += length) {
    const size_t y = first_row * w.stride + r;
    memset(padded, 0, length * sizeof(float));
    if (y >= w.top && y - w.top < w.height)
      memcpy(padded + w.left * w.channels, image + (y - w.top) * w.width * w.channels,
             kept * w.channels * sizeof(float));
  }
  return length;
}

void mrb_direct_weights(const float *weights, size_t depth, size_t outputs, float *panels) {
  for (size_t n = 0; n < outputs; n += PANEL)
    for (size_t k = 0; k < depth; k++, panels += PANEL)
      for (size_t o = 0; o < PANEL; o++)
        panels[o] = n + o < outputs ? weights[k * outputs + n + o] : 0;
}

// Six positions of a row, or fewer, by one panel of outputs.
INLINE void convolve(const float *const position[ROWS], mrb_window w, size_t length,
                     const float *restrict panel, lanes sum[ROWS][2]) {
  const size_t run = w.window_width * w.channels;
  for (size_t r = 0; r < w.window_height; r++)
    for (size_t k = 0; k < run; k++, panel += PANEL) {
      lanes low, high;
      memcpy(&low, panel, sizeof low);
      memcpy(&high, panel + LANES, sizeof high);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < ROWS; i++) {
        const float factor = position[i][r * length + k];
        sum[i][0] += factor * low;
        sum[i][1] += factor * high;
      }
    }
}

MRB_KERNEL void mrb_direct_forward(const float *restrict image, mrb_window w, size_t first_row,
                                   size_t row_count, const float *restrict panels,
                                   const float *restrict bias, size_t outputs,
                                   float *restrict scratch, float *restrict output) {
  const size_t length = pad(image, w, first_row, row_count, scratch);
  const size_t depth = w.window_height * w.window_width * w.channels;
  for (size_t y = 0; y < row_count; y++)
    for (size_t x = 0; x < w.output_width; x += ROWS) {
      const size_t count = smaller(ROWS, w.output_width - x);
      const float *position[ROWS];
      for (size_t i = 0; i < ROWS; i++)
        position[i] =
            scratch + y * w.stride * length + (x + smaller(i, count - 1)) * w.stride * w.channels;
      float *target = output + ((first_row + y) * w.output_width + x) * outputs;
      for (size_t n = 0; n < outputs; n += PANEL) {
        lanes sum[ROWS][2] = {0};
        convolve(position, w, length, panels + n * depth, sum);
        for (size_t half = 0; half < 2 && n + half * LANES < outputs; half++) {
          const size_t o = n + half * LANES;
          lanes offset = {0};
          if (bias)
            load(bias + o, outputs - o, &offset);
          for (size_t i = 0; i < count; i++) {
            lanes value = sum[i][half] + offset;
            store(target + i * outputs + o, outputs - o, &value);
          }
        }
      }
    }
}

size_t mrb_direct_sum_count(mrb_window w, size_t outputs) {
  return w.window_height * up(w.window_width * w.channels, ROWS) * up(outputs, PANEL);
}

MRB_KERNEL void mrb_direct_weight_sums(const float *restrict image, const float *restrict gradient,
                                       mrb_window w, size_t first_row, size_t row_count,
                                       size_t outputs, float *restrict scratch,
                                       float *restrict sums) {
  const size_t length = pad(image, w, first_row, row_count, scratch);
  const size_t rows = (row_count - 1) * w.stride + w.window_height;
  const size_t width = up(outputs, PANEL), run = up(w.window_width * w.channels, ROWS);
  // Six numbers are read where fewer are left of the last run.
  float *panels = scratch + rows * length + ROWS;
  for (size_t y = 0; y < row_count; y++) {
    const float *row = gradient + (first_row + y) * w.output_width * outputs;
    for (size_t n = 0; n < width; n += PANEL)
      for (size_t x = 0; x < w.output_width; x++)
        for (size_t half = 0; half < 2; half++) {
          const size_t o = n + half * LANES;
          lanes value = {0};
          if (o < outputs)
            load(row + x * outputs + o, outputs - o, &value);
          memcpy(panels + n * w.output_width + x * PANEL + half * LANES, &value, sizeof value);
        }
    for (size_t r = 0; r < w.window_height; r++)
      for (size_t k = 0; k < run; k += ROWS)
        for (size_t n = 0; n < width; n += PANEL)
          multiply_transposed(scratch + (y * w.stride + r) * length + k, w.stride * w.channels,
                              panels + n * w.output_width, w.output_width, 1,
                              sums + (r * run + k) * width + n, width);
  }
}

void mrb_direct_weight_gradient(const float *sums, size_t shard_count, mrb_window w, size_t outputs,
                                float *gradient) {
  const size_t run = w.window_width * w.channels, width = up(outputs, PANEL);
  const size_t shard_step = mrb_direct_sum_count(w, outputs);
  for (size_t r = 0; r < w.window_height; r++)
    for (size_t k = 0; k < run; k++)
      for (size_t o = 0; o < outputs; o++, gradient++) {
        *gradient = 0;
        for (size_t shard = 0; shard < shard_count; shard++)
          *gradient += sums[shard * shard_step + (r * up(run, ROWS) + k) * width + o];
      }
}
