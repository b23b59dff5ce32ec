#ifndef CKERNELS_TABLE_H
#define CKERNELS_TABLE_H

#include <stddef.h>
#include <stdint.h>

// The kernels of one generation of processors.
#define REAL float
struct KernelTable_f32_table {
#define KERNEL(name, parameters, arguments) void(*name) parameters;
#include "../include/kernels.def"
#undef KERNEL
};
#undef REAL
#define REAL double
struct KernelTable_f64_table {
#define KERNEL(name, parameters, arguments) void(*name) parameters;
#include "../include/kernels.def"
#undef KERNEL
};
#undef REAL

#endif
