#include "products.h"
#include "clones.h"

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

// The first rows to meet a panel fetch the next one into the cache: with few rows, as for a single
// image, waiting for panels would take longer than multiplying.
INLINE void multiply(mrb_rows a, size_t runs, const float *restrict b, int fetches,
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
        const float factor = a.values[i * a.step + k];
        sum[i][0] += factor * panel[0];
        sum[i][1] += factor * panel[1];
      }
    }
  }
  UNROLL
  for (size_t i = 0; i < ROWS; i++) {
    memcpy(c + i * c_step, sum[i], sizeof sum[i]);
  }
}

INLINE void multiply_transposed(mrb_rows a, size_t runs, size_t h, size_t row_count,
                                const float *restrict b, size_t b_step, int adds,
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
      const float factor = places[i][at];
      sum[i][0] += factor * panel[0];
      sum[i][1] += factor * panel[1];
    }
  }
  memcpy(c, sum, sizeof sum);
}

// One run is by far the most frequent case, so the compiler gets it as a constant; and so the
// window that most networks look at an image through, 3×3 over three channels, with short loops.
enum { IMAGE_RUNS = 3, IMAGE_RUN = 9 };
static int is_image_window(mrb_rows a) { return a.runs == IMAGE_RUNS && a.run == IMAGE_RUN; }

MRB_KERNEL static void multiply_all(mrb_rows a, size_t row_count, const float *restrict panels,
                                    size_t width, float *restrict c, size_t c_step) {
  for (size_t n = 0; n < width; n += PANEL, panels += PANEL * a.runs * a.run) {
    for (size_t r = 0; r < row_count; r += ROWS) {
      mrb_rows rows = a;
      rows.values += r * a.step;
      float *sums = c + r * c_step + n;
      if (a.runs == 1 && r == 0) {
        multiply(rows, 1, panels, 1, sums, c_step);
      } else if (a.runs == 1) {
        multiply(rows, 1, panels, 0, sums, c_step);
      } else if (is_image_window(a)) {
        rows.run = IMAGE_RUN;
        multiply(rows, IMAGE_RUNS, panels, 0, sums, c_step);
      } else {
        multiply(rows, a.runs, panels, 0, sums, c_step);
      }
    }
  }
}

MRB_KERNEL static void multiply_all_transposed(mrb_rows a, size_t row_count,
                                               const float *restrict b, size_t b_step, size_t width,
                                               int adds, float *restrict c) {
  const size_t height = a.runs * a.run;
  for (size_t n = 0; n < width; n += PANEL, c += padded_height(height) * PANEL) {
    for (size_t h = 0; h < height; h += ROWS) {
      if (a.runs == 1)
        multiply_transposed(a, 1, h, row_count, b + n, b_step, adds, c + h * PANEL);
      else
        multiply_transposed(a, a.runs, h, row_count, b + n, b_step, adds, c + h * PANEL);
    }
  }
}

#ifdef MRB_WIDE
typedef float wide_lanes __attribute__((vector_size(PANEL * sizeof(float))));

// The same for `panels` panels at once, which are b_next elements apart.
INLINE void multiply_wide(mrb_rows a, size_t runs, const float *restrict b, size_t b_next,
                          size_t panels, int fetches, float *restrict c, size_t c_step) {
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
          sum[i][p] += a.values[i * a.step + k] * panel[p];
        }
      }
    }
  }
  UNROLL
  for (size_t i = 0; i < WIDE_ROWS; i++) {
    memcpy(c + i * c_step, sum[i], panels * sizeof(wide_lanes));
  }
}

INLINE void multiply_transposed_wide(mrb_rows a, size_t runs, size_t h, size_t row_count,
                                     const float *restrict b, size_t b_step, size_t panels,
                                     int adds, float *restrict c, size_t c_next) {
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
        sum[p][i] += places[i][at] * panel[p];
      }
    }
  }
  UNROLL
  for (size_t p = 0; p < panels; p++) {
    memcpy(c + p * c_next, sum[p], sizeof sum[p]);
  }
}

MRB_WIDE static void multiply_all_wide(mrb_rows a, size_t row_count, const float *restrict panels,
                                       size_t width, float *restrict c, size_t c_step) {
  const size_t next = PANEL * a.runs * a.run;
  for (size_t n = 0; n < width; n += 2 * PANEL, panels += 2 * next) {
    for (size_t r = 0; r < row_count; r += WIDE_ROWS) {
      mrb_rows rows = a;
      rows.values += r * a.step;
      float *sums = c + r * c_step + n;
      if (n + PANEL >= width) {
        multiply_wide(rows, a.runs, panels, next, 1, 0, sums, c_step);
      } else if (a.runs == 1 && r == 0) {
        multiply_wide(rows, 1, panels, next, 2, 1, sums, c_step);
      } else if (a.runs == 1) {
        multiply_wide(rows, 1, panels, next, 2, 0, sums, c_step);
      } else if (is_image_window(a)) {
        rows.run = IMAGE_RUN;
        multiply_wide(rows, IMAGE_RUNS, panels, next, 2, 0, sums, c_step);
      } else {
        multiply_wide(rows, a.runs, panels, next, 2, 0, sums, c_step);
      }
    }
  }
}

MRB_WIDE static void multiply_all_transposed_wide(mrb_rows a, size_t row_count,
                                                  const float *restrict b, size_t b_step,
                                                  size_t width, int adds, float *restrict c) {
  const size_t height = a.runs * a.run, next = padded_height(height) * PANEL;
  for (size_t n = 0; n < width; n += 2 * PANEL, c += 2 * next) {
    for (size_t h = 0; h < height; h += WIDE_ROWS) {
      float *sums = c + h * PANEL;
      if (n + PANEL >= width)
        multiply_transposed_wide(a, a.runs, h, row_count, b + n, b_step, 1, adds, sums, next);
      else if (a.runs == 1)
        multiply_transposed_wide(a, 1, h, row_count, b + n, b_step, 2, adds, sums, next);
      else
        multiply_transposed_wide(a, a.runs, h, row_count, b + n, b_step, 2, adds, sums, next);
    }
  }
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
  if (mrb_has_wide_registers()) {
    multiply_all_wide(a, row_count, panels, width, c, c_step);
    return;
  }
#endif
  multiply_all(a, row_count, panels, width, c, c_step);
}

void mrb_multiply_transposed(mrb_rows a, size_t row_count, const float *b, size_t b_step,
                             size_t width, int adds, float *c) {
#ifdef MRB_WIDE
  if (mrb_has_wide_registers()) {
    multiply_all_transposed_wide(a, row_count, b, b_step, width, adds, c);
    return;
  }
#endif
  multiply_all_transposed(a, row_count, b, b_step, width, adds, c);
}
