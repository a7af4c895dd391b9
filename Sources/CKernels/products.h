#ifndef MARBLES_PRODUCTS_H
#define MARBLES_PRODUCTS_H

#include "CKernels.h"
#include "lanes.h"

// Matrix products whose right side lies in panels of sixteen columns: [panel][row][PANEL].

// GROUP: a multiple of the rows that any instruction set multiplies at once.
enum { PANEL = 16, GROUP = 24 };

// The rows of a left side. A row is `runs` runs of `run` elements, `run_step` elements apart; rows
// begin `step` elements apart. Elements are floats, or pairs of bfloat16 in the place of a float:
// then both sides of a product have pairs along the direction that is summed over.
typedef struct {
  const float *values;
  size_t step, runs, run, run_step;
  mrb_format format;
} mrb_rows;

// c = a·b, of floats, for row_count rows. a and c have room for a multiple of GROUP rows, whose
// contents do not matter; rows of c have whole panels.
void mrb_multiply(mrb_rows a, size_t row_count, const float *panels, size_t width, float *c,
                  size_t c_step);
// c = aᵀ·b, or c += aᵀ·b if `adds`, over row_count rows of both sides. Rows of b have whole panels;
// c is [panel][padded height][PANEL], where the height is the number of elements of a row of a.
void mrb_multiply_transposed(mrb_rows a, size_t row_count, const float *b, size_t b_step,
                             size_t width, int adds, float *c);
// A height rounded up to the rows that any instruction set multiplies at once.
static inline size_t padded_height(size_t height) { return up(up(height, 6), 8); }

#endif
