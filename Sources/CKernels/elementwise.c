#include "CKernels.h"
#include "clones.h"

// NaN stays NaN, so that divergence is noticed.
MRB_KERNEL void mrb_rectify(const float *restrict input, size_t count, float *restrict output) {
  for (size_t i = 0; i < count; i++) {
    output[i] = input[i] <= 0 ? 0 : input[i];
  }
}

MRB_KERNEL void mrb_rectify_backward(const float *restrict output,
                                     const float *restrict output_gradient, size_t count,
                                     float *restrict input_gradient) {
  for (size_t i = 0; i < count; i++) {
    input_gradient[i] = output[i] > 0 ? output_gradient[i] : 0;
  }
}

static inline uint64_t hash(uint64_t z) {
  z += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

void mrb_dropout(const float *input, size_t count, float keep, uint64_t seed, float *output) {
  // 24 bits: every multiple of 2^-24 in [0, 1) is equally likely.
  uint32_t limit = (uint32_t)((double)keep * 16777216.0);
  float scale = 1 / keep;
  for (size_t i = 0; i < count; i++) {
    output[i] = (uint32_t)(hash(seed + i) >> 40) < limit ? input[i] * scale : 0;
  }
}

MRB_KERNEL void mrb_add(const float *restrict addend, size_t count, float *restrict sum) {
  for (size_t i = 0; i < count; i++) {
    sum[i] += addend[i];
  }
}

MRB_KERNEL void mrb_sum(const float *restrict a, const float *restrict b, size_t count,
                        float *restrict sum) {
  for (size_t i = 0; i < count; i++) {
    sum[i] = a[i] + b[i];
  }
}

MRB_KERNEL double mrb_sum_of_squares(const float *restrict values, size_t count) {
  enum { LANES = 16 };
  double total = 0;
  size_t i = 0;
  while (i + LANES <= count) {
    // Float sums within short runs, double over the runs.
    float part[LANES] = {0};
    size_t last = i + 64 * LANES <= count ? i + 64 * LANES : count - (count - i) % LANES;
    for (; i < last; i += LANES) {
      for (size_t lane = 0; lane < LANES; lane++) {
        part[lane] += values[i + lane] * values[i + lane];
      }
    }
    for (size_t lane = 0; lane < LANES; lane++) {
      total += part[lane];
    }
  }
  for (; i < count; i++) {
    total += (double)values[i] * values[i];
  }
  return total;
}

MRB_KERNEL double mrb_squared_distance(const float *restrict a, const float *restrict b,
                                       size_t count) {
  enum { LANES = 8 };
  double part[LANES] = {0};
  size_t whole = count - count % LANES;
  for (size_t i = 0; i < whole; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) {
      double difference = (double)a[i + lane] - b[i + lane];
      part[lane] += difference * difference;
    }
  }
  double total = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    total += part[lane];
  }
  for (size_t i = whole; i < count; i++) {
    double difference = (double)a[i] - b[i];
    total += difference * difference;
  }
  return total;
}
