#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// What a resized image's row or column is made of: two of the source's, and how near the upper is.
typedef struct {
  size_t lower, upper;
  float fraction;
} ckernels_tap;

// The kernels of single.def.
#define KERNEL(name, parameters, arguments) void ckernels_##name parameters;
#include "single.def"
#undef KERNEL

// The kernels of kernels.def, in float (_f32) and double (_f64).
#define REAL float
#define KERNEL(name, parameters, arguments) void ckernels_##name##_f32 parameters;
#include "kernels.def"
#undef KERNEL
#undef REAL
#define REAL double
#define KERNEL(name, parameters, arguments) void ckernels_##name##_f64 parameters;
#include "kernels.def"
#undef KERNEL
#undef REAL

// The processors that those are compiled for: "x86-64-v4", "x86-64-v3" or "baseline". The newest
// one that this machine is runs, unless the environment's NRES_PROCESSOR or a call names another.
// The code of CPhysics that lanes take is of the same one.
const char *ckernels_generation(void);

// Returns 0, and changes nothing, where there is no such generation here; null for the newest.
int ckernels_use_generation(const char *name);

// 1 where this machine has a generation of that name.
int ckernels_has_generation(const char *name);

// 1 where NRES_PROCESSOR is not set or names a generation that this machine has. Any other name is
// as if it were not set.
int ckernels_environment_is_valid(void);

// How many numbers of scratch a convolution needs at most, forward, back and of weights.
static inline size_t ckernels_convolve_scratch(size_t inputs, size_t outputs, size_t width,
                                               size_t lanes) {
  return (inputs + outputs) * (6 * (width + 2) * lanes + 16);
}

// How many numbers of scratch an MLPLOpt kernel needs for a tensor.
static inline size_t ckernels_mlp_optimizer_scratch(size_t count, size_t layers, size_t hidden) {
  const size_t widest = hidden > 8 ? hidden : 8;
  return 16 * ((count + 15) / 16 * 16) + 384 * (2 * (8 + layers * hidden + 2) + 2 * widest);
}

#endif
