#pragma clang fp contract(off)

// 2^n · p(x − n·log 2), with the polynomial of Cephes' expf and log 2 in two parts. XLA computes it
// so, with every product that is added fused.
INLINE float exponential(float value) {
  const float bound = 88.3762626647950f;
  float x = value < -bound ? -bound : value > bound ? bound : value;
  const float n = floorf(__builtin_fmaf(x, 1.44269504088896341f, 0.5f));
  x = __builtin_fmaf(n, -0.693359375f, x);
  x = __builtin_fmaf(n, 2.12194440e-4f, x);
  float y = __builtin_fmaf(x, 1.9875691500e-4f, 1.3981999507e-3f);
  y = __builtin_fmaf(y, x, 8.3334519073e-3f);
  y = __builtin_fmaf(y, x, 4.1665795894e-2f);
  y = __builtin_fmaf(y, x, 1.6666665459e-1f);
  y = __builtin_fmaf(y, x, 5.0000001201e-1f);
  y = 1 + __builtin_fmaf(y, x * x, x);
  // NaN has passed the bounds, but is no exponent.
  const int exponent = value == value ? (int)n + 127 : 127;
  const unsigned bits = (unsigned)exponent << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return value > bound ? INFINITY : y * power;
}

static void exponentials(void *values, size_t count) {
  float *value = values;
  for (size_t i = 0; i < count; i++) value[i] = exponential(value[i]);
}
