#ifndef MARBLES_MULTIPLY_WIDE_H
#define MARBLES_MULTIPLY_WIDE_H

#include "clones.h"
#include "multiply.h"

// The products of multiply.h for registers of 512 bits, which are twice as many: eight rows by two
// panels of sixteen columns, or by one where no second is left.

#ifdef MRB_WIDE
enum { WIDE_ROWS = 8 };

typedef float wide_lanes __attribute__((vector_size(PANEL * sizeof(float))));

// Eight rows of a times panels that lie b_next apart: c = a·b.
INLINE void multiply_wide(const float *restrict a, size_t a_step, const float *restrict b,
                          size_t b_next, size_t panels, size_t depth, float *restrict c,
                          size_t c_step) {
  wide_lanes sum[WIDE_ROWS][2] = {0};
  for (size_t k = 0; k < depth; k++, b += PANEL) {
    wide_lanes panel[2];
    UNROLL
    for (size_t p = 0; p < panels; p++)
      memcpy(&panel[p], b + p * b_next, sizeof *panel);
    UNROLL
    for (size_t i = 0; i < WIDE_ROWS; i++)
      UNROLL
    for (size_t p = 0; p < panels; p++)
      sum[i][p] += a[i * a_step + k] * panel[p];
  }
  UNROLL
  for (size_t i = 0; i < WIDE_ROWS; i++)
    memcpy(c + i * c_step, sum[i], panels * sizeof(wide_lanes));
}

// Eight columns of a, transposed, times panels side by side, adds to c or overwrites it. In c the
// rows of a panel follow each other, and panels lie c_next apart.
INLINE void multiply_transposed_wide(const float *restrict a, size_t a_step,
                                     const float *restrict b, size_t b_step, size_t panels,
                                     size_t depth, int adds, float *restrict c, size_t c_next) {
  wide_lanes sum[2][WIDE_ROWS] = {0};
  if (adds) {
    UNROLL
    for (size_t p = 0; p < panels; p++)
      memcpy(sum[p], c + p * c_next, sizeof sum[p]);
  }
  for (size_t k = 0; k < depth; k++, a += a_step, b += b_step) {
    wide_lanes panel[2];
    memcpy(panel, b, panels * sizeof *panel);
    UNROLL
    for (size_t i = 0; i < WIDE_ROWS; i++)
      UNROLL
    for (size_t p = 0; p < panels; p++)
      sum[p][i] += a[i] * panel[p];
  }
  UNROLL
  for (size_t p = 0; p < panels; p++)
    memcpy(c + p * c_next, sum[p], sizeof sum[p]);
}
#endif

#endif
