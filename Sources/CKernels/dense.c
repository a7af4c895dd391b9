#include "CKernels.h"
#include "clones.h"
#include "lanes.h"

// A dense layer for few images. Reading the weights takes longer than multiplying, so each is read
// once, in the order in which it lies there, and multiplied by a few images at a time.

// Outputs and images that are computed at once.
enum { OUTPUTS_AT_ONCE = 4, IMAGES_AT_ONCE = 2 };

// Four outputs of one or two images.
INLINE void multiply_rows(const float *restrict inputs, size_t images, size_t count,
                          const float *const rows[OUTPUTS_AT_ONCE],
                          float sums[IMAGES_AT_ONCE][OUTPUTS_AT_ONCE]) {
  lanes total[IMAGES_AT_ONCE][OUTPUTS_AT_ONCE] = {0};
  size_t k = 0;
  for (; k + LANES <= count; k += LANES) {
    lanes x[IMAGES_AT_ONCE];
    UNROLL
    for (size_t i = 0; i < images; i++) {
      memcpy(&x[i], inputs + i * count + k, sizeof(lanes));
    }
    UNROLL
    for (size_t o = 0; o < OUTPUTS_AT_ONCE; o++) {
      lanes weight;
      memcpy(&weight, rows[o] + k, sizeof weight);
      UNROLL
      for (size_t i = 0; i < images; i++) {
        total[i][o] += x[i] * weight;
      }
    }
  }
  for (size_t i = 0; i < images; i++) {
    for (size_t o = 0; o < OUTPUTS_AT_ONCE; o++) {
      lanes x, weight;
      load(inputs + i * count + k, count - k, &x);
      load(rows[o] + k, count - k, &weight);
      const lanes all = total[i][o] + x * weight;
      const float even = (all[0] + all[4]) + (all[2] + all[6]);
      sums[i][o] = even + ((all[1] + all[5]) + (all[3] + all[7]));
    }
  }
}

MRB_KERNEL void mrb_dense(const float *restrict inputs, size_t image_count, size_t input_count,
                          const float *restrict weights, const float *restrict bias,
                          mrb_range outputs, size_t output_count, float *restrict output) {
  const size_t end = outputs.first + outputs.count;
  for (size_t o = outputs.first; o < end; o += OUTPUTS_AT_ONCE) {
    const float *rows[OUTPUTS_AT_ONCE];
    // Rows beyond the last repeat it.
    for (size_t k = 0; k < OUTPUTS_AT_ONCE; k++) {
      rows[k] = weights + smaller(o + k, end - 1) * input_count;
    }
    for (size_t i = 0; i < image_count; i += IMAGES_AT_ONCE) {
      float sums[IMAGES_AT_ONCE][OUTPUTS_AT_ONCE];
      const size_t images = smaller(IMAGES_AT_ONCE, image_count - i);
      if (images == IMAGES_AT_ONCE)
        multiply_rows(inputs + i * input_count, IMAGES_AT_ONCE, input_count, rows, sums);
      else
        multiply_rows(inputs + i * input_count, 1, input_count, rows, sums);
      for (size_t image = i; image < i + images; image++) {
        for (size_t k = 0; k < smaller(OUTPUTS_AT_ONCE, end - o); k++) {
          output[image * output_count + o + k] = sums[image - i][k] + (bias ? bias[o + k] : 0);
        }
      }
    }
  }
}
