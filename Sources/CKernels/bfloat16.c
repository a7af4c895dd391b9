#include "bfloat16.h"

#ifdef MRB_PAIRED
#include <immintrin.h>
#endif

// The upper halves of eight floats, rounded; the lower halves do not matter.
INLINE void round_lanes(const float *source, word_lanes *bits) {
  word_lanes value;
  memcpy(&value, source, sizeof value);
  const word_lanes magnitude = value & 0x7fffffff;
  const word_lanes is_nan = (word_lanes)(magnitude > 0x7f800000);
  const word_lanes is_normal = (word_lanes)(magnitude >= 0x00800000);
  const word_lanes rounded = value + 0x7fff + ((value >> 16) & 1);
  *bits = (is_nan & (value | 0x00400000)) | (~is_nan & rounded);
  *bits &= is_normal | 0x80000000;
}

MRB_KERNEL static void round_rows(const float *restrict values, size_t rows,
                                  uint16_t *restrict target, size_t step) {
  for (size_t row = 0; row < rows; row++) {
    word_lanes bits;
    round_lanes(values + row * LANES, &bits);
    for (size_t i = 0; i < LANES; i++) {
      target[row * step + i] = (uint16_t)(bits[i] >> 16);
    }
  }
}

MRB_KERNEL static void pair_rows(const float *restrict first, const float *restrict second,
                                 size_t rows, size_t width, float *restrict target, size_t step) {
  for (size_t row = 0; row < rows; row++, first += width, second += width) {
    for (size_t i = 0; i < width; i += LANES) {
      word_lanes low, high;
      round_lanes(first + i, &low);
      round_lanes(second + i, &high);
      const word_lanes pairs = (low >> 16) | (high & 0xffff0000);
      memcpy(target + row * step + i, &pairs, sizeof pairs);
    }
  }
}

#ifdef MRB_PAIRED
MRB_PAIRED static void round_rows_fast(const float *restrict values, size_t rows,
                                       uint16_t *restrict target, size_t step) {
  for (size_t row = 0; row < rows; row++) {
    const __m128bh halves = _mm256_cvtneps_pbh(_mm256_loadu_ps(values + row * LANES));
    memcpy(target + row * step, &halves, sizeof halves);
  }
}

MRB_PAIRED static void pair_rows_fast(const float *restrict first, const float *restrict second,
                                      size_t rows, size_t width, float *restrict target,
                                      size_t step) {
  const __m256i places = _mm256_setr_epi16(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  for (size_t row = 0; row < rows; row++, first += width, second += width) {
    for (size_t i = 0; i < width; i += LANES) {
      const __m256bh both =
          _mm256_cvtne2ps_pbh(_mm256_loadu_ps(second + i), _mm256_loadu_ps(first + i));
      const __m256i pairs = _mm256_permutexvar_epi16(places, (__m256i)both);
      memcpy(target + row * step + i, &pairs, sizeof pairs);
    }
  }
}
#endif

int mrb_multiplies_bfloat16(void) { return mrb_has_pair_products(MRB_BFLOAT16); }

void mrb_round_rows(const float *values, size_t rows, mrb_format format, uint16_t *target,
                    size_t step) {
#ifdef MRB_PAIRED
  if (mrb_has_pair_products(format)) {
    round_rows_fast(values, rows, target, step);
    return;
  }
#endif
  round_rows(values, rows, target, step);
}

void mrb_pair_rows(const float *first, const float *second, size_t rows, size_t width,
                   mrb_format format, float *target, size_t step) {
#ifdef MRB_PAIRED
  if (mrb_has_pair_products(format)) {
    pair_rows_fast(first, second, rows, width, target, step);
    return;
  }
#endif
  pair_rows(first, second, rows, width, target, step);
}
