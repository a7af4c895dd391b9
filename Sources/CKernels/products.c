#include "products.h"
#include "bfloat16.h"

// Blocks of sums that fit into the registers: six rows by a panel of sixteen columns; with 32
// registers of 512 bits, eight rows by two panels.
enum { ROWS = 6, WIDE_ROWS = 8 };

// The addresses of the elements that become rows h, h + 1, ... of aᵀ: adjacent if there is one run;
// otherwise rows beyond the last repeat it.
INLINE void place_rows(mrb_rows a, size_t runs, size_t h, size_t count, const float **places) {
  UNROLL
  for (size_t i = 0; i < count; i++) {
    const size_t row = smaller(h + i, runs * a.run - 1);
    places[i] = a.values + (runs == 1 ? h + i : row / a.run * a.run_step + row % a.run);
  }
}

// sum += a·b for eight columns b of a panel, of floats or of pairs.
INLINE void add_product(const float *a, const lanes *b, int paired, lanes *sum) {
  if (paired) {
    uint32_t pair;
    memcpy(&pair, a, sizeof pair);
    add_pair_products(pair, b, sum);
  } else {
    *sum += *a * *b;
  }
}

// The first rows to meet a panel fetch the next one into the cache: with few rows, as for a single
// image, waiting for panels would take longer than multiplying.
INLINE void multiply(mrb_rows a, size_t runs, const float *restrict b, int fetches, int paired,
                     float *restrict c, size_t c_step) {
  const size_t next = PANEL * runs * a.run;
  lanes sum[ROWS][2] = {0};
  for (size_t run = 0; run < runs; run++, a.values += a.run_step) {
    for (size_t k = 0; k < a.run; k++, b += PANEL) {
      lanes panel[2];
      memcpy(panel, b, sizeof panel);
      if (fetches)
        __builtin_prefetch(b + next);
      UNROLL
      for (size_t i = 0; i < ROWS; i++) {
        add_product(a.values + i * a.step + k, &panel[0], paired, &sum[i][0]);
        add_product(a.values + i * a.step + k, &panel[1], paired, &sum[i][1]);
      }
    }
  }
  UNROLL
  for (size_t i = 0; i < ROWS; i++) {
    memcpy(c + i * c_step, sum[i], sizeof sum[i]);
  }
}

INLINE void multiply_transposed(mrb_rows a, size_t runs, size_t h, size_t row_count,
                                const float *restrict b, size_t b_step, int adds, int paired,
                                float *restrict c) {
  const float *places[ROWS];
  place_rows(a, runs, h, ROWS, places);
  lanes sum[ROWS][2] = {0};
  if (adds)
    memcpy(sum, c, sizeof sum);
  for (size_t k = 0, at = 0; k < row_count; k++, at += a.step, b += b_step) {
    lanes panel[2];
    memcpy(panel, b, sizeof panel);
    UNROLL
    for (size_t i = 0; i < ROWS; i++) {
      add_product(places[i] + at, &panel[0], paired, &sum[i][0]);
      add_product(places[i] + at, &panel[1], paired, &sum[i][1]);
    }
  }
  memcpy(c, sum, sizeof sum);
}

// One run is by far the most frequent case, so the compiler gets it as a constant; and so the
// window that most networks look at an image through, 3×3 over three channels, with short loops.
enum { IMAGE_RUNS = 3, IMAGE_RUN = 9 };
static int is_image_window(mrb_rows a) { return a.runs == IMAGE_RUNS && a.run == IMAGE_RUN; }

INLINE void multiply_panels(mrb_rows a, size_t row_count, const float *restrict panels,
                            size_t width, int paired, float *restrict c, size_t c_step) {
  for (size_t n = 0; n < width; n += PANEL, panels += PANEL * a.runs * a.run) {
    for (size_t r = 0; r < row_count; r += ROWS) {
      mrb_rows rows = a;
      rows.values += r * a.step;
      float *sums = c + r * c_step + n;
      if (a.runs == 1 && r == 0) {
        multiply(rows, 1, panels, 1, paired, sums, c_step);
      } else if (a.runs == 1) {
        multiply(rows, 1, panels, 0, paired, sums, c_step);
      } else if (is_image_window(a)) {
        rows.run = IMAGE_RUN;
        multiply(rows, IMAGE_RUNS, panels, 0, paired, sums, c_step);
      } else {
        multiply(rows, a.runs, panels, 0, paired, sums, c_step);
      }
    }
  }
}

