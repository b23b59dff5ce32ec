#ifndef CKERNELS_TABLE_H
#define CKERNELS_TABLE_H

#include "ckernels.h"

// The kernels of one generation of processors.
struct KernelTable_single {
#define KERNEL(name, parameters, arguments) void(*name) parameters;
#include "single.def"
#undef KERNEL
};
#define REAL float
struct KernelTable_f32_table {
#define KERNEL(name, parameters, arguments) void(*name) parameters;
#include "kernels.def"
#undef KERNEL
};
#undef REAL
#define REAL double
struct KernelTable_f64_table {
#define KERNEL(name, parameters, arguments) void(*name) parameters;
#include "kernels.def"
#undef KERNEL
};
#undef REAL

// What takes or returns vectors must be part of its caller.
#define INLINE static inline __attribute__((always_inline))

#endif
