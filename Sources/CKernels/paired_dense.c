#include "bfloat16.h"
#include "products.h"

// A dense layer of bfloat16 in inference: weights as panels of 16 outputs, prepared once and half
// as large, times rows of inputs.

// Elements between two rows of inputs.
static size_t row_of(size_t inputs) { return up(inputs, LANES) / 2; }

size_t mrb_dense_panel_count(size_t inputs, size_t outputs) {
  return row_of(inputs) * up(outputs, PANEL);
}

size_t mrb_dense_row_count(size_t inputs, size_t images) {
  return row_of(inputs) * up(images, GROUP);
}

size_t mrb_dense_sum_count(size_t images, size_t panel_count) {
  return up(images, GROUP) * panel_count * PANEL;
}

MRB_KERNEL void mrb_dense_panel(const float *restrict weights, size_t inputs, size_t outputs,
                                mrb_format format, size_t panel, float *restrict panels) {
  float *target = panels + panel * row_of(inputs) * PANEL;
  const size_t first = panel * PANEL, count = smaller(PANEL, outputs - first);
  for (size_t k = 0; k < 2 * row_of(inputs); k += 2, target += PANEL) {
    float pair[2][PANEL] = {0};
    for (size_t i = 0; i < 2 && k + i < inputs; i++) {
      for (size_t o = 0; o < count; o++) {
        pair[i][o] = weights[(first + o) * inputs + k + i];
      }
    }
    mrb_pair_rows(pair[0], pair[1], 1, PANEL, format, target, PANEL);
  }
}

void mrb_dense_rows(const float *inputs, size_t image_count, size_t count, mrb_format format,
                    float *rows) {
  const size_t whole = count / LANES * LANES;
  for (size_t image = 0; image < image_count; image++, inputs += count, rows += row_of(count)) {
    uint16_t *row = (uint16_t *)rows;
    mrb_round_rows(inputs, whole / LANES, format, row, LANES);
    float last[LANES] = {0};
    memcpy(last, inputs + whole, (count - whole) * sizeof(float));
    if (count > whole)
      mrb_round_rows(last, 1, format, row + whole, LANES);
  }
}

MRB_KERNEL void mrb_dense_products(const float *restrict rows, size_t image_count, size_t inputs,
                                   mrb_format format, const float *restrict panels,
                                   const float *restrict bias, mrb_range range, size_t outputs,
                                   float *restrict sums, float *restrict output) {
  const size_t depth = row_of(inputs), first = range.first * PANEL, step = range.count * PANEL;
  const size_t width = smaller(step, outputs - first);
  const mrb_rows left = {rows, depth, 1, depth, 0, format};
  mrb_multiply(left, image_count, panels + first * depth, width, sums, step);
  for (size_t image = 0; image < image_count; image++) {
    for (size_t o = 0; o < width; o++) {
      output[image * outputs + first + o] = sums[image * step + o] + (bias ? bias[first + o] : 0);
    }
  }
}
