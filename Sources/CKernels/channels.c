#include "CKernels.h"
#include "clones.h"
#include <string.h>

// Long sums are taken in float over short blocks and in double over the blocks: as fast as float,
// and exact enough for the statistics of a million pixels.
enum { BLOCK_ROWS = 64, BLOCK_CHANNELS = 256 };

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

MRB_KERNEL void mrb_add_to_rows(float *restrict rows, const float *restrict bias, size_t row_count,
                                size_t channels) {
  for (size_t r = 0; r < row_count; r++)
    for (size_t c = 0; c < channels; c++)
      rows[r * channels + c] += bias[c];
}

MRB_KERNEL void mrb_sum_rows(const float *restrict rows, size_t row_count, size_t channels,
                             float *restrict sums) {
  for (size_t c0 = 0; c0 < channels; c0 += BLOCK_CHANNELS) {
    size_t n = smaller(channels - c0, BLOCK_CHANNELS);
    double total[BLOCK_CHANNELS] = {0};
    for (size_t r0 = 0; r0 < row_count; r0 += BLOCK_ROWS) {
      float part[BLOCK_CHANNELS] = {0};
      size_t last = smaller(row_count, r0 + BLOCK_ROWS);
      for (size_t r = r0; r < last; r++)
        for (size_t c = 0; c < n; c++)
          part[c] += rows[r * channels + c0 + c];
      for (size_t c = 0; c < n; c++)
        total[c] += part[c];
    }
    for (size_t c = 0; c < n; c++)
      sums[c0 + c] = (float)total[c];
  }
}

MRB_KERNEL void mrb_moments(const float *restrict rows, const float *restrict pivot,
                            size_t row_count, size_t channels, double *restrict sums,
                            double *restrict squares) {
  for (size_t c0 = 0; c0 < channels; c0 += BLOCK_CHANNELS) {
    size_t n = smaller(channels - c0, BLOCK_CHANNELS);
    for (size_t c = c0; c < c0 + n; c++)
      sums[c] = squares[c] = 0;
    for (size_t r0 = 0; r0 < row_count; r0 += BLOCK_ROWS) {
      float sum[BLOCK_CHANNELS] = {0}, square[BLOCK_CHANNELS] = {0};
      size_t last = smaller(row_count, r0 + BLOCK_ROWS);
      for (size_t r = r0; r < last; r++) {
        for (size_t c = 0; c < n; c++) {
          float x = rows[r * channels + c0 + c] - pivot[c0 + c];
          sum[c] += x;
          square[c] += x * x;
        }
      }
      for (size_t c = 0; c < n; c++) {
        sums[c0 + c] += sum[c];
        squares[c0 + c] += square[c];
      }
    }
  }
}

MRB_KERNEL void mrb_scale_and_shift(const float *restrict rows, const float *restrict scale,
                                    const float *restrict shift, size_t row_count, size_t channels,
                                    float *restrict output) {
  for (size_t r = 0; r < row_count; r++)
    for (size_t c = 0; c < channels; c++)
      output[r * channels + c] = rows[r * channels + c] * scale[c] + shift[c];
}

MRB_KERNEL void mrb_normalization_sums(const float *restrict gradient, const float *restrict rows,
                                       const float *restrict mean,
                                       const float *restrict inverse_deviation, size_t row_count,
                                       size_t channels, double *restrict sums,
                                       double *restrict products) {
  for (size_t c0 = 0; c0 < channels; c0 += BLOCK_CHANNELS) {
    size_t n = smaller(channels - c0, BLOCK_CHANNELS);
    for (size_t c = c0; c < c0 + n; c++)
      sums[c] = products[c] = 0;
    for (size_t r0 = 0; r0 < row_count; r0 += BLOCK_ROWS) {
      float sum[BLOCK_CHANNELS] = {0}, product[BLOCK_CHANNELS] = {0};
      size_t last = smaller(row_count, r0 + BLOCK_ROWS);
      for (size_t r = r0; r < last; r++) {
        for (size_t c = 0; c < n; c++) {
          float g = gradient[r * channels + c0 + c];
          float x = rows[r * channels + c0 + c] - mean[c0 + c];
          sum[c] += g;
          product[c] += g * x * inverse_deviation[c0 + c];
        }
      }
      for (size_t c = 0; c < n; c++) {
        sums[c0 + c] += sum[c];
        products[c0 + c] += product[c];
      }
    }
  }
}

MRB_KERNEL void mrb_combine_channels(const float *restrict gradient, const float *restrict rows,
                                     const float *restrict a, const float *restrict b,
                                     const float *restrict c, size_t row_count, size_t channels,
                                     float *restrict output) {
  for (size_t r = 0; r < row_count; r++)
    for (size_t k = 0; k < channels; k++)
      output[r * channels + k] =
          a[k] * gradient[r * channels + k] + b[k] * rows[r * channels + k] + c[k];
}

void mrb_copy_columns(const float *source, size_t source_stride, size_t row_count, size_t columns,
                      float *target, size_t target_stride) {
  for (size_t r = 0; r < row_count; r++)
    memcpy(target + r * target_stride, source + r * source_stride, columns * sizeof(float));
}

void mrb_transpose(const float *restrict input, size_t rows, size_t columns,
                   float *restrict output) {
  for (size_t c = 0; c < columns; c++)
    for (size_t r = 0; r < rows; r++)
      output[c * rows + r] = input[r * columns + c];
}
