#ifndef CPHYSICS_VECTORS_H
#define CPHYSICS_VECTORS_H

// Eight lanes; `Loose` is the same wherever it lies in memory.
typedef double Vector __attribute__((vector_size(64)));
typedef double Loose __attribute__((vector_size(64), aligned(8)));
typedef long long Integers __attribute__((vector_size(64)));

#define FMA __builtin_elementwise_fma

// What takes or returns vectors must be part of its caller.
#define INLINE static inline __attribute__((always_inline))

#endif
