#include "CKernels.h"
#include "clones.h"
#include "window.h"
#include <string.h>

// Every channel has a kernel of its own; weights are window row x window column x channel, so that
// the innermost loop runs over channels.

#define FOR_EACH_POSITION                                                                          \
  for (size_t y = 0; y < w.output_height; y++)                                                     \
    for (size_t x = 0; x < w.output_width; x++)

#define FOR_EACH_TAP                                                                               \
  for (size_t r = mrb_inside_rows(w, y).first; r < mrb_inside_rows(w, y).last; r++)                \
    for (size_t q = mrb_inside_columns(w, x).first; q < mrb_inside_columns(w, x).last; q++)

MRB_KERNEL void mrb_depthwise(const float *restrict input, const float *restrict weights,
                              mrb_window w, float *restrict output) {
  FOR_EACH_POSITION {
    float *restrict out = output + (y * w.output_width + x) * w.channels;
    memset(out, 0, w.channels * sizeof(float));
    FOR_EACH_TAP {
      const float *restrict in = input + mrb_pixel(w, y, x, r, q);
      const float *restrict weight = weights + (r * w.window_width + q) * w.channels;
      for (size_t c = 0; c < w.channels; c++)
        out[c] += in[c] * weight[c];
    }
  }
}

MRB_KERNEL void mrb_depthwise_input_gradient(const float *restrict output_gradient,
                                             const float *restrict weights, mrb_window w,
                                             float *restrict input_gradient) {
  memset(input_gradient, 0, w.height * w.width * w.channels * sizeof(float));
  FOR_EACH_POSITION {
    const float *restrict gradient = output_gradient + (y * w.output_width + x) * w.channels;
    FOR_EACH_TAP {
      float *restrict in = input_gradient + mrb_pixel(w, y, x, r, q);
      const float *restrict weight = weights + (r * w.window_width + q) * w.channels;
      for (size_t c = 0; c < w.channels; c++)
        in[c] += gradient[c] * weight[c];
    }
  }
}

MRB_KERNEL void mrb_depthwise_weight_gradient(const float *restrict input,
                                              const float *restrict output_gradient, mrb_window w,
                                              float *restrict weight_gradient) {
  FOR_EACH_POSITION {
    const float *restrict gradient = output_gradient + (y * w.output_width + x) * w.channels;
    FOR_EACH_TAP {
      const float *restrict in = input + mrb_pixel(w, y, x, r, q);
      float *restrict sum = weight_gradient + (r * w.window_width + q) * w.channels;
      for (size_t c = 0; c < w.channels; c++)
        sum[c] += in[c] * gradient[c];
    }
  }
}
