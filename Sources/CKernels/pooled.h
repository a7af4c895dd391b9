#ifndef MARBLES_POOLED_H
#define MARBLES_POOLED_H

#include "lanes.h"
#include <stdint.h>

// Maximum pooling of squares of 2 x 2 pixels while they are in registers: the whole map, four times
// as large, is never stored. For each value a byte, its arg-max index, says which of the four
// pixels it was, row by row, or that no pixel gets its gradient.

enum { NOWHERE = 4 };

typedef int32_t int_lanes __attribute__((vector_size(LANES * sizeof(int32_t))));
typedef uint8_t byte_lanes __attribute__((vector_size(LANES)));

// Overwrites the elements of `no` with those of `yes` where the mask is set.
INLINE void blend(const int_lanes *mask, const void *yes, void *no) {
  int_lanes a, b;
  memcpy(&a, yes, sizeof a);
  memcpy(&b, no, sizeof b);
  b = (*mask & a) | (~*mask & b);
  memcpy(no, &b, sizeof b);
}

// The first maximum of four, times scale, plus offset, then max(0, ...) if `rectifies`.
INLINE void largest_of_square(const lanes four[4], const lanes *scale, const lanes *offset,
                              int rectifies, lanes *value, int_lanes *arg_max) {
  *value = four[0];
  *arg_max = (int_lanes){0};
  for (int32_t k = 1; k < 4; k++) {
    // NaN counts as the maximum, so that it reaches the end of the network.
    const int_lanes mask = (four[k] > *value) | (four[k] != four[k]);
    const int_lanes number = (int_lanes){0} + k;
    blend(&mask, &four[k], value);
    blend(&mask, &number, arg_max);
  }
  *value = *value * *scale + *offset;
  if (rectifies) {
    const int_lanes mask = *value <= (lanes){0}, number = (int_lanes){0} + NOWHERE;
    const lanes zero = {0};
    blend(&mask, &zero, value);
    blend(&mask, &number, arg_max);
  }
}

INLINE void store_arg_max(uint8_t *target, size_t count, const int_lanes *arg_max) {
  const byte_lanes bytes = __builtin_convertvector(*arg_max, byte_lanes);
  if (count >= LANES)
    memcpy(target, &bytes, LANES);
  else
    memcpy(target, &bytes, count);
}

// Loads values of a pooled map and their arg-max indices.
INLINE void load_pooled(const float *values, const uint8_t *arg_max, size_t count, lanes *value,
                        int_lanes *which) {
  byte_lanes bytes = {0};
  if (count >= LANES)
    memcpy(&bytes, arg_max, LANES);
  else
    memcpy(&bytes, arg_max, count);
  *which = __builtin_convertvector(bytes, int_lanes);
  load(values, count, value);
}

// The values that belong to pixel k of their square; zero for the others.
INLINE void unpool(const lanes *value, const int_lanes *which, int32_t k, lanes *pixel) {
  const int_lanes mask = *which == k;
  int_lanes bits;
  memcpy(&bits, value, sizeof bits);
  bits &= mask;
  memcpy(pixel, &bits, sizeof bits);
}

#endif
