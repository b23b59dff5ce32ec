// 3×3 convolutions of planes of height · width rows, a row being the lanes of one place.

#define TAPS 3
// Rows of places that are copied together, with a border of zeros.
#define BLOCK 4
// A channel of such a copy: odd numbers of vectors, so that channels lie in different sets of the
// cache.
#define BORDERED(width, lanes) (((BLOCK) + TAPS - 1) * ((width) + TAPS - 1) * (lanes) + 16)
#define PLAIN(width, lanes) ((BLOCK) * (width) * (lanes) + 16)

// The rows of places [start − 1, start + BLOCK] of each channel, with zeros around the planes.
static void NAME(copy_bordered)(size_t channels, size_t height, size_t width, size_t lanes,
                                size_t start, const REAL *in, REAL *copy) {
  const size_t length = width * lanes;
  for (size_t c = 0; c < channels; c++)
    for (size_t r = 0; r < BLOCK + TAPS - 1; r++) {
      // Counted from the plane's first row.
      const size_t y = start + r - 1;
      if (y + 1 > height + 1) continue;
      REAL *to = copy + c * BORDERED(width, lanes) + r * (length + (TAPS - 1) * lanes);
      if (y >= height) {
        memset(to, 0, (length + (TAPS - 1) * lanes) * sizeof(REAL));
        continue;
      }
      memset(to, 0, lanes * sizeof(REAL));
      memcpy(to + lanes, in + (c * height + y) * length, length * sizeof(REAL));
      memset(to + lanes + length, 0, lanes * sizeof(REAL));
    }
}

// Where the numbers of a convolution lie: of tap t, input i and output o at
// t · tap + i · input + o · output.
struct NAME(Strides) {
  ptrdiff_t tap, input, output;
};

// `rows` outputs of `vectors` vectors of lanes; both are constants where it is inlined. `in` is
// where the first tap of the first input is read.
INLINE void NAME(convolve_tile)(const size_t rows, const size_t vectors, size_t inputs,
                                size_t width, size_t lanes, size_t plane, const REAL *weights,
                                struct NAME(Strides) strides, const REAL *bias, int accumulates,
                                const REAL *in, REAL *out) {
  Vec sums[TILE_ROWS][TILE_VECTORS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++)
      sums[r][v] = bias          ? NAME(all)(bias[r])
                   : accumulates ? NAME(load)(out + r * plane + v * WIDTH)
                                 : NAME(all)(0);
  for (size_t t = 0; t < TAPS * TAPS; t++) {
    const REAL *from = in + (t / TAPS * (width + TAPS - 1) + t % TAPS) * lanes;
    const REAL *row = weights + (ptrdiff_t)t * strides.tap;
    for (size_t i = 0; i < inputs; i++) {
      Vec x[TILE_VECTORS];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) x[v] = NAME(load)(from + v * WIDTH);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const Vec weight = NAME(all)(row[(ptrdiff_t)r * strides.output]);
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) sums[r][v] = NAME(fma)(weight, x[v], sums[r][v]);
      }
      from += BORDERED(width, lanes);
      row += strides.input;
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) NAME(store)(out + r * plane + v * WIDTH, sums[r][v]);
}

// All outputs for `vectors` vectors of lanes.
INLINE void NAME(convolve_column)(const size_t vectors, size_t inputs, size_t outputs,
                                  size_t width, size_t lanes, size_t plane, const REAL *weights,
                                  struct NAME(Strides) strides, const REAL *bias, int accumulates,
                                  const REAL *in, REAL *out) {
  size_t o = 0;
  for (; o + TILE_ROWS <= outputs; o += TILE_ROWS)
    NAME(convolve_tile)(TILE_ROWS, vectors, inputs, width, lanes, plane,
                        weights + (ptrdiff_t)o * strides.output, strides, bias ? bias + o : bias,
                        accumulates, in, out + o * plane);
  for (; o < outputs; o++)
    NAME(convolve_tile)(1, vectors, inputs, width, lanes, plane,
                        weights + (ptrdiff_t)o * strides.output, strides, bias ? bias + o : bias,
                        accumulates, in, out + o * plane);
}

