#include "CKernels.h"
#include "clones.h"
#include "lanes.h"

// Long sums are float within short blocks and double over the blocks: as fast as float, and exact
// enough for the statistics of a million pixels.
enum { BLOCK_ROWS = 64, BLOCK_CHANNELS = 256 };

MRB_KERNEL void mrb_add_to_rows(float *restrict rows, const float *restrict bias, size_t row_count,
                                size_t channels) {
  for (size_t r = 0; r < row_count; r++) {
    for (size_t c = 0; c < channels; c++) {
      rows[r * channels + c] += bias[c];
    }
  }
}

INLINE void sum_rows(mrb_feature_map rows, size_t row_count, size_t channels, float *restrict sums,
                     int is_pooled) {
  for (size_t c0 = 0; c0 < channels; c0 += BLOCK_CHANNELS) {
    size_t n = smaller(channels - c0, BLOCK_CHANNELS);
    double total[BLOCK_CHANNELS] = {0};
    for (size_t r0 = 0; r0 < row_count; r0 += BLOCK_ROWS) {
      float part[BLOCK_CHANNELS] = {0};
      size_t last = smaller(row_count, r0 + BLOCK_ROWS);
      for (size_t r = r0; r < last; r++) {
        for (size_t c = 0; c < n; c++) {
          const size_t place = r * channels + c0 + c;
          part[c] += is_pooled && rows.arg_max[place] == 4 ? 0 : rows.values[place];
        }
      }
      for (size_t c = 0; c < n; c++) {
        total[c] += part[c];
      }
    }
    for (size_t c = 0; c < n; c++) {
      sums[c0 + c] = (float)total[c];
    }
  }
}

MRB_KERNEL void mrb_sum_rows(mrb_feature_map rows, size_t row_count, size_t channels,
                             float *restrict sums) {
  if (rows.arg_max)
    sum_rows(rows, row_count, channels, sums, 1);
  else
    sum_rows(rows, row_count, channels, sums, 0);
}

MRB_KERNEL void mrb_moments(const float *restrict rows, const float *restrict pivot,
                            size_t row_count, size_t channels, double *restrict sums,
                            double *restrict squares) {
  for (size_t c0 = 0; c0 < channels; c0 += BLOCK_CHANNELS) {
    size_t n = smaller(channels - c0, BLOCK_CHANNELS);
    for (size_t c = c0; c < c0 + n; c++) {
      sums[c] = squares[c] = 0;
    }
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

// One function, so that both passes find the same values above zero.
INLINE float mapped(float x, float scale, float shift) { return x * scale + shift; }

INLINE void scale_and_shift(const float *restrict rows, mrb_channel_map map, size_t row_count,
                            size_t channels, float *restrict output, int rectifies) {
  const float *restrict scale = map.scale, *restrict shift = map.shift;
  for (size_t r = 0; r < row_count; r++) {
    for (size_t c = 0; c < channels; c++) {
      const float y = mapped(rows[r * channels + c], scale[c], shift[c]);
      output[r * channels + c] = rectifies && y <= 0 ? 0 : y;
    }
  }
}

MRB_KERNEL void mrb_scale_and_shift(const float *restrict rows, mrb_channel_map map,
                                    size_t row_count, size_t channels, float *restrict output) {
  if (map.rectifies)
    scale_and_shift(rows, map, row_count, channels, output, 1);
  else
    scale_and_shift(rows, map, row_count, channels, output, 0);
}

// The gradient with respect to scale * x + shift.
INLINE float passed(float gradient, float x, float scale, float shift, int rectifies) {
  return rectifies && !(mapped(x, scale, shift) > 0) ? 0 : gradient;
}

INLINE void normalization_sums(const float *restrict gradient, const float *restrict rows,
                               mrb_channel_map map, const float *restrict mean,
                               const float *restrict inverse_deviation, size_t row_count,
                               size_t channels, double *restrict sums, double *restrict products,
                               int rectifies) {
  for (size_t c0 = 0; c0 < channels; c0 += BLOCK_CHANNELS) {
    const size_t n = smaller(channels - c0, BLOCK_CHANNELS);
    const float *restrict scale = map.scale + c0, *restrict shift = map.shift + c0;
    for (size_t c = c0; c < c0 + n; c++) {
      sums[c] = products[c] = 0;
    }
    for (size_t r0 = 0; r0 < row_count; r0 += BLOCK_ROWS) {
      float sum[BLOCK_CHANNELS] = {0}, product[BLOCK_CHANNELS] = {0};
      const size_t last = smaller(row_count, r0 + BLOCK_ROWS);
      for (size_t r = r0; r < last; r++) {
        const float *restrict g0 = gradient + r * channels + c0;
        const float *restrict x0 = rows + r * channels + c0;
        for (size_t c = 0; c < n; c++) {
          const float g = passed(g0[c], x0[c], scale[c], shift[c], rectifies);
          sum[c] += g;
          product[c] += g * (x0[c] - mean[c0 + c]);
        }
      }
      for (size_t c = 0; c < n; c++) {
        sums[c0 + c] += sum[c];
        products[c0 + c] += product[c] * inverse_deviation[c0 + c];
      }
    }
  }
}

MRB_KERNEL void mrb_normalization_sums(const float *restrict gradient, const float *restrict rows,
                                       mrb_channel_map map, mrb_statistics of, size_t row_count,
                                       size_t channels, double *restrict sums,
                                       double *restrict products) {
  if (map.rectifies)
    normalization_sums(gradient, rows, map, of.mean, of.inverse_deviation, row_count, channels,
                       sums, products, 1);
  else
    normalization_sums(gradient, rows, map, of.mean, of.inverse_deviation, row_count, channels,
                       sums, products, 0);
}

// The output may be the rows themselves: each element is read before it is written.
INLINE void combine_channels(const float *restrict gradient, const float *rows, mrb_channel_map map,
                             const float *restrict a, const float *restrict b,
                             const float *restrict c, size_t row_count, size_t channels,
                             float *output, int rectifies) {
  const float *restrict scale = map.scale, *restrict shift = map.shift;
  for (size_t r = 0; r < row_count; r++) {
#pragma clang loop vectorize(assume_safety)
    for (size_t k = 0; k < channels; k++) {
      const size_t place = r * channels + k;
      const float g = passed(gradient[place], rows[place], scale[k], shift[k], rectifies);
      output[place] = a[k] * g + b[k] * rows[place] + c[k];
    }
  }
}

MRB_KERNEL void mrb_combine_channels(const float *restrict gradient, const float *rows,
                                     mrb_channel_map map, mrb_combination by, size_t row_count,
                                     size_t channels, float *output) {
  if (map.rectifies)
    combine_channels(gradient, rows, map, by.a, by.b, by.c, row_count, channels, output, 1);
  else
    combine_channels(gradient, rows, map, by.a, by.b, by.c, row_count, channels, output, 0);
}

void mrb_copy_columns(const float *source, size_t source_stride, size_t row_count, size_t columns,
                      float *target, size_t target_stride) {
  for (size_t r = 0; r < row_count; r++) {
    memcpy(target + r * target_stride, source + r * source_stride, columns * sizeof(float));
  }
}

void mrb_transpose(const float *restrict input, size_t rows, size_t columns,
                   float *restrict output) {
  for (size_t c = 0; c < columns; c++) {
    for (size_t r = 0; r < rows; r++) {
      output[c * rows + r] = input[r * columns + c];
    }
  }
}
