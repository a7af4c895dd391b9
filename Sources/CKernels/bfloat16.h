#ifndef MARBLES_BFLOAT16_H
#define MARBLES_BFLOAT16_H

#include "CKernels.h"
#include "clones.h"
#include "lanes.h"

// bfloat16 is the upper half of a float: 8 significant bits. Two of them lie in the place of one
// float, as a pair: the first in the lower half. Whatever copies or counts floats then copies and
// counts pairs.

typedef uint32_t word_lanes __attribute__((vector_size(LANES * sizeof(uint32_t))));

static inline int is_paired(mrb_format format) { return format != MRB_FLOAT32; }

// The places of floats that `count` elements take.
static inline size_t words_of(size_t count, mrb_format format) {
  return is_paired(format) ? (count + 1) / 2 : count;
}

// Whether products of pairs are the processor's own; otherwise they are made of other operations,
// with the same results.
static inline int mrb_has_pair_products(mrb_format format) {
#ifdef MRB_PAIRED
  return format == MRB_BFLOAT16 && mrb_has_wide_registers() && __builtin_cpu_supports("avx512bf16");
#else
  return 0;
#endif
}

// Rounds rows of eight floats, to the nearest and of two to the even one; denormal floats become
// zero, and NaN stays NaN. Rows of the result are `step` elements apart.
void mrb_round_rows(const float *values, size_t rows, mrb_format format, uint16_t *target,
                    size_t step);
// Rounds two arrays of rows, whose width is a multiple of eight, and stores them as pairs. Rows of
// the result are `step` pairs apart.
void mrb_pair_rows(const float *first, const float *second, size_t rows, size_t width,
                   mrb_format format, float *target, size_t step);

// sum += a·b for eight numbers, rounded once; what would be denormal becomes zero. Whether it would
// shows where numbers are larger, before they lose bits.
INLINE void add_product_flushed(const word_lanes *a, const word_lanes *b, lanes *sum) {
  lanes left, right;
  memcpy(&left, a, sizeof left);
  memcpy(&right, b, sizeof right);
  const lanes large = __builtin_elementwise_fma(left * 0x1p64f, right, *sum * 0x1p64f);
  const lanes magnitude = __builtin_elementwise_abs(large);
  const lanes value = __builtin_elementwise_fma(left, right, *sum);
  word_lanes bits;
  memcpy(&bits, &value, sizeof bits);
  bits &= ~(word_lanes)(magnitude < 0x1p-62f) | 0x80000000;
  memcpy(sum, &bits, sizeof bits);
}

// sum += a·b for a pair a and eight pairs b, as vdpbf16ps: first the products of the upper halves.
INLINE void add_pair_products(uint32_t a, const lanes *b, lanes *sum) {
  word_lanes pairs;
  memcpy(&pairs, b, sizeof pairs);
  const word_lanes upper[2] = {(word_lanes){0} + (a & 0xffff0000), pairs & 0xffff0000};
  const word_lanes lower[2] = {(word_lanes){0} + (a << 16), pairs << 16};
  add_product_flushed(&upper[0], &upper[1], sum);
  add_product_flushed(&lower[0], &lower[1], sum);
}

#endif