static void NAME(convolve_planes)(size_t inputs, size_t outputs, size_t height, size_t width,
                                  size_t lanes, const REAL *weights,
                                  struct NAME(Strides) strides, const REAL *bias, int accumulates,
                                  const REAL *in, REAL *out, REAL *scratch) {
  const size_t length = width * lanes;
  for (size_t start = 0; start < height; start += BLOCK) {
    NAME(copy_bordered)(inputs, height, width, lanes, start, in, scratch);
    for (size_t y = start; y < height && y < start + BLOCK; y++) {
      const REAL *from = scratch + (y - start) * (length + (TAPS - 1) * lanes);
      REAL *to = out + y * length;
      size_t l = 0;
      for (; l + TILE_VECTORS * WIDTH <= length; l += TILE_VECTORS * WIDTH)
        NAME(convolve_column)(TILE_VECTORS, inputs, outputs, width, lanes, height * length,
                              weights, strides, bias, accumulates, from + l, to + l);
      if (TILE_VECTORS > 2 && l + 2 * WIDTH <= length) {
        NAME(convolve_column)(2, inputs, outputs, width, lanes, height * length, weights, strides,
                              bias, accumulates, from + l, to + l);
        l += 2 * WIDTH;
      }
      for (; l < length; l += WIDTH)
        NAME(convolve_column)(1, inputs, outputs, width, lanes, height * length, weights, strides,
                              bias, accumulates, from + l, to + l);
    }
  }
}

static void NAME(convolve)(size_t inputs, size_t outputs, size_t height, size_t width,
                           size_t lanes, const REAL *weights, const REAL *bias, int accumulates,
                           const REAL *in, REAL *out, REAL *scratch) {
  const struct NAME(Strides) strides = {(ptrdiff_t)(inputs * outputs), (ptrdiff_t)outputs, 1};
  NAME(convolve_planes)(inputs, outputs, height, width, lanes, weights, strides, bias, accumulates,
                        in, out, scratch);
}

// The same with taps in the opposite order, and outputs for inputs.
static void NAME(convolve_back)(size_t inputs, size_t outputs, size_t height, size_t width,
                                size_t lanes, const REAL *weights, int accumulates,
                                const REAL *slopes, REAL *adjoints, REAL *scratch) {
  const struct NAME(Strides) strides = {-(ptrdiff_t)(inputs * outputs), 1, (ptrdiff_t)outputs};
  NAME(convolve_planes)(outputs, inputs, height, width, lanes,
                        weights + (TAPS * TAPS - 1) * inputs * outputs, strides, NULL, accumulates,
                        slopes, adjoints, scratch);
}

// Σ over `rows` rows of places of in[i] · slopes[o], for the three taps of a row, `lefts` inputs and
// `rights` outputs (1, or those of the largest tile).
INLINE void NAME(tap_products)(const size_t lefts, const size_t rights, size_t rows, size_t width,
                               size_t lanes, const REAL *in, const REAL *slopes, size_t inputs,
                               size_t outputs, REAL *sums) {
  Vec products[TAPS][PRODUCT_ROWS][4];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < TAPS; t++)
#pragma clang loop unroll(full)
    for (size_t i = 0; i < lefts; i++)
#pragma clang loop unroll(full)
      for (size_t o = 0; o < rights; o++) products[t][i][o] = NAME(all)(0);
  for (size_t y = 0; y < rows; y++)
    for (size_t l = 0; l < width * lanes; l += WIDTH) {
      const REAL *left = in + y * (width + TAPS - 1) * lanes + l;
      const REAL *right = slopes + y * width * lanes + l;
      Vec slope[4];
#pragma clang loop unroll(full)
      for (size_t o = 0; o < rights; o++) slope[o] = NAME(load)(right + o * PLAIN(width, lanes));
#pragma clang loop unroll(full)
      for (size_t t = 0; t < TAPS; t++)
#pragma clang loop unroll(full)
        for (size_t i = 0; i < lefts; i++) {
          const Vec x = NAME(load)(left + t * lanes + i * BORDERED(width, lanes));
#pragma clang loop unroll(full)
          for (size_t o = 0; o < rights; o++)
            products[t][i][o] = NAME(fma)(x, slope[o], products[t][i][o]);
        }
    }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < TAPS; t++)
#pragma clang loop unroll(full)
    for (size_t i = 0; i < lefts; i++) {
      REAL *to = sums + (t * inputs + i) * outputs;
      Vec *const p = products[t][i];
      if (rights == 4)
        *(NAME(Four) *)to += NAME(totals)(p[0], p[1], p[2], p[3]);
      else
        *to += NAME(total)(p[0]);
    }
}

