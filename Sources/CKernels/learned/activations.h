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
    NAME(store)(out + i, NAME(rectified)(x));
    if (slopes) NAME(store)(slopes + i, NAME(where_positive)(x, NAME(all)(1)));
  }
}

// GELU in its tanh form, x (1 + tanh(v/2))/2 = x σ(v) with v = 2 √(2/π) (x + 0.044715 x³). The
// second form keeps its relative accuracy where x is negative.
static const REAL NAME(gelu_scale) = (REAL)1.5957691216057308;
static const REAL NAME(gelu_binary_scale) = (REAL)2.302208198144325;
static const REAL NAME(gelu_cubic) = (REAL)0.044715;

struct NAME(GELU) {
  // σ(v) and 1 − σ(v).
  Vec share, rest;
};

INLINE struct NAME(GELU) NAME(gelu_shares)(Vec x) {
  // v/log 2.
  const Vec v = NAME(gelu_binary_scale) * x * NAME(fma)(NAME(gelu_cubic) * x, x, NAME(all)(1));
  const Vec power = NAME(exp2_below_0)(v);
  const Vec large = 1 / (1 + power);
  const Vec small = power * large;
  return (struct NAME(GELU)){
      .share = NAME(select)(v < 0, small, large),
      .rest = NAME(select)(v < 0, large, small),
  };
}

// dv/dx.
INLINE Vec NAME(gelu_slope)(Vec x) {
  return NAME(gelu_scale) * NAME(fma)(3 * NAME(gelu_cubic) * x, x, NAME(all)(1));
}

// What is farther from 0, where one of the shares is 0, must not make its slope infinite.
static const REAL NAME(gelu_bound) = 30;

static void NAME(gelu)(size_t count, const REAL *in, REAL *out, REAL *slopes) {
  for (size_t i = 0; i < count; i += WIDTH) {
    const Vec x = NAME(load)(in + i);
    const struct NAME(GELU) parts = NAME(gelu_shares)(x);
    NAME(store)(out + i, x * parts.share);
    if (!slopes) continue;
    const Vec near = NAME(within)(x, NAME(gelu_bound));
    const Vec both = parts.share * parts.rest;
    NAME(store)(slopes + i, NAME(fma)(near, both * NAME(gelu_slope)(near), parts.share));
  }
}

static void NAME(gelu_curvature)(size_t count, const REAL *in, const REAL *left,
                                 const REAL *right, REAL *out) {
  for (size_t i = 0; i < count; i += WIDTH) {
    const Vec x = NAME(within)(NAME(load)(in + i), NAME(gelu_bound));
    const struct NAME(GELU) parts = NAME(gelu_shares)(x);
    const Vec slope = NAME(gelu_slope)(x);
    const Vec bend = 6 * NAME(gelu_scale) * NAME(gelu_cubic) * x;
    const Vec second = NAME(fma)((parts.rest - parts.share) * slope, slope, bend);
    const Vec curvature = parts.share * parts.rest * NAME(fma)(x, second, 2 * slope);
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
