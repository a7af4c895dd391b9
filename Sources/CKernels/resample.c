#include "CKernels.h"
#include "clones.h"
#include <string.h>

typedef int32_t sums4 __attribute__((vector_size(16)));
typedef uint8_t bytes4 __attribute__((vector_size(4)));

enum { PRECISION = 22, HALF = 1 << (PRECISION - 1) };

static inline uint8_t clipped(int32_t sum) {
  int32_t value = sum >> PRECISION;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

MRB_KERNEL void mrb_narrow_rows(const uint8_t *restrict source, size_t width, size_t row_count,
                                mrb_weights weights, uint8_t *restrict output) {
  for (size_t row = 0; row < row_count; row++, source += width * 3)
    for (size_t x = 0; x < weights.count; x++, output += 3) {
      const int32_t *factors = weights.values + x * weights.stride;
      size_t first = (size_t)weights.starts[x], taps = (size_t)weights.counts[x];
      const uint8_t *place = source + first * 3;
      // Four bytes are read for three, so the last pixel of all is read by bytes.
      size_t wide = row + 1 == row_count && first + taps == width && taps > 0 ? taps - 1 : taps;
      sums4 sums = {HALF, HALF, HALF, 0};
      for (size_t tap = 0; tap < wide; tap++, place += 3) {
        bytes4 pixel;
        memcpy(&pixel, place, sizeof pixel);
        sums += __builtin_convertvector(pixel, sums4) * factors[tap];
      }
      if (wide < taps)
        sums += (sums4){place[0], place[1], place[2], 0} * factors[wide];
      for (int channel = 0; channel < 3; channel++)
        output[channel] = clipped(sums[channel]);
    }
}

MRB_KERNEL void mrb_lower_rows(const uint8_t *restrict source, size_t row_bytes, intptr_t offset,
                               mrb_weights weights, uint8_t *restrict output) {
  enum { RUN = 64 }; // sums that stay in registers or close by
  for (size_t y = 0; y < weights.count; y++, output += row_bytes) {
    const int32_t *factors = weights.values + y * weights.stride;
    const uint8_t *rows = source + (size_t)(weights.starts[y] - offset) * row_bytes;
    for (size_t first = 0; first < row_bytes; first += RUN) {
      size_t count = row_bytes - first < RUN ? row_bytes - first : RUN;
      int32_t sums[RUN];
      for (size_t x = 0; x < RUN; x++)
        sums[x] = HALF;
      for (intptr_t tap = 0; tap < weights.counts[y]; tap++) {
        const uint8_t *row = rows + (size_t)tap * row_bytes + first;
        for (size_t x = 0; x < count; x++)
          sums[x] += row[x] * factors[tap];
      }
      for (size_t x = 0; x < count; x++)
        output[first + x] = clipped(sums[x]);
    }
  }
}
