#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// output[j] = sum over i of input[i] * weights[i * outputs + j], added in the order of i, each
// term by one fused multiply-add; for the first `rounded` outputs the product is rounded before it
// is added.
void ckernels_matrix_vector(const float *input, const float *weights, size_t inputs,
                            size_t outputs, size_t rounded, float *output);

// The same for eight neighbours, each with weights of its own: number i of neighbour l is at
// i * stride + l in `input`, `weights` and `output`.
void ckernels_matrix_vectors_8(const float *input, const float *weights, size_t stride,
                               size_t inputs, size_t outputs, size_t rounded, float *output);

// sums[lane] += left[lane] * right[lane] for sixteen floats each, by fused multiply-adds.
void ckernels_add_products_16(void *sums, const void *left, const void *right);

// Replaces floats by their exponentials, as the reference's compiler computes them: within two
// units in the last place, 0 below −88.37 and infinite above 88.37.
void ckernels_exponentials(void *values, size_t count);

// The Lorenz system (Lorenz.swift) for blocks of sixteen particles. A block has six rows of sixteen
// floats, one a value, and two rows of coefficients; values advance in place.

// Takes steps with one block, or with one particle, whose rows have one float. `losses` has a row
// of sixteen for each step, of which `lanes` (1 or 16) are written. `history`, where it is not
// null, gets the six rows before each step and after the last.
void ckernels_lorenz_unroll(void *values, const void *coefficients, float timestep, size_t lanes,
                            size_t steps, void *history, float *losses);

// Takes steps with many blocks, and adds up the losses of each particle, of which `sums` has a row
// a block.
void ckernels_lorenz_add_losses(void *values, const void *coefficients, float timestep,
                                size_t blocks, size_t steps, void *sums);

// Takes steps with one block, each of whose values and coefficients has two rows: itself and its
// tangent. Rows of sixteen losses and their tangents are written.
void ckernels_lorenz_push_forward(void *values, const void *coefficients, float timestep,
                                  size_t steps, float *losses, float *loss_tangents);

// A batch of images, of `pixels` values each: output[pixel * lanes + lane] = value of image
// indices[lane]; lanes from `count` on repeat the last image. `lanes` is a multiple of sixteen and
// `count` is at least 1. Bytes are divided by 255.
void ckernels_gather_floats(const float *images, size_t pixels, const int *indices, size_t count,
                            size_t lanes, float *output);
void ckernels_gather_bytes(const unsigned char *images, size_t pixels, const int *indices,
                           size_t count, size_t lanes, float *output);

// What a resized image's row or column is made of: two of the source's, and how near the upper is.
typedef struct {
  size_t lower, upper;
  float fraction;
} ckernels_tap;

// Resizes planes of bytes bilinearly and divides by 255.
void ckernels_resize_planes(const unsigned char *planes, size_t count, size_t height, size_t width,
                            const ckernels_tap *rows, size_t new_height,
                            const ckernels_tap *columns, size_t new_width, float *output);

// Threefry-2x32 with 20 rounds (Threefry.swift): encrypts `count` pairs of counters, which begin
// with `first` and `second` and go up by one.
void ckernels_threefry(uint32_t key0, uint32_t key1, uint32_t first, uint32_t second, size_t count,
                       uint32_t *first_words, uint32_t *second_words);

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
// CPhysics follows it. The functions above follow the machine, whatever is named; they too give the
// same bits on all (clones.h says why).
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
