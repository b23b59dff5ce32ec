#ifndef CKERNELS_CLONES_H
#define CKERNELS_CLONES_H

// A function with this attribute is compiled for several generations of processors, of which the
// best that is there runs. All give the same bits: without a hardware fused multiply-add the
// library function computes it, slowly.
#if defined(__x86_64__) && defined(__linux__)
#define FASTEST __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define FASTEST
#endif

// What the clones of such a function have in common must be part of each.
#define INLINE static inline __attribute__((always_inline))

#endif
