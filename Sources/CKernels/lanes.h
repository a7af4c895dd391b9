#ifndef MARBLES_LANES_H
#define MARBLES_LANES_H

#include <stddef.h>
#include <string.h>

// Vectors of eight floats. Functions of them are inlined into the kernels of each instruction set;
// vectors are passed by address, because by value all callers would need the same instruction set.

enum { LANES = 8 };

#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
// `count` rounded up to a multiple of `step`.
static inline size_t up(size_t count, size_t step) { return (count + step - 1) / step * step; }

// Loads `count` elements, at most LANES; the others are zero.
INLINE void load(const float *source, size_t count, lanes *vector) {
  if (count >= LANES) {
    memcpy(vector, source, sizeof *vector);
  } else {
    *vector = (lanes){0};
    memcpy(vector, source, count * sizeof(float));
  }
}

// Stores the first `count` elements, at most LANES.
INLINE void store(float *target, size_t count, const lanes *vector) {
  if (count >= LANES)
    memcpy(target, vector, sizeof *vector);
  else
    memcpy(target, vector, count * sizeof(float));
}

#endif
