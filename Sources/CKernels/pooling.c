#include "CKernels.h"
#include "clones.h"
#include "lanes.h"
#include "window.h"
#include <string.h>

// Only pixels inside the image are read: padding is never the maximum and adds nothing to a mean.

INLINE void max_pool(const float *restrict input, mrb_window w, float *restrict output,
                     uint8_t *restrict arg_max, int notes) {
  for (size_t y = 0; y < w.output_height; y++) {
    mrb_span rows = mrb_inside_rows(w, y);
    for (size_t x = 0; x < w.output_width; x++, output += w.channels) {
      mrb_span columns = mrb_inside_columns(w, x);
      memcpy(output, input + mrb_pixel(w, y, x, rows.first, columns.first),
             w.channels * sizeof(float));
      if (notes)
        memset(arg_max, (int)(rows.first * w.window_width + columns.first), w.channels);
      for (size_t r = rows.first; r < rows.last; r++) {
        for (size_t q = columns.first; q < columns.last; q++) {
          const float *restrict in = input + mrb_pixel(w, y, x, r, q);
          const uint8_t place = (uint8_t)(r * w.window_width + q);
          // NaN counts as the maximum, so that it reaches the end of the network.
          for (size_t c = 0; c < w.channels; c++) {
            const int is_larger = in[c] > output[c] || in[c] != in[c];
            output[c] = is_larger ? in[c] : output[c];
            if (notes)
              arg_max[c] = is_larger ? place : arg_max[c];
          }
        }
      }
      if (notes)
        arg_max += w.channels;
    }
  }
}

MRB_KERNEL void mrb_max_pool(const float *restrict input, mrb_window w, float *restrict output,
                             uint8_t *restrict arg_max) {
  if (arg_max)
    max_pool(input, w, output, arg_max, 1);
  else
    max_pool(input, w, output, NULL, 0);
}

MRB_KERNEL void mrb_max_pool_backward_indexed(const uint8_t *restrict arg_max,
                                              const float *restrict output_gradient, mrb_window w,
                                              float *restrict input_gradient) {
  memset(input_gradient, 0, w.height * w.width * w.channels * sizeof(float));
  for (size_t y = 0; y < w.output_height; y++) {
    mrb_span rows = mrb_inside_rows(w, y);
    for (size_t x = 0; x < w.output_width; x++) {
      mrb_span columns = mrb_inside_columns(w, x);
      for (size_t r = rows.first; r < rows.last; r++) {
        for (size_t q = columns.first; q < columns.last; q++) {
          float *restrict in = input_gradient + mrb_pixel(w, y, x, r, q);
          const uint8_t place = (uint8_t)(r * w.window_width + q);
          for (size_t c = 0; c < w.channels; c++) {
            in[c] += arg_max[c] == place ? output_gradient[c] : 0;
          }
        }
      }
      arg_max += w.channels;
      output_gradient += w.channels;
    }
  }
}

// The gradient goes to the first pixel of the window that equals the maximum.
MRB_KERNEL void mrb_max_pool_backward(const float *restrict input, const float *restrict output,
                                      const float *restrict output_gradient, mrb_window w,
                                      float *restrict input_gradient) {
  memset(input_gradient, 0, w.height * w.width * w.channels * sizeof(float));
  for (size_t y = 0; y < w.output_height; y++) {
    mrb_span rows = mrb_inside_rows(w, y);
    for (size_t x = 0; x < w.output_width; x++) {
      mrb_span columns = mrb_inside_columns(w, x);
      for (size_t c0 = 0; c0 < w.channels; c0 += 64) {
        size_t n = w.channels - c0 < 64 ? w.channels - c0 : 64;
        float left[64];
        memcpy(left, output_gradient + c0, n * sizeof(float));
        for (size_t r = rows.first; r < rows.last; r++) {
          for (size_t q = columns.first; q < columns.last; q++) {
            size_t p = mrb_pixel(w, y, x, r, q) + c0;
            for (size_t c = 0; c < n; c++) {
              float share = input[p + c] == output[c0 + c] ? left[c] : 0;
              input_gradient[p + c] += share;
              left[c] -= share;
            }
          }
        }
      }
      output += w.channels;
      output_gradient += w.channels;
    }
  }
}

MRB_KERNEL void mrb_average_pool(const float *restrict input, mrb_window w,
                                 float *restrict output) {
  float share = 1.0f / (float)(w.window_height * w.window_width);
  for (size_t y = 0; y < w.output_height; y++) {
    mrb_span rows = mrb_inside_rows(w, y);
    for (size_t x = 0; x < w.output_width; x++, output += w.channels) {
      mrb_span columns = mrb_inside_columns(w, x);
      memset(output, 0, w.channels * sizeof(float));
      for (size_t r = rows.first; r < rows.last; r++) {
        for (size_t q = columns.first; q < columns.last; q++) {
          const float *restrict in = input + mrb_pixel(w, y, x, r, q);
          for (size_t c = 0; c < w.channels; c++) {
            output[c] += in[c];
          }
        }
      }
      for (size_t c = 0; c < w.channels; c++) {
        output[c] *= share;
      }
    }
  }
}

MRB_KERNEL void mrb_average_pool_backward(const float *restrict output_gradient, mrb_window w,
                                          float *restrict input_gradient) {
  float share = 1.0f / (float)(w.window_height * w.window_width);
  memset(input_gradient, 0, w.height * w.width * w.channels * sizeof(float));
  for (size_t y = 0; y < w.output_height; y++) {
    mrb_span rows = mrb_inside_rows(w, y);
    for (size_t x = 0; x < w.output_width; x++, output_gradient += w.channels) {
      mrb_span columns = mrb_inside_columns(w, x);
      for (size_t r = rows.first; r < rows.last; r++) {
        for (size_t q = columns.first; q < columns.last; q++) {
          float *restrict in = input_gradient + mrb_pixel(w, y, x, r, q);
          for (size_t c = 0; c < w.channels; c++) {
            in[c] += share * output_gradient[c];
          }
        }
      }
    }
  }
}
