#ifndef CKERNELS_CLONES_H
#define CKERNELS_CLONES_H

// A function with this attribute is compiled for several generations of processors, of which the
// best that the machine is runs; NRES_PROCESSOR, which chooses among the kernels of `learned`, does
// not reach it. So all must give the same bits. Those of integers and copies do; arithmetic does
// where each operation is rounded by itself and in one order: contraction is off (or no product is
// added to anything), and what is fused says so. Without hardware for it the library's function
// fuses, slowly, to the same bits.
// A sanitizer instruments the choice too, which runs before it is ready itself: there is one clone then.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define ONE_CLONE
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(ONE_CLONE)
#define FASTEST __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define FASTEST
#endif

// What the clones of such a function have in common must be part of each.
#define INLINE static inline __attribute__((always_inline))

#endif
