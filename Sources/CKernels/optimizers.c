#include "CKernels.h"
#include "clones.h"

MRB_KERNEL void mrb_descend(float *restrict parameters, const float *restrict gradients,
                            size_t count, float rate, float decay) {
  for (size_t i = 0; i < count; i++)
    parameters[i] -= rate * (gradients[i] + decay * parameters[i]);
}

MRB_KERNEL void mrb_momentum_step(float *restrict parameters, float *restrict velocity,
                                  const float *restrict gradients, size_t count, float rate,
                                  float decay, float momentum, int nesterov) {
  for (size_t i = 0; i < count; i++) {
    float g = gradients[i] + decay * parameters[i];
    float v = momentum * velocity[i] + g;
    velocity[i] = v;
    parameters[i] -= rate * (nesterov ? g + momentum * v : v);
  }
}

MRB_KERNEL void mrb_adam_step(float *restrict parameters, float *restrict first,
                              float *restrict second, const float *restrict gradients, size_t count,
                              mrb_adam k) {
  for (size_t i = 0; i < count; i++) {
    float g = gradients[i] + k.decay * parameters[i];
    float m = k.beta1 * first[i] + (1 - k.beta1) * g;
    float v = k.beta2 * second[i] + (1 - k.beta2) * g * g;
    first[i] = m;
    second[i] = v;
    parameters[i] -= k.rate * m / (__builtin_elementwise_sqrt(v) * k.root_correction + k.epsilon);
  }
}
