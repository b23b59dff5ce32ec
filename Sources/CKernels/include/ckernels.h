#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>

// output[j] = sum over i of input[i] * weights[i * outputs + j], added in the order of i, each
// term by one fused multiply-add; for the first `rounded` outputs the product is rounded before it
// is added.
void ckernels_matrix_vector(const float *input, const float *weights, size_t inputs,
                            size_t outputs, size_t rounded, float *output);

#endif
