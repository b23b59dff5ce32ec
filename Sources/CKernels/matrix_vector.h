#pragma clang fp contract(off)

static void matrix_vector(const float *restrict input, const float *restrict weights, size_t inputs,
                          size_t outputs, size_t rounded, float *restrict output) {
  for (size_t j = 0; j < outputs; j++) output[j] = 0;
  for (size_t i = 0; i < inputs; i++) {
    const float *row = weights + i * outputs;
    for (size_t j = 0; j < rounded; j++) output[j] += input[i] * row[j];
    for (size_t j = rounded; j < outputs; j++)
      output[j] = __builtin_fmaf(input[i], row[j], output[j]);
  }
}

typedef float Eight __attribute__((vector_size(32), aligned(4)));

static void matrix_vectors_8(const float *restrict input, const float *restrict weights,
                             size_t stride, size_t inputs, size_t outputs, size_t rounded,
                             float *restrict output) {
  for (size_t j = 0; j < outputs; j++) {
    Eight sum = {0};
    for (size_t i = 0; i < inputs; i++) {
      const Eight value = *(const Eight *)(input + i * stride);
      const Eight weight = *(const Eight *)(weights + (i * outputs + j) * stride);
      sum = j < rounded ? sum + value * weight : __builtin_elementwise_fma(value, weight, sum);
    }
    *(Eight *)(output + j * stride) = sum;
  }
}