INLINE void NAME(tap_product_rows)(const size_t lefts, size_t rows, size_t width, size_t lanes,
                                   const REAL *in, const REAL *slopes, size_t inputs,
                                   size_t outputs, REAL *sums) {
  size_t o = 0;
  for (; o + 4 <= outputs; o += 4)
    NAME(tap_products)(lefts, 4, rows, width, lanes, in, slopes + o * PLAIN(width, lanes), inputs,
                       outputs, sums + o);
  for (; o < outputs; o++)
    NAME(tap_products)(lefts, 1, rows, width, lanes, in, slopes + o * PLAIN(width, lanes), inputs,
                       outputs, sums + o);
}

static void NAME(convolve_weights)(size_t inputs, size_t outputs, size_t height, size_t width,
                                   size_t lanes, const REAL *in, const REAL *slopes,
                                   REAL *sums, REAL *scratch) {
  const size_t length = width * lanes;
  REAL *const plain = scratch + inputs * BORDERED(width, lanes);
  for (size_t start = 0; start < height; start += BLOCK) {
    const size_t rows = height - start < BLOCK ? height - start : BLOCK;
    NAME(copy_bordered)(inputs, height, width, lanes, start, in, scratch);
    for (size_t o = 0; o < outputs; o++)
      memcpy(plain + o * PLAIN(width, lanes), slopes + (o * height + start) * length,
             rows * length * sizeof(REAL));
    for (size_t t = 0; t < TAPS; t++) {
      const REAL *from = scratch + t * (length + (TAPS - 1) * lanes);
      REAL *row_sums = sums + t * TAPS * inputs * outputs;
      size_t i = 0;
      for (; i + PRODUCT_ROWS <= inputs; i += PRODUCT_ROWS)
        NAME(tap_product_rows)(PRODUCT_ROWS, rows, width, lanes,
                               from + i * BORDERED(width, lanes), plain, inputs, outputs,
                               row_sums + i * outputs);
      for (; i < inputs; i++)
        NAME(tap_product_rows)(1, rows, width, lanes, from + i * BORDERED(width, lanes), plain,
                               inputs, outputs, row_sums + i * outputs);
    }
  }
}

static void NAME(pool)(size_t channels, size_t height, size_t width, size_t lanes, const REAL *in,
                       REAL *out) {
  for (size_t c = 0; c < channels; c++)
    for (size_t y = 0; y < height / 2; y++)
      for (size_t x = 0; x < width / 2; x++) {
        const REAL *above = in + ((c * height + 2 * y) * width + 2 * x) * lanes;
        const REAL *below = above + width * lanes;
        for (size_t l = 0; l < lanes; l += WIDTH) {
          const Vec sum = (NAME(load)(above + l) + NAME(load)(above + lanes + l)) +
                          (NAME(load)(below + l) + NAME(load)(below + lanes + l));
          NAME(store)(out, (REAL)0.25 * sum);
          out += WIDTH;
        }
      }
}

static void NAME(pool_back)(size_t channels, size_t height, size_t width, size_t lanes,
                            const REAL *slopes, REAL *adjoints) {
  for (size_t c = 0; c < channels; c++)
    for (size_t y = 0; y < height; y++)
      for (size_t x = 0; x < width; x++) {
        const int counts = y / 2 < height / 2 && x / 2 < width / 2;
        const REAL *from =
            slopes + ((c * (height / 2) + y / 2) * (width / 2) + x / 2) * lanes;
        for (size_t l = 0; l < lanes; l += WIDTH) {
          NAME(store)(adjoints, counts ? (REAL)0.25 * NAME(load)(from + l) : NAME(all)(0));
          adjoints += WIDTH;
        }
      }
}

static void NAME(transpose_rows)(size_t rows, size_t columns, size_t lanes, const REAL *in,
                                 REAL *out) {
  for (size_t c = 0; c < columns; c++)
    for (size_t r = 0; r < rows; r++) {
      memcpy(out, in + (r * columns + c) * lanes, lanes * sizeof(REAL));
      out += lanes;
    }
}

#undef TAPS
#undef BLOCK
#undef BORDERED
#undef PLAIN