MRB_KERNEL static void multiply_all(mrb_rows a, size_t row_count, const float *restrict panels,
                                    size_t width, float *restrict c, size_t c_step) {
  if (is_paired(a.format))
    multiply_panels(a, row_count, panels, width, 1, c, c_step);
  else
    multiply_panels(a, row_count, panels, width, 0, c, c_step);
}

INLINE void multiply_columns(mrb_rows a, size_t row_count, const float *restrict b, size_t b_step,
                             size_t width, int adds, int paired, float *restrict c) {
  const size_t height = a.runs * a.run;
  for (size_t n = 0; n < width; n += PANEL, c += padded_height(height) * PANEL) {
    for (size_t h = 0; h < height; h += ROWS) {
      float *sums = c + h * PANEL;
      if (a.runs == 1)
        multiply_transposed(a, 1, h, row_count, b + n, b_step, adds, paired, sums);
      else
        multiply_transposed(a, a.runs, h, row_count, b + n, b_step, adds, paired, sums);
    }
  }
}

MRB_KERNEL static void multiply_all_transposed(mrb_rows a, size_t row_count,
                                               const float *restrict b, size_t b_step, size_t width,
                                               int adds, float *restrict c) {
  if (is_paired(a.format))
    multiply_columns(a, row_count, b, b_step, width, adds, 1, c);
  else
    multiply_columns(a, row_count, b, b_step, width, adds, 0, c);
}

#ifdef MRB_WIDE
#define INLINE_WIDE MRB_WIDE_PART INLINE

typedef float wide_lanes __attribute__((vector_size(PANEL * sizeof(float))));
typedef uint32_t wide_words __attribute__((vector_size(PANEL * sizeof(uint32_t))));

// The same as add_product. An intrinsic would need a copy of all that follows for processors with
// bfloat16.
INLINE_WIDE void add_product_wide(const float *a, const wide_lanes *b, int paired,
                                  wide_lanes *sum) {
  if (paired) {
    uint32_t pair;
    memcpy(&pair, a, sizeof pair);
    const wide_words pairs = (wide_words){0} + pair;
    __asm__("vdpbf16ps %2, %1, %0" : "+v"(*sum) : "v"(pairs), "v"(*b));
  } else {
    *sum += *a * *b;
  }
}

// The same for `panels` panels at once, which are b_next elements apart.
INLINE_WIDE void multiply_wide(mrb_rows a, size_t runs, const float *restrict b, size_t b_next,
                               size_t panels, int fetches, int paired, float *restrict c,
                               size_t c_step) {
  wide_lanes sum[WIDE_ROWS][2] = {0};
  for (size_t run = 0; run < runs; run++, a.values += a.run_step) {
    for (size_t k = 0; k < a.run; k++, b += PANEL) {
      wide_lanes panel[2];
      UNROLL
      for (size_t p = 0; p < panels; p++) {
        memcpy(&panel[p], b + p * b_next, sizeof *panel);
        if (fetches)
          __builtin_prefetch(b + (panels + p) * b_next);
      }
      UNROLL
      for (size_t i = 0; i < WIDE_ROWS; i++) {
        UNROLL
        for (size_t p = 0; p < panels; p++) {
          add_product_wide(a.values + i * a.step + k, &panel[p], paired, &sum[i][p]);
        }
      }
    }
  }
  UNROLL
  for (size_t i = 0; i < WIDE_ROWS; i++) {
    memcpy(c + i * c_step, sum[i], panels * sizeof(wide_lanes));
  }
}

INLINE_WIDE void multiply_transposed_wide(mrb_rows a, size_t runs, size_t h, size_t row_count,
                                          const float *restrict b, size_t b_step, size_t panels,
                                          int adds, int paired, float *restrict c, size_t c_next) {
  const float *places[WIDE_ROWS];
  place_rows(a, runs, h, WIDE_ROWS, places);
  wide_lanes sum[2][WIDE_ROWS] = {0};
  if (adds) {
    UNROLL
    for (size_t p = 0; p < panels; p++) {
      memcpy(sum[p], c + p * c_next, sizeof sum[p]);
    }
  }
  for (size_t k = 0, at = 0; k < row_count; k++, at += a.step, b += b_step) {
    wide_lanes panel[2];
    memcpy(panel, b, panels * sizeof *panel);
    UNROLL
    for (size_t i = 0; i < WIDE_ROWS; i++) {
      UNROLL
      for (size_t p = 0; p < panels; p++) {
        add_product_wide(places[i] + at, &panel[p], paired, &sum[p][i]);
      }
    }
  }
  UNROLL
  for (size_t p = 0; p < panels; p++) {
    memcpy(c + p * c_next, sum[p], sizeof sum[p]);
  }
}

