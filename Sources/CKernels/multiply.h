#ifndef MARBLES_MULTIPLY_H
#define MARBLES_MULTIPLY_H

#include <stddef.h>
#include <string.h>

// Small matrix products that stay in registers: six rows by a panel of sixteen columns. They are
// inlined into kernels of each instruction set. Vectors are passed by address: by value they would
// need one instruction set for all callers.

enum { LANES = 8, PANEL = 16, ROWS = 6 };

#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t up(size_t count, size_t step) { return (count + step - 1) / step * step; }

INLINE void load(const float *source, size_t count, lanes *vector) {
  if (count >= LANES) {
    memcpy(vector, source, sizeof *vector);
  } else {
    *vector = (lanes){0};
    memcpy(vector, source, count * sizeof(float));
  }
}

INLINE void store(float *target, size_t count, const lanes *vector) {
  if (count >= LANES)
    memcpy(target, vector, sizeof *vector);
  else
    memcpy(target, vector, count * sizeof(float));
}

// Six rows of a times a panel: c = a·b.
INLINE void multiply(const float *restrict a, size_t a_step, const float *restrict b, size_t depth,
                     float *restrict c, size_t c_step) {
  lanes sum[ROWS][2] = {0};
  for (size_t k = 0; k < depth; k++, b += PANEL) {
    lanes low, high;
    memcpy(&low, b, sizeof low);
    memcpy(&high, b + LANES, sizeof high);
    UNROLL
    for (size_t i = 0; i < ROWS; i++) {
      const float factor = a[i * a_step + k];
      sum[i][0] += factor * low;
      sum[i][1] += factor * high;
    }
  }
  UNROLL
  for (size_t i = 0; i < ROWS; i++)
    memcpy(c + i * c_step, sum[i], sizeof sum[i]);
}

// Six columns of a, transposed, times a panel: c = aᵀ·b, or c += aᵀ·b.
INLINE void multiply_transposed(const float *restrict a, size_t a_step, const float *restrict b,
                                size_t b_step, size_t depth, int adds, float *restrict c,
                                size_t c_step) {
  lanes sum[ROWS][2] = {0};
  if (adds) {
    UNROLL
    for (size_t i = 0; i < ROWS; i++)
      memcpy(sum[i], c + i * c_step, sizeof sum[i]);
  }
  for (size_t k = 0; k < depth; k++, a += a_step, b += b_step) {
    lanes low, high;
    memcpy(&low, b, sizeof low);
    memcpy(&high, b + LANES, sizeof high);
    UNROLL
    for (size_t i = 0; i < ROWS; i++) {
      sum[i][0] += a[i] * low;
      sum[i][1] += a[i] * high;
    }
  }
  UNROLL
  for (size_t i = 0; i < ROWS; i++)
    memcpy(c + i * c_step, sum[i], sizeof sum[i]);
}

#endif
