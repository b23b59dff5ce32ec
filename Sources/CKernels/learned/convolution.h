// 3×3 convolutions of planes of height · width rows, a row being the lanes of one place.

#define TAPS 3
// Rows of places that are copied together, with a border of zeros: ckernels_convolve_scratch says
// how much that takes at most.
#define BLOCK 4
#define BORDERED_ROW(width, lanes) (((width) + TAPS - 1) * (lanes))
// Channels of a copy begin an odd number of vectors apart, be they of floats or doubles, so that
// they share no set of the cache.
#define BORDERED(width, lanes) ((BLOCK + TAPS - 1) * BORDERED_ROW(width, lanes) + WIDTH)
#define PLAIN(width, lanes) (BLOCK * (width) * (lanes) + WIDTH)

// Rows start − 1 to start + BLOCK of each channel, with zeros around the planes.
static void NAME(copy_bordered)(size_t channels, size_t height, size_t width, size_t lanes,
                                size_t start, const REAL *in, REAL *copy) {
  const size_t length = width * lanes;
  for (size_t c = 0; c < channels; c++)
    for (size_t r = 0; r < BLOCK + TAPS - 1; r++) {
      REAL *to = copy + c * BORDERED(width, lanes) + r * BORDERED_ROW(width, lanes);
      memset(to, 0, BORDERED_ROW(width, lanes) * sizeof(REAL));
      // Counted as in the copy, of which the plane's first row is row 1.
      const size_t y = start + r;
      if (y > 0 && y <= height)
        memcpy(to + lanes, in + (c * height + y - 1) * length, length * sizeof(REAL));
    }
}

// out[o] = Σ weights · in over taps and inputs, `weights` being those of the first tap.
static void NAME(convolve_planes)(size_t inputs, size_t outputs, size_t height, size_t width,
                                  size_t lanes, const REAL *weights, ptrdiff_t tap_weight,
                                  size_t input_weight, size_t output_weight, const REAL *bias,
                                  int accumulates, const REAL *in, REAL *out, REAL *scratch) {
  const size_t length = width * lanes;
  const struct NAME(Sums) s = {
      .inputs = inputs,
      .taps = TAPS,
      .tap_weight = tap_weight,
      .input_weight = (ptrdiff_t)input_weight,
      .output_weight = (ptrdiff_t)output_weight,
      .tap_row = BORDERED_ROW(width, lanes),
      .tap_column = lanes,
      .input = BORDERED(width, lanes),
      .output = height * length,
      .accumulates = accumulates,
  };
  for (size_t start = 0; start < height; start += BLOCK) {
    NAME(copy_bordered)(inputs, height, width, lanes, start, in, scratch);
    for (size_t y = start; y < height && y < start + BLOCK; y++)
      NAME(sums)(outputs, length, s, weights, bias, NULL, scratch + (y - start) * s.tap_row,
                 out + y * length);
  }
}

static void NAME(convolve)(size_t inputs, size_t outputs, size_t height, size_t width,
                           size_t lanes, const REAL *weights, const REAL *bias, int accumulates,
                           const REAL *in, REAL *out, REAL *scratch) {
  NAME(convolve_planes)(inputs, outputs, height, width, lanes, weights,
                        (ptrdiff_t)(inputs * outputs), outputs, 1, bias, accumulates, in, out,
                        scratch);
}

// A convolution from outputs to inputs, with the taps in the opposite order.
static void NAME(convolve_pull_back)(size_t inputs, size_t outputs, size_t height, size_t width,
                                     size_t lanes, const REAL *weights, int accumulates,
                                     const REAL *slopes, REAL *adjoints, REAL *scratch) {
  const size_t tap = inputs * outputs;
  NAME(convolve_planes)(outputs, inputs, height, width, lanes, weights + (TAPS * TAPS - 1) * tap,
                        -(ptrdiff_t)tap, 1, outputs, NULL, accumulates, slopes, adjoints, scratch);
}

static void NAME(convolve_weights)(size_t inputs, size_t outputs, size_t height, size_t width,
                                   size_t lanes, const REAL *in, const REAL *slopes, REAL *sums,
                                   REAL *scratch) {
  REAL *const plain = scratch + inputs * BORDERED(width, lanes);
  struct NAME(Products) p = {
      .inputs = inputs,
      .outputs = outputs,
      .length = width * lanes,
      .tap = lanes,
      .left = BORDERED(width, lanes),
      .right = PLAIN(width, lanes),
      .left_row = BORDERED_ROW(width, lanes),
      .right_row = width * lanes,
  };
  for (size_t start = 0; start < height; start += BLOCK) {
    p.rows = height - start < BLOCK ? height - start : BLOCK;
    NAME(copy_bordered)(inputs, height, width, lanes, start, in, scratch);
    for (size_t o = 0; o < outputs; o++)
      memcpy(plain + o * p.right, slopes + (o * height + start) * p.length,
             p.rows * p.length * sizeof(REAL));
    for (size_t t = 0; t < TAPS * TAPS; t += PRODUCT_TAPS)
      NAME(products)(PRODUCT_TAPS, p, scratch + t / TAPS * p.left_row + t % TAPS * lanes, plain,
                     sums + t * inputs * outputs);
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

static void NAME(pool_pull_back)(size_t channels, size_t height, size_t width, size_t lanes,
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
#undef BORDERED_ROW
#undef BORDERED
#undef PLAIN
