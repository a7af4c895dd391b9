#include "CKernels.h"
#include "clones.h"
#include "pooled.h"

// Batch normalization whose map is pooled at once: for squares of 2 x 2 pixels of each channel only
// the largest is stored. Last rows and columns of odd maps belong to no square.

enum { BLOCK_LANES = 32 };

// The four pixels of a square, by where they lie from the first.
typedef struct {
  size_t offsets[4];
} corners;

INLINE corners corners_of(mrb_map_size s) {
  const size_t row = s.width * s.channels;
  return (corners){{0, s.channels, row, row + s.channels}};
}

// Where the first pixel of a row of squares lies; rows of squares are counted through all images.
INLINE size_t first_pixel(mrb_map_size s, size_t row) {
  const size_t rows = s.height / 2;
  return (row / rows * s.height + row % rows * 2) * s.width * s.channels;
}

MRB_KERNEL void mrb_scale_and_pool(const float *restrict pixels, mrb_map_size s, size_t first,
                                   size_t count, mrb_channel_map map, float *restrict values,
                                   uint8_t *restrict chosen) {
  const corners at = corners_of(s);
  const lanes one = (lanes){0} + 1, zero = {0};
  size_t place = first * (s.width / 2) * s.channels;
  for (size_t row = first; row < first + count; row++) {
    const float *square = pixels + first_pixel(s, row);
    for (size_t x = 0; x < s.width / 2; x++, square += 2 * s.channels, place += s.channels)
      for (size_t c = 0; c < s.channels; c += LANES) {
        const size_t n = s.channels - c;
        lanes scale, shift, four[4], value;
        choices which;
        load(map.scale + c, n, &scale);
        load(map.shift + c, n, &shift);
        for (size_t k = 0; k < 4; k++) {
          load(square + at.offsets[k] + c, n, &four[k]);
          four[k] = four[k] * scale + shift;
        }
        choose(four, &one, &zero, map.rectifies, &value, &which);
        store(values + place + c, n, &value);
        store_chosen(chosen + place + c, n, &which);
      }
  }
}

MRB_KERNEL void mrb_pooled_normalization_sums(mrb_feature_map gradient,
                                              const float *restrict pixels, mrb_map_size s,
                                              size_t first, size_t count,
                                              const float *restrict mean,
                                              const float *restrict inverse_deviation,
                                              double *restrict sums, double *restrict products) {
  const corners at = corners_of(s);
  for (size_t c0 = 0; c0 < s.channels; c0 += BLOCK_LANES * LANES) {
    const size_t end = smaller(s.channels, c0 + BLOCK_LANES * LANES);
    for (size_t c = c0; c < end; c++)
      sums[c] = products[c] = 0;
    for (size_t row = first; row < first + count; row++) {
      // As long as a row the sums are taken in float.
      float sum[BLOCK_LANES * LANES] = {0}, product[BLOCK_LANES * LANES] = {0};
      const float *square = pixels + first_pixel(s, row);
      size_t place = row * (s.width / 2) * s.channels;
      for (size_t x = 0; x < s.width / 2; x++, square += 2 * s.channels, place += s.channels)
        for (size_t c = c0; c < end; c += LANES) {
          const size_t n = end - c;
          lanes value, middle, pixel, part, moved, added;
          choices which;
          load_pooled(gradient.values + place + c, gradient.chosen + place + c, n, &value, &which);
          load(mean + c, n, &middle);
          memcpy(&added, sum + c - c0, sizeof added);
          memcpy(&moved, product + c - c0, sizeof moved);
          for (int32_t k = 0; k < 4; k++) {
            load(square + at.offsets[k] + c, n, &pixel);
            unpool(&value, &which, k, &part);
            added += part;
            moved += part * (pixel - middle);
          }
          memcpy(sum + c - c0, &added, sizeof added);
          memcpy(product + c - c0, &moved, sizeof moved);
        }
      for (size_t c = c0; c < end; c++) {
        sums[c] += sum[c - c0];
        products[c] += product[c - c0] * inverse_deviation[c];
      }
    }
  }
}

// Pixels without a gradient.
INLINE void combine_rest(const float *restrict pixels, size_t count, size_t channels,
                         const float *restrict b, const float *restrict c, float *restrict output) {
  for (size_t p = 0; p < count; p++)
    for (size_t k = 0; k < channels; k++)
      output[p * channels + k] = b[k] * pixels[p * channels + k] + c[k];
}

MRB_KERNEL void mrb_combine_pooled_channels(mrb_feature_map gradient, const float *restrict pixels,
                                            mrb_map_size s, size_t first, size_t count,
                                            const float *restrict a, const float *restrict b,
                                            const float *restrict c, float *restrict output) {
  const corners at = corners_of(s);
  const size_t row_size = s.width * s.channels, squares = s.width / 2;
  for (size_t row = first; row < first + count; row++) {
    const size_t start = first_pixel(s, row);
    size_t place = row * squares * s.channels;
    for (size_t x = 0; x < squares; x++, place += s.channels) {
      const size_t square = start + 2 * x * s.channels;
      for (size_t i = 0; i < s.channels; i += LANES) {
        const size_t n = s.channels - i;
        lanes value, pixel, part, factor, slope, offset;
        choices which;
        load_pooled(gradient.values + place + i, gradient.chosen + place + i, n, &value, &which);
        load(a + i, n, &factor);
        load(b + i, n, &slope);
        load(c + i, n, &offset);
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
      combine_rest(pixels + p, 1, s.channels, b, c, output + p);
    }
    if (s.height % 2 && row % (s.height / 2) == s.height / 2 - 1) {
      const size_t p = start + 2 * row_size;
      combine_rest(pixels + p, s.width, s.channels, b, c, output + p);
    }
  }
}
