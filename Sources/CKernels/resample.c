#include "CKernels.h"
#include "clones.h"
#include <string.h>

// Weighted sums in fixed point. Samples are multiplied by 256 and weights by 65536, so that the
// upper half of their 32-bit product is the product times 256: sixteen at a time with AVX2. Each
// product is rounded down, by half a unit on average, which the final rounding adds back.
enum { LANES = 16 };
typedef uint8_t bytes16 __attribute__((vector_size(LANES)));
typedef uint16_t sums16 __attribute__((vector_size(LANES * 2)));
typedef uint32_t wide16 __attribute__((vector_size(LANES * 4)));

// Vectors are passed by address: by value they would need one instruction set for all callers.
static inline void add_weighted(sums16 *sums, const void *samples, uint16_t weight) {
  bytes16 bytes;
  memcpy(&bytes, samples, sizeof bytes);
  sums16 scaled = __builtin_convertvector(bytes, sums16) << 8;
  sums16 weights = (sums16){0} + weight;
  wide16 product =
      __builtin_convertvector(scaled, wide16) * __builtin_convertvector(weights, wide16);
  *sums += __builtin_convertvector(product >> 16, sums16);
}

// At most 255, so that nothing overflows; sums of more than 254 taps are slightly too small.
static inline uint16_t rounding(size_t taps) {
  return (uint16_t)(128 + (taps < 254 ? taps / 2 : 127));
}

static inline void write_rounded(uint8_t *output, const sums16 *sums, size_t taps) {
  bytes16 bytes = __builtin_convertvector((*sums + rounding(taps)) >> 8, bytes16);
  memcpy(output, &bytes, sizeof bytes);
}

static inline uint8_t weighted_one(const uint8_t *sample, size_t step, const uint16_t *factors,
                                   size_t taps) {
  uint16_t sum = rounding(taps);
  for (size_t tap = 0; tap < taps; tap++) {
    sum += (uint16_t)((uint32_t)sample[tap * step] * 256 * factors[tap] >> 16);
  }
  return (uint8_t)(sum >> 8);
}

MRB_KERNEL void mrb_resize_vertically(const uint8_t *restrict source, size_t stride,
                                      size_t row_bytes, mrb_weights weights,
                                      uint8_t *restrict output) {
  for (size_t y = 0; y < weights.count; y++, output += row_bytes) {
    const uint16_t *factors = weights.values + y * weights.stride;
    const uint8_t *rows = source + (size_t)weights.starts[y] * stride;
    size_t taps = (size_t)weights.counts[y], x = 0;
    for (; x + LANES <= row_bytes; x += LANES) {
      sums16 sums = {0};
      for (size_t tap = 0; tap < taps; tap++) {
        add_weighted(&sums, rows + tap * stride + x, factors[tap]);
      }
      write_rounded(output + x, &sums, taps);
    }
    for (; x < row_bytes; x++) {
      output[x] = weighted_one(rows + x, stride, factors, taps);
    }
  }
}

// Resizes a pixel of four rows at once: a vector holds four bytes of each, the fourth of which is
// not stored.
static inline void resize_four_rows(const uint8_t *first, size_t row_bytes, const uint16_t *factors,
                                    size_t taps, uint8_t *target, size_t target_stride) {
  sums16 sums = {0};
  for (size_t tap = 0; tap < taps; tap++) {
    uint32_t pixels[4];
    for (size_t i = 0; i < 4; i++) {
      memcpy(&pixels[i], first + i * row_bytes + tap * 3, sizeof pixels[i]);
    }
    add_weighted(&sums, pixels, factors[tap]);
  }
  uint8_t result[LANES];
  write_rounded(result, &sums, taps);
  for (int i = 0; i < 4; i++) {
    for (int channel = 0; channel < 3; channel++) {
      target[(size_t)i * target_stride + (size_t)channel] = result[4 * i + channel];
    }
  }
}

MRB_KERNEL void mrb_resize_horizontally(const uint8_t *restrict source, size_t width,
                                        size_t row_count, size_t offset, mrb_weights weights,
                                        uint8_t *restrict output) {
  const size_t row_bytes = width * 3, target_bytes = weights.count * 3;
  for (size_t x = 0; x < weights.count; x++) {
    const size_t start = (size_t)weights.starts[x] - offset, taps = (size_t)weights.counts[x];
    const uint16_t *factors = weights.values + x * weights.stride;
    // Four bytes are read per pixel, which the last pixel of the image does not have.
    const size_t readable = start + taps < width ? row_count : row_count - 1;
    size_t row = 0;
    for (; row + 4 <= readable; row += 4) {
      resize_four_rows(source + row * row_bytes + start * 3, row_bytes, factors, taps,
                       output + row * target_bytes + x * 3, target_bytes);
    }
    for (; row < row_count; row++) {
      for (size_t channel = 0; channel < 3; channel++) {
        output[row * target_bytes + x * 3 + channel] =
            weighted_one(source + row * row_bytes + start * 3 + channel, 3, factors, taps);
      }
    }
  }
}
