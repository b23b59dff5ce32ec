#ifndef CKERNELS_LANES_H
#define CKERNELS_LANES_H

enum { width = 16 };

// Sixteen particles; `Loose` is the same wherever it lies in memory.
typedef float Lanes __attribute__((vector_size(64)));
typedef float Loose __attribute__((vector_size(64), aligned(4)));

#define FMA __builtin_elementwise_fma

#endif