INLINE_WIDE void multiply_panels_wide(mrb_rows a, size_t row_count, const float *restrict panels,
                                      size_t width, int paired, float *restrict c, size_t c_step) {
  const size_t next = PANEL * a.runs * a.run;
  for (size_t n = 0; n < width; n += 2 * PANEL, panels += 2 * next) {
    for (size_t r = 0; r < row_count; r += WIDE_ROWS) {
      mrb_rows rows = a;
      rows.values += r * a.step;
      float *sums = c + r * c_step + n;
      if (n + PANEL >= width) {
        multiply_wide(rows, a.runs, panels, next, 1, 0, paired, sums, c_step);
      } else if (a.runs == 1 && r == 0) {
        multiply_wide(rows, 1, panels, next, 2, 1, paired, sums, c_step);
      } else if (a.runs == 1) {
        multiply_wide(rows, 1, panels, next, 2, 0, paired, sums, c_step);
      } else if (is_image_window(a)) {
        rows.run = IMAGE_RUN;
        multiply_wide(rows, IMAGE_RUNS, panels, next, 2, 0, paired, sums, c_step);
      } else {
        multiply_wide(rows, a.runs, panels, next, 2, 0, paired, sums, c_step);
      }
    }
  }
}

MRB_WIDE static void multiply_all_wide(mrb_rows a, size_t row_count, const float *restrict panels,
                                       size_t width, float *restrict c, size_t c_step) {
  if (is_paired(a.format))
    multiply_panels_wide(a, row_count, panels, width, 1, c, c_step);
  else
    multiply_panels_wide(a, row_count, panels, width, 0, c, c_step);
}

INLINE_WIDE void multiply_columns_wide(mrb_rows a, size_t row_count, const float *restrict b,
                                       size_t b_step, size_t width, int adds, int paired,
                                       float *restrict c) {
  const size_t height = a.runs * a.run, next = padded_height(height) * PANEL;
  for (size_t n = 0; n < width; n += 2 * PANEL, c += 2 * next) {
    const float *columns = b + n;
    for (size_t h = 0; h < height; h += WIDE_ROWS) {
      float *sums = c + h * PANEL;
      if (n + PANEL >= width)
        multiply_transposed_wide(a, a.runs, h, row_count, columns, b_step, 1, adds, paired, sums,
                                 next);
      else if (a.runs == 1)
        multiply_transposed_wide(a, 1, h, row_count, columns, b_step, 2, adds, paired, sums, next);
      else
        multiply_transposed_wide(a, a.runs, h, row_count, columns, b_step, 2, adds, paired, sums,
                                 next);
    }
  }
}

MRB_WIDE static void multiply_all_transposed_wide(mrb_rows a, size_t row_count,
                                                  const float *restrict b, size_t b_step,
                                                  size_t width, int adds, float *restrict c) {
  if (is_paired(a.format))
    multiply_columns_wide(a, row_count, b, b_step, width, adds, 1, c);
  else
    multiply_columns_wide(a, row_count, b, b_step, width, adds, 0, c);
}

static int multiplies_wide(mrb_format format) {
  return is_paired(format) ? mrb_has_pair_products(format) : mrb_has_wide_registers();
}
#endif

size_t mrb_rows_at_once(void) {
#ifdef MRB_WIDE
  if (mrb_has_wide_registers())
    return WIDE_ROWS;
#endif
  return ROWS;
}

void mrb_multiply(mrb_rows a, size_t row_count, const float *panels, size_t width, float *c,
                  size_t c_step) {
#ifdef MRB_WIDE
  if (multiplies_wide(a.format)) {
    multiply_all_wide(a, row_count, panels, width, c, c_step);
    return;
  }
#endif
  multiply_all(a, row_count, panels, width, c, c_step);
}

void mrb_multiply_transposed(mrb_rows a, size_t row_count, const float *b, size_t b_step,
                             size_t width, int adds, float *c) {
#ifdef MRB_WIDE
  if (multiplies_wide(a.format)) {
    multiply_all_transposed_wide(a, row_count, b, b_step, width, adds, c);
    return;
  }
#endif
  multiply_all_transposed(a, row_count, b, b_step, width, adds, c);
}
