#ifndef CPHYSICS_CLONES_H
#define CPHYSICS_CLONES_H

// A function with this attribute is compiled for several generations of processors, of which the
// best that the machine is runs; NRES_PROCESSOR, which chooses among kernels of CKernels, does not
// reach it. All give the same bits: each operation is rounded by itself and in one order,
// contraction is off, and what is fused says so.
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
