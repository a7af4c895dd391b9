#include "CKernels.h"
#include "clones.h"
#include "pooled.h"

// Batch normalization with max pooling: of each square of 2 x 2 pixels only the maximum is stored,
// per channel. The last row or column of an odd map is in no square.

enum { BLOCK_LANES = 32 };

// Offsets of the four pixels of a square from its first.
typedef struct {
  size_t offsets[4];
} corners;

INLINE corners corners_of(mrb_map_size s) {
  const size_t row = s.width * s.channels;
  return (corners){{0, s.channels, row, row + s.channels}};
}

// The index of the first pixel of a row of squares, counted through all images.
INLINE size_t first_pixel(mrb_map_size s, size_t row) {
  const size_t rows = s.height / 2;
  return (row / rows * s.height + row % rows * 2) * s.width * s.channels;
}

MRB_KERNEL void mrb_scale_and_pool(const float *restrict pixels, mrb_map_size s, mrb_range rows,
                                   mrb_channel_map map, float *restrict values,
                                   uint8_t *restrict arg_max) {
  const corners at = corners_of(s);
  const lanes one = (lanes){0} + 1, zero = {0};
  size_t place = rows.first * (s.width / 2) * s.channels;
  for (size_t row = rows.first; row < rows.first + rows.count; row++) {
    const float *square = pixels + first_pixel(s, row);
    for (size_t x = 0; x < s.width / 2; x++, square += 2 * s.channels, place += s.channels) {
      for (size_t c = 0; c < s.channels; c += LANES) {
        const size_t n = s.channels - c;
        lanes scale, shift, four[4], value;
        int_lanes which;
        load(map.scale + c, n, &scale);
        load(map.shift + c, n, &shift);
        for (size_t k = 0; k < 4; k++) {
          load(square + at.offsets[k] + c, n, &four[k]);
          four[k] = four[k] * scale + shift;
        }
        largest_of_square(four, &one, &zero, map.rectifies, &value, &which);
        store(values + place + c, n, &value);
        store_arg_max(arg_max + place + c, n, &which);
      }
    }
  }
}

MRB_KERNEL void mrb_pooled_normalization_sums(mrb_feature_map gradient,
                                              const float *restrict pixels, mrb_map_size s,
                                              mrb_range rows, mrb_statistics of,
                                              double *restrict sums, double *restrict products) {
  const corners at = corners_of(s);
  for (size_t c0 = 0; c0 < s.channels; c0 += BLOCK_LANES * LANES) {
    const size_t end = smaller(s.channels, c0 + BLOCK_LANES * LANES);
    for (size_t c = c0; c < end; c++) {
      sums[c] = products[c] = 0;
    }
    for (size_t row = rows.first; row < rows.first + rows.count; row++) {
      // Within a row, sums are float.
      float sum[BLOCK_LANES * LANES] = {0}, product[BLOCK_LANES * LANES] = {0};
      const float *square = pixels + first_pixel(s, row);
      size_t place = row * (s.width / 2) * s.channels;
      for (size_t x = 0; x < s.width / 2; x++, square += 2 * s.channels, place += s.channels) {
        for (size_t c = c0; c < end; c += LANES) {
          const size_t n = end - c;
          lanes value, middle, pixel, part, moved, added;
          int_lanes which;
          load_pooled(gradient.values + place + c, gradient.arg_max + place + c, n, &value, &which);
          load(of.mean + c, n, &middle);
          memcpy(&added, sum + (c - c0), sizeof added);
          memcpy(&moved, product + (c - c0), sizeof moved);
          for (int32_t k = 0; k < 4; k++) {
            load(square + at.offsets[k] + c, n, &pixel);
            unpool(&value, &which, k, &part);
            added += part;
            moved += part * (pixel - middle);
          }
          memcpy(sum + (c - c0), &added, sizeof added);
          memcpy(product + (c - c0), &moved, sizeof moved);
        }
      }
      for (size_t c = c0; c < end; c++) {
        sums[c] += sum[c - c0];
        products[c] += product[c - c0] * of.inverse_deviation[c];
      }
    }
  }
}

// The same for pixels in no square, whose gradient is zero.
INLINE void combine_rest(const float *pixels, size_t count, size_t channels,
                         const float *restrict b, const float *restrict c, float *output) {
  for (size_t p = 0; p < count; p++) {
#pragma clang loop vectorize(assume_safety)
    for (size_t k = 0; k < channels; k++) {
      output[p * channels + k] = b[k] * pixels[p * channels + k] + c[k];
    }
  }
}

// The output may be the pixels themselves: each element is read before it is written.
MRB_KERNEL void mrb_combine_pooled_channels(mrb_feature_map gradient, const float *pixels,
                                            mrb_map_size s, mrb_range rows, mrb_combination by,
                                            float *output) {
  const corners at = corners_of(s);
  const size_t row_size = s.width * s.channels, squares = s.width / 2;
  for (size_t row = rows.first; row < rows.first + rows.count; row++) {
    const size_t start = first_pixel(s, row);
    size_t place = row * squares * s.channels;
    for (size_t x = 0; x < squares; x++, place += s.channels) {
      const size_t square = start + 2 * x * s.channels;
      for (size_t i = 0; i < s.channels; i += LANES) {
        const size_t n = s.channels - i;
        lanes value, pixel, part, factor, slope, offset;
        int_lanes which;
        load_pooled(gradient.values + place + i, gradient.arg_max + place + i, n, &value, &which);
        load(by.a + i, n, &factor);
        load(by.b + i, n, &slope);
        load(by.c + i, n, &offset);
        for (int32_t k = 0; k < 4; k++) {
          const size_t p = square + at.offsets[k] + i;
          load(pixels + p, n, &pixel);
          unpool(&value, &which, k, &part);
          part = factor * part + slope * pixel + offset;
          store(output + p, n, &part);
        }
      }
    }
    for (size_t r = 0; r < 2 && s.width % 2; r++) {
      const size_t p = start + r * row_size + 2 * squares * s.channels;
      combine_rest(pixels + p, 1, s.channels, by.b, by.c, output + p);
    }
    if (s.height % 2 && row % (s.height / 2) == s.height / 2 - 1) {
      const size_t p = start + 2 * row_size;
      combine_rest(pixels + p, s.width, s.channels, by.b, by.c, output + p);
    }
  }
}
