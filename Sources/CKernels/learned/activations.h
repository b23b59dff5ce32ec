// Sums over rows, activations and other elementwise functions.

static void NAME(row_sums)(size_t rows, size_t lanes, const REAL *in, REAL *sums) {
  for (size_t r = 0; r < rows; r++) {
    Vec sum = NAME(all)(0);
    for (size_t l = 0; l < lanes; l += WIDTH) sum += NAME(load)(in + r * lanes + l);
    sums[r] += NAME(total)(sum);
  }
}

static void NAME(relu)(size_t count, const REAL *in, REAL *out, REAL *slopes) {
  for (size_t i = 0; i < count; i += WIDTH) {
    const Vec x = NAME(load)(in + i);
    NAME(store)(out + i, NAME(where_positive)(x, x));
    if (slopes) NAME(store)(slopes + i, NAME(where_positive)(x, NAME(all)(1)));
  }
}

// GELU in its tanh form: x (1 + tanh u)/2 with u = √(2/π) (x + 0.044715 x³).
static const REAL NAME(gelu_scale) = (REAL)0.7978845608028654;
static const REAL NAME(gelu_cubic) = (REAL)0.044715;

INLINE Vec NAME(gelu_tanh)(Vec x) {
  return NAME(tanh)(NAME(gelu_scale) * x * NAME(fma)(NAME(gelu_cubic) * x, x, NAME(all)(1)));
}

// du/dx.
INLINE Vec NAME(gelu_inner_slope)(Vec x) {
  return NAME(gelu_scale) * NAME(fma)(3 * NAME(gelu_cubic) * x, x, NAME(all)(1));
}

static void NAME(gelu)(size_t count, const REAL *in, REAL *out, REAL *slopes) {
  for (size_t i = 0; i < count; i += WIDTH) {
    const Vec x = NAME(load)(in + i);
    const Vec t = NAME(gelu_tanh)(x);
    const Vec half = (REAL)0.5 * x;
    NAME(store)(out + i, NAME(fma)(half, t, half));
    if (!slopes) continue;
    const Vec slope = half * NAME(fma)(-t, t, NAME(all)(1)) * NAME(gelu_inner_slope)(x);
    NAME(store)(slopes + i, NAME(fma)(NAME(all)((REAL)0.5), t, (REAL)0.5 + slope));
  }
}

static void NAME(gelu_curvature)(size_t count, const REAL *in, const REAL *left,
                                 const REAL *right, REAL *out) {
  for (size_t i = 0; i < count; i += WIDTH) {
    const Vec x = NAME(load)(in + i);
    const Vec t = NAME(gelu_tanh)(x);
    const Vec slope = NAME(gelu_inner_slope)(x);
    const Vec second = 6 * NAME(gelu_scale) * NAME(gelu_cubic) * x;
    const Vec bend = slope + (REAL)0.5 * x * (second - 2 * t * slope * slope);
    const Vec curvature = NAME(fma)(-t, t, NAME(all)(1)) * bend;
    NAME(store)(out + i, NAME(fma)(curvature, NAME(load)(left + i) * NAME(load)(right + i),
                                   NAME(load)(out + i)));
  }
}

static void NAME(multiply)(size_t count, const REAL *left, const REAL *right, REAL *out) {
  for (size_t i = 0; i < count; i += WIDTH)
    NAME(store)(out + i, NAME(load)(left + i) * NAME(load)(right + i));
}

#define ELEMENTWISE(name, function) \
  static void NAME(name)(size_t count, REAL *values) { \
    for (size_t i = 0; i < count; i += WIDTH) \
      NAME(store)(values + i, NAME(function)(NAME(load)(values + i))); \
  }
ELEMENTWISE(exponentials, exp)
ELEMENTWISE(hyperbolic_tangents, tanh)
ELEMENTWISE(logarithms, log)
#undef ELEMENTWISE
