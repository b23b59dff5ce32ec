// Products of matrices with rows of lanes, by tiles of accumulators that stay in registers.

// out[o] = Σ weight · in over taps and inputs: where the numbers lie, as distances between
// neighbours.
struct NAME(Sums) {
  size_t inputs;
  // Taps in each direction: 1, or 3 of a convolution. A constant where it is inlined.
  size_t taps;
  ptrdiff_t tap_weight, input_weight, output_weight;
  size_t tap_row, tap_column, input, output;
  int accumulates;
  // Makes out 0 where a gate, laid out as out, is not positive, or, if there is none, where out
  // itself is negative.
  int rectifies;
};

// The tile of `rows` outputs and `vectors` vectors of lanes, both constants where it is inlined.
INLINE void NAME(tile)(const size_t rows, const size_t vectors, struct NAME(Sums) s,
                       const REAL *weights, const REAL *bias, const REAL *gate, const REAL *in,
                       REAL *out) {
  Vec sums[TILE_ROWS][TILE_VECTORS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++)
      sums[r][v] = bias            ? NAME(all)(bias[r])
                   : s.accumulates ? NAME(load)(out + r * s.output + v * WIDTH)
                                   : NAME(all)(0);
  for (size_t t = 0; t < s.taps * s.taps; t++) {
    const REAL *from = in + t / s.taps * s.tap_row + t % s.taps * s.tap_column;
    const REAL *row = weights + (ptrdiff_t)t * s.tap_weight;
    for (size_t i = 0; i < s.inputs; i++) {
      Vec x[TILE_VECTORS];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) x[v] = NAME(load)(from + i * s.input + v * WIDTH);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const Vec weight =
            NAME(all)(row[(ptrdiff_t)i * s.input_weight + (ptrdiff_t)r * s.output_weight]);
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) sums[r][v] = NAME(fma)(weight, x[v], sums[r][v]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      const size_t place = r * s.output + v * WIDTH;
      Vec sum = sums[r][v];
      if (s.rectifies)
        sum = gate ? NAME(where_positive)(NAME(load)(gate + place), sum) : NAME(rectified)(sum);
      NAME(store)(out + place, sum);
    }
}

// All outputs for `vectors` vectors of lanes.
INLINE void NAME(column)(const size_t vectors, size_t outputs, struct NAME(Sums) s,
                         const REAL *weights, const REAL *bias, const REAL *gate, const REAL *in,
                         REAL *out) {
  size_t o = 0;
#define TILES(rows) \
  for (; o + rows <= outputs; o += rows) \
    NAME(tile)(rows, vectors, s, weights + (ptrdiff_t)o * s.output_weight, \
               bias ? bias + o : bias, gate ? gate + o * s.output : gate, in, \
               out + o * s.output);
  TILES(TILE_ROWS)
#if TILE_ROWS > 4
  TILES(4)
#endif
  TILES(2)
  TILES(1)
#undef TILES
}

// All outputs and `lanes` lanes.
INLINE void NAME(sums)(size_t outputs, size_t lanes, struct NAME(Sums) s, const REAL *weights,
                       const REAL *bias, const REAL *gate, const REAL *in, REAL *out) {
  size_t l = 0;
#define COLUMNS(vectors) \
  for (; l + vectors * WIDTH <= lanes; l += vectors * WIDTH) \
    NAME(column)(vectors, outputs, s, weights, bias, gate ? gate + l : gate, in + l, out + l);
  COLUMNS(TILE_VECTORS)
#if TILE_VECTORS > 2
  COLUMNS(2)
#endif
  COLUMNS(1)
#undef COLUMNS
}

static void NAME(dense_layer)(size_t inputs, size_t outputs, size_t lanes, const REAL *weights,
                              size_t input_stride, size_t output_stride, const REAL *bias,
                              int accumulates, int rectifies, const REAL *gate, const REAL *in,
                              REAL *out) {
  const struct NAME(Sums) s = {
      .inputs = inputs,
      .taps = 1,
      .input_weight = (ptrdiff_t)input_stride,
      .output_weight = (ptrdiff_t)output_stride,
      .input = lanes,
      .output = lanes,
      .accumulates = accumulates,
      .rectifies = rectifies,
  };
  NAME(sums)(outputs, lanes, s, weights, bias, gate, in, out);
}

