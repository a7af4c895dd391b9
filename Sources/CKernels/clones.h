#ifndef MARBLES_CLONES_H
#define MARBLES_CLONES_H

// One copy of a kernel per instruction set, picked when the program is loaded. "x86-64-v3" brings
// AVX2 with fused multiply-add; naming a processor would exclude those of other makers.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(address_sanitizer) &&              \
    !__has_feature(thread_sanitizer)
#define MRB_KERNEL __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define MRB_KERNEL
#endif

// A kernel written for the 512-bit registers of "x86-64-v4"; check mrb_has_wide_registers first.
#if defined(__x86_64__) && defined(__linux__)
#define MRB_WIDE MRB_WIDE_PART __attribute__((noinline))
#define MRB_WIDE_PART __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
static inline int mrb_has_wide_registers(void) { return __builtin_cpu_supports("x86-64-v4"); }
// A kernel with operations on bfloat16; check mrb_has_pair_products first.
#define MRB_PAIRED __attribute__((target("arch=x86-64-v4,avx512bf16"), noinline))
#endif

#endif
