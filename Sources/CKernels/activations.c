#include "CKernels.h"
#include <math.h>

static const float half_root = 0.70710678118654752f;      // 1 / sqrt(2)
static const float normal_density = 0.39894228040143268f; // 1 / sqrt(2 pi)
static const float tanh_scale = 0.79788456080286536f;     // sqrt(2 / pi)
static const float tanh_cubic = 0.044715f;

static inline float sigmoid(float x) { return 1 / (1 + expf(-x)); }

// The standard normal distribution function.
static inline float below(float x) { return 0.5f * erfcf(-x * half_root); }

void mrb_activate(mrb_activation kind, float slope, const float *input, size_t count,
                  float *output) {
#define EACH(value)                                                                                \
  for (size_t i = 0; i < count; i++) {                                                             \
    float x = input[i];                                                                            \
    output[i] = value;                                                                             \
  }                                                                                                \
  break
  switch (kind) {
  case MRB_LEAKY_RELU:
    EACH(x > 0 ? x : slope * x);
  case MRB_GELU:
    EACH(x * below(x));
  case MRB_GELU_TANH:
    EACH(0.5f * x * (1 + tanhf(tanh_scale * (x + tanh_cubic * x * x * x))));
  case MRB_SILU:
    EACH(x * sigmoid(x));
  case MRB_SIGMOID:
    EACH(sigmoid(x));
  case MRB_TANH:
    EACH(tanhf(x));
  }
#undef EACH
}

static inline float gelu_tanh_slope(float x) {
  float t = tanhf(tanh_scale * (x + tanh_cubic * x * x * x));
  return 0.5f * (1 + t) + 0.5f * x * (1 - t * t) * tanh_scale * (1 + 3 * tanh_cubic * x * x);
}

static inline float silu_slope(float x) {
  float s = sigmoid(x);
  return s * (1 + x * (1 - s));
}

void mrb_activate_backward(mrb_activation kind, float slope, const float *input,
                           const float *output, const float *output_gradient, size_t count,
                           float *input_gradient) {
#define EACH(derivative)                                                                           \
  for (size_t i = 0; i < count; i++) {                                                             \
    float x = input[i], y = output[i];                                                             \
    (void)x, (void)y;                                                                              \
    input_gradient[i] = output_gradient[i] * (derivative);                                         \
  }                                                                                                \
  break
  switch (kind) {
  case MRB_LEAKY_RELU:
    EACH(x > 0 ? 1 : slope);
  case MRB_GELU:
    EACH(below(x) + x * normal_density * expf(-0.5f * x * x));
  case MRB_GELU_TANH:
    EACH(gelu_tanh_slope(x));
  case MRB_SILU:
    EACH(silu_slope(x));
  case MRB_SIGMOID:
    EACH(y * (1 - y));
  case MRB_TANH:
    EACH(1 - y * y);
  }
#undef EACH
}
