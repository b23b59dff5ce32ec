// Products of matrices and activations.

// The tile of `rows` outputs and `vectors` vectors of lanes, whose accumulators stay in registers.
// `rows` and `vectors` are constants where it is inlined.
INLINE void NAME(tile)(const size_t rows, const size_t vectors, size_t inputs, size_t lanes,
                       const REAL *weights, size_t input_stride, size_t output_stride,
                       const REAL *bias, int accumulates, const REAL *in, REAL *out) {
  Vec sums[TILE_ROWS][TILE_VECTORS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++)
      sums[r][v] = bias          ? NAME(all)(bias[r])
                   : accumulates ? NAME(load)(out + r * lanes + v * WIDTH)
                                 : NAME(all)(0);
  for (size_t i = 0; i < inputs; i++) {
    Vec x[TILE_VECTORS];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) x[v] = NAME(load)(in + i * lanes + v * WIDTH);
    const REAL *row = weights + i * input_stride;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const Vec weight = NAME(all)(row[r * output_stride]);
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) sums[r][v] = NAME(fma)(weight, x[v], sums[r][v]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) NAME(store)(out + r * lanes + v * WIDTH, sums[r][v]);
}

// All outputs for `vectors` vectors of lanes.
INLINE void NAME(column)(const size_t vectors, size_t inputs, size_t outputs, size_t lanes,
                         const REAL *weights, size_t input_stride, size_t output_stride,
                         const REAL *bias, int accumulates, const REAL *in, REAL *out) {
  size_t o = 0;
  for (; o + TILE_ROWS <= outputs; o += TILE_ROWS)
    NAME(tile)(TILE_ROWS, vectors, inputs, lanes, weights + o * output_stride, input_stride,
               output_stride, bias ? bias + o : bias, accumulates, in, out + o * lanes);
  if (TILE_ROWS > 4 && o + 4 <= outputs) {
    NAME(tile)(4, vectors, inputs, lanes, weights + o * output_stride, input_stride, output_stride,
               bias ? bias + o : bias, accumulates, in, out + o * lanes);
    o += 4;
  }
  if (o + 2 <= outputs) {
    NAME(tile)(2, vectors, inputs, lanes, weights + o * output_stride, input_stride, output_stride,
               bias ? bias + o : bias, accumulates, in, out + o * lanes);
    o += 2;
  }
  if (o < outputs)
    NAME(tile)(1, vectors, inputs, lanes, weights + o * output_stride, input_stride, output_stride,
               bias ? bias + o : bias, accumulates, in, out + o * lanes);
}

static void NAME(dense)(size_t inputs, size_t outputs, size_t lanes, const REAL *weights,
                        size_t input_stride, size_t output_stride, const REAL *bias,
                        int accumulates, const REAL *in, REAL *out) {
  size_t l = 0;
  for (; l + TILE_VECTORS * WIDTH <= lanes; l += TILE_VECTORS * WIDTH)
    NAME(column)(TILE_VECTORS, inputs, outputs, lanes, weights, input_stride, output_stride, bias,
                 accumulates, in + l, out + l);
  if (TILE_VECTORS > 2 && l + 2 * WIDTH <= lanes) {
    NAME(column)(2, inputs, outputs, lanes, weights, input_stride, output_stride, bias, accumulates,
                 in + l, out + l);
    l += 2 * WIDTH;
  }
  for (; l < lanes; l += WIDTH)
    NAME(column)(1, inputs, outputs, lanes, weights, input_stride, output_stride, bias, accumulates,
                 in + l, out + l);
}

#define ROWS 4
// Σ over lanes of left[i] · right[o] for `rows` and `columns` of either, 4 or 1.
INLINE void NAME(products)(const size_t rows, const size_t columns, size_t lanes, const REAL *left,
                           const REAL *right, size_t stride, REAL *out) {
  Vec sums[ROWS][ROWS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t c = 0; c < columns; c++) sums[r][c] = NAME(all)(0);
  for (size_t l = 0; l < lanes; l += WIDTH) {
    Vec x[ROWS], y[ROWS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) x[r] = NAME(load)(left + r * lanes + l);
#pragma clang loop unroll(full)
    for (size_t c = 0; c < columns; c++) y[c] = NAME(load)(right + c * lanes + l);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
      for (size_t c = 0; c < columns; c++) sums[r][c] = NAME(fma)(x[r], y[c], sums[r][c]);
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    if (columns == ROWS)
      *(NAME(Four) *)(out + r * stride) +=
          NAME(totals)(sums[r][0], sums[r][1], sums[r][2], sums[r][3]);
    else
      out[r * stride] += NAME(total)(sums[r][0]);
  }
}

INLINE void NAME(product_rows)(const size_t rows, size_t outputs, size_t lanes, const REAL *left,
                               const REAL *right, REAL *out) {
  size_t o = 0;
  for (; o + ROWS <= outputs; o += ROWS)
    NAME(products)(rows, ROWS, lanes, left, right + o * lanes, outputs, out + o);
  for (; o < outputs; o++)
    NAME(products)(rows, 1, lanes, left, right + o * lanes, outputs, out + o);
}

static void NAME(outer_products)(size_t inputs, size_t outputs, size_t lanes, const REAL *left,
                                 const REAL *right, REAL *products) {
  size_t i = 0;
  for (; i + ROWS <= inputs; i += ROWS)
    NAME(product_rows)(ROWS, outputs, lanes, left + i * lanes, right, products + i * outputs);
  for (; i < inputs; i++)
    NAME(product_rows)(1, outputs, lanes, left + i * lanes, right, products + i * outputs);
}
#undef ROWS

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
