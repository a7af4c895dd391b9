#include "bfloat16.h"

#ifdef MRB_PAIRED
#include <immintrin.h>
#endif

// Rates of the processor itself, which `marbles bench` compares kernels with.

// Independent sums hide the latency of a multiply-add: two start in a cycle, and each takes 4 or 5
// cycles. There are as many as fit into the registers beside the operands.
enum { FEW_CHAINS = 12, MANY_CHAINS = 24 };

#define DEFINE_CHAINS(NAME, CHAINS, WIDTH, TARGET)                                                 \
  TARGET static mrb_probe NAME(size_t rounds) {                                                    \
    typedef float wide __attribute__((ext_vector_type(WIDTH)));                                    \
    wide sums[CHAINS];                                                                             \
    for (int i = 0; i < CHAINS; i++) {                                                             \
      sums[i] = (wide)(float)i;                                                                    \
    }                                                                                              \
    const wide factor = 0.5F, addend = 0.5F;                                                       \
    for (size_t round = 0; round < rounds; round++) {                                              \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) {                        \
        sums[i] = sums[i] * factor + addend;                                                       \
      }                                                                                            \
    }                                                                                              \
    float total = 0;                                                                               \
    for (int i = 0; i < CHAINS; i++) {                                                             \
      total += sums[i][0];                                                                         \
    }                                                                                              \
    return (mrb_probe){2.0 * CHAINS * WIDTH * (double)rounds, total};                              \
  }

#if defined(__x86_64__)
DEFINE_CHAINS(chains_v4, MANY_CHAINS, 16,
              __attribute__((target("arch=x86-64-v4"), min_vector_width(512))))
DEFINE_CHAINS(chains_v3, FEW_CHAINS, 8, __attribute__((target("arch=x86-64-v3"))))
DEFINE_CHAINS(chains, FEW_CHAINS, 4, )
#else
DEFINE_CHAINS(chains, MANY_CHAINS, 4, )
#endif

#ifdef MRB_PAIRED
MRB_PAIRED static mrb_probe pair_chains(size_t rounds) {
  __m512 sums[MANY_CHAINS];
  for (int i = 0; i < MANY_CHAINS; i++) {
    sums[i] = _mm512_set1_ps((float)i);
  }
  const __m512bh halves = (__m512bh)_mm512_set1_epi16(0x3f00);
  for (size_t round = 0; round < rounds; round++) {
    UNROLL
    for (int i = 0; i < MANY_CHAINS; i++) {
      sums[i] = _mm512_dpbf16_ps(sums[i], halves, halves);
    }
  }
  float total = 0;
  for (int i = 0; i < MANY_CHAINS; i++) {
    total += _mm512_cvtss_f32(sums[i]);
  }
  return (mrb_probe){2.0 * MANY_CHAINS * 32 * (double)rounds, total};
}
#endif

mrb_probe mrb_multiply_add_chains(mrb_format format, size_t rounds) {
#ifdef MRB_PAIRED
  if (mrb_has_pair_products(format)) {
    return pair_chains(rounds);
  }
#endif
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) {
    return chains_v4(rounds);
  }
  if (__builtin_cpu_supports("x86-64-v3")) {
    return chains_v3(rounds);
  }
#endif
  return chains(rounds);
}

MRB_KERNEL float mrb_read(const float *restrict values, size_t count) {
  enum { AT_ONCE = 64 };
  float sums[AT_ONCE] = {0};
  for (size_t i = 0; i + AT_ONCE <= count; i += AT_ONCE) {
    for (size_t lane = 0; lane < AT_ONCE; lane++) {
      sums[lane] += values[i + lane];
    }
  }
  float total = 0;
  for (size_t lane = 0; lane < AT_ONCE; lane++) {
    total += sums[lane];
  }
  return total;
}
