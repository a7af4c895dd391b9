#ifndef MARBLES_POOLED_H
#define MARBLES_POOLED_H

#include "lanes.h"
#include <stdint.h>

// The largest of squares of 2 x 2 pixels, taken while the pixels are still in registers: a pooled
// map is a quarter of the whole one, which is never stored. A byte for each number says which of
// the four pixels it was, row by row, or that its gradient goes nowhere.

enum { NOWHERE = 4 };

typedef int32_t choices __attribute__((vector_size(LANES * sizeof(int32_t))));
typedef uint8_t choice_bytes __attribute__((vector_size(LANES)));

INLINE void blend(const choices *mask, const void *yes, void *no) {
  choices a, b;
  memcpy(&a, yes, sizeof a);
  memcpy(&b, no, sizeof b);
  b = (*mask & a) | (~*mask & b);
  memcpy(no, &b, sizeof b);
}

// The first largest of four, scaled, plus an offset; with `rectifies` nothing below zero.
INLINE void choose(const lanes four[4], const lanes *scale, const lanes *offset, int rectifies,
                   lanes *value, choices *chosen) {
  *value = four[0];
  *chosen = (choices){0};
  for (int32_t k = 1; k < 4; k++) {
    // A NaN wins, so that it is noticed at the end of the network.
    const choices mask = (four[k] > *value) | (four[k] != four[k]);
    const choices number = (choices){0} + k;
    blend(&mask, &four[k], value);
    blend(&mask, &number, chosen);
  }
  *value = *value * *scale + *offset;
  if (rectifies) {
    const choices mask = *value <= (lanes){0}, number = (choices){0} + NOWHERE;
    const lanes zero = {0};
    blend(&mask, &zero, value);
    blend(&mask, &number, chosen);
  }
}

INLINE void store_chosen(uint8_t *target, size_t count, const choices *chosen) {
  const choice_bytes bytes = __builtin_convertvector(*chosen, choice_bytes);
  if (count >= LANES)
    memcpy(target, &bytes, LANES);
  else
    memcpy(target, &bytes, count);
}

// What a pooled map has at one place: a number, and which pixel it belongs to.
INLINE void load_pooled(const float *values, const uint8_t *chosen, size_t count, lanes *value,
                        choices *which) {
  choice_bytes bytes = {0};
  if (count >= LANES)
    memcpy(&bytes, chosen, LANES);
  else
    memcpy(&bytes, chosen, count);
  *which = __builtin_convertvector(bytes, choices);
  load(values, count, value);
}

// The number where it belongs to pixel k of its square, else zero.
INLINE void unpool(const lanes *value, const choices *which, int32_t k, lanes *pixel) {
  const choices mask = *which == k;
  choices bits;
  memcpy(&bits, value, sizeof bits);
  bits &= mask;
  memcpy(pixel, &bits, sizeof bits);
}

#endif
