#ifndef MARBLES_PRODUCTS_H
#define MARBLES_PRODUCTS_H

#include "lanes.h"

// Matrix products whose right side lies in panels of sixteen columns: [panel][row][PANEL].

// GROUP: a multiple of the rows that any instruction set multiplies at once.
enum { PANEL = 16, GROUP = 24 };

// Numbers of one row of a left side: `runs` pieces of `run` numbers, `run_step` apart; rows begin
// `step` apart.
typedef struct {
  const float *values;
  size_t step, runs, run, run_step;
} mrb_rows;

// c = a·b. Rows of a and of c are filled up to a GROUP, what is there does not matter; rows of c to
// whole panels.
void mrb_multiply(mrb_rows a, size_t row_count, const float *panels, size_t width, float *c,
                  size_t c_step);
// c = aᵀ·b, or c += aᵀ·b, for row_count rows of both sides. Rows of b are filled up to whole
// panels; c is [panel][padded height][PANEL], where the height is that of a column of numbers of a
// row of a.
void mrb_multiply_transposed(mrb_rows a, size_t row_count, const float *b, size_t b_step,
                             size_t width, int adds, float *c);
// Rows of aᵀ with room for those any instruction set multiplies at once.
static inline size_t padded_height(size_t height) { return up(up(height, 6), 8); }

#endif
