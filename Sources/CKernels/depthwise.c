#include "CKernels.h"
#include "clones.h"
#include "window.h"
#include <string.h>

// Each channel has its own kernel; weights are [window row][window column][channel], so that the
// innermost loop runs over channels.

MRB_KERNEL void mrb_depthwise(const float *restrict input, const float *restrict weights,
                              mrb_window w, float *restrict output) {
  for (size_t y = 0; y < w.output_height; y++) {
    const mrb_span rows = mrb_inside_rows(w, y);
    for (size_t x = 0; x < w.output_width; x++) {
      const mrb_span columns = mrb_inside_columns(w, x);
      float *restrict out = output + (y * w.output_width + x) * w.channels;
      memset(out, 0, w.channels * sizeof(float));
      for (size_t r = rows.first; r < rows.last; r++) {
        for (size_t q = columns.first; q < columns.last; q++) {
          const float *restrict in = input + mrb_pixel(w, y, x, r, q);
          const float *restrict weight = weights + (r * w.window_width + q) * w.channels;
          for (size_t c = 0; c < w.channels; c++) {
            out[c] += in[c] * weight[c];
          }
        }
      }
    }
  }
}

MRB_KERNEL void mrb_depthwise_input_gradient(const float *restrict output_gradient,
                                             const float *restrict weights, mrb_window w,
                                             float *restrict input_gradient) {
  memset(input_gradient, 0, w.height * w.width * w.channels * sizeof(float));
  for (size_t y = 0; y < w.output_height; y++) {
    const mrb_span rows = mrb_inside_rows(w, y);
    for (size_t x = 0; x < w.output_width; x++) {
      const mrb_span columns = mrb_inside_columns(w, x);
      const float *restrict gradient = output_gradient + (y * w.output_width + x) * w.channels;
      for (size_t r = rows.first; r < rows.last; r++) {
        for (size_t q = columns.first; q < columns.last; q++) {
          float *restrict in = input_gradient + mrb_pixel(w, y, x, r, q);
          const float *restrict weight = weights + (r * w.window_width + q) * w.channels;
          for (size_t c = 0; c < w.channels; c++) {
            in[c] += gradient[c] * weight[c];
          }
        }
      }
    }
  }
}

MRB_KERNEL void mrb_depthwise_weight_gradient(const float *restrict input,
                                              const float *restrict output_gradient, mrb_window w,
                                              float *restrict weight_gradient) {
  for (size_t y = 0; y < w.output_height; y++) {
    const mrb_span rows = mrb_inside_rows(w, y);
    for (size_t x = 0; x < w.output_width; x++) {
      const mrb_span columns = mrb_inside_columns(w, x);
      const float *restrict gradient = output_gradient + (y * w.output_width + x) * w.channels;
      for (size_t r = rows.first; r < rows.last; r++) {
        for (size_t q = columns.first; q < columns.last; q++) {
          const float *restrict in = input + mrb_pixel(w, y, x, r, q);
          float *restrict sum = weight_gradient + (r * w.window_width + q) * w.channels;
          for (size_t c = 0; c < w.channels; c++) {
            sum[c] += in[c] * gradient[c];
          }
        }
      }
    }
  }
}
