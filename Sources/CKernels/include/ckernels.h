#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>

// output[j] = sum over i of input[i] * weights[i * outputs + j], with the rounding of the
// reference's compiled policy: each term is added by one fused multiply-add in the order of i. Of
// two outputs, though, the first has its products rounded before they are added.
void ckernels_matrix_vector(const float *input, const float *weights, size_t inputs,
                            size_t outputs, float *output);

#endif