static void NAME(dense)(size_t inputs, size_t outputs, size_t lanes, const REAL *weights,
                        size_t input_stride, size_t output_stride, const REAL *bias,
                        int accumulates, const REAL *in, REAL *out) {
  NAME(dense_layer)(inputs, outputs, lanes, weights, input_stride, output_stride, bias,
                    accumulates, 0, NULL, in, out);
}

// products[t][i][o] += Σ left[i] · right[o] over `rows` rows of `length` lanes, left shifted by t
// taps.
struct NAME(Products) {
  size_t inputs, outputs, rows, length;
  // From a tap, an i or o, and a row to the next.
  size_t tap, left, right, left_row, right_row;
};

#define COLUMNS 4
// The tile of `taps` taps, `lefts` inputs and `rights` outputs, constants where it is inlined;
// `rights` is COLUMNS or 1.
INLINE void NAME(product_tile)(const size_t taps, const size_t lefts, const size_t rights,
                               struct NAME(Products) p, const REAL *left, const REAL *right,
                               REAL *products) {
  Vec sums[PRODUCT_TAPS * PRODUCT_ROWS][COLUMNS];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < taps * lefts; i++)
#pragma clang loop unroll(full)
    for (size_t o = 0; o < rights; o++) sums[i][o] = NAME(all)(0);
  for (size_t r = 0; r < p.rows; r++)
    for (size_t l = 0; l < p.length; l += WIDTH) {
      Vec y[COLUMNS];
#pragma clang loop unroll(full)
      for (size_t o = 0; o < rights; o++)
        y[o] = NAME(load)(right + o * p.right + r * p.right_row + l);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < taps * lefts; i++) {
        const Vec x =
            NAME(load)(left + i / lefts * p.tap + i % lefts * p.left + r * p.left_row + l);
#pragma clang loop unroll(full)
        for (size_t o = 0; o < rights; o++) sums[i][o] = NAME(fma)(x, y[o], sums[i][o]);
      }
    }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < taps * lefts; i++) {
    REAL *to = products + (i / lefts * p.inputs + i % lefts) * p.outputs;
    if (rights == COLUMNS)
      *(NAME(Four) *)to += NAME(totals)(sums[i][0], sums[i][1], sums[i][2], sums[i][3]);
    else
      *to += NAME(total)(sums[i][0]);
  }
}

INLINE void NAME(product_rows)(const size_t taps, const size_t lefts, struct NAME(Products) p,
                               const REAL *left, const REAL *right, REAL *products) {
  size_t o = 0;
  for (; o + COLUMNS <= p.outputs; o += COLUMNS)
    NAME(product_tile)(taps, lefts, COLUMNS, p, left, right + o * p.right, products + o);
  for (; o < p.outputs; o++)
    NAME(product_tile)(taps, lefts, 1, p, left, right + o * p.right, products + o);
}

INLINE void NAME(products)(const size_t taps, struct NAME(Products) p, const REAL *left,
                           const REAL *right, REAL *products) {
  const size_t most = taps > 1 ? PRODUCT_ROWS / 2 : PRODUCT_ROWS;
  size_t i = 0;
  for (; i + most <= p.inputs; i += most)
    NAME(product_rows)(taps, most, p, left + i * p.left, right, products + i * p.outputs);
  for (; i < p.inputs; i++)
    NAME(product_rows)(taps, 1, p, left + i * p.left, right, products + i * p.outputs);
}
#undef COLUMNS

static void NAME(outer_products)(size_t inputs, size_t outputs, size_t lanes, const REAL *left,
                                 const REAL *right, REAL *products) {
  const struct NAME(Products) p = {.inputs = inputs,
                                   .outputs = outputs,
                                   .rows = 1,
                                   .length = lanes,
                                   .left = lanes,
                                   .right = lanes};
  NAME(products)(1, p, left, right, products);
}
