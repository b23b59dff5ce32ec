// Vectors of 64 bytes, which older processors hold in several registers.

#pragma clang fp contract(off)
// Every function that takes or returns vectors is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef REAL Vec __attribute__((vector_size(64), aligned(sizeof(REAL))));
typedef REAL NAME(Aligned) __attribute__((vector_size(64)));

INLINE Vec NAME(load)(const REAL *from) { return *(const Vec *)from; }

INLINE void NAME(store)(REAL *to, Vec value) { *(Vec *)to = value; }

INLINE Vec NAME(fma)(Vec a, Vec b, Vec c) { return __builtin_elementwise_fma(a, b, c); }

INLINE Vec NAME(all)(REAL value) { return value - (Vec){0}; }

// A comparison's answer: all bits of a lane, or none.
#if WIDTH == 16
typedef int32_t NAME(Mask) __attribute__((vector_size(64)));
#else
typedef int64_t NAME(Mask) __attribute__((vector_size(64)));
#endif

INLINE Vec NAME(select)(NAME(Mask) mask, Vec a, Vec b) {
  return (Vec)((mask & (NAME(Mask))a) | (~mask & (NAME(Mask))b));
}

// a where `of` is positive, else 0.
INLINE Vec NAME(where_positive)(Vec of, Vec a) { return (Vec)((of > 0) & (NAME(Mask))a); }

// max(value, 0), where NaN stays NaN.
INLINE Vec NAME(rectified)(Vec value) { return (Vec)(~(value <= 0) & (NAME(Mask))value); }

INLINE Vec NAME(max)(Vec a, Vec b) { return NAME(select)(a > b, a, b); }

// NaN stays NaN.
INLINE Vec NAME(within)(Vec value, REAL bound) {
  const Vec low = NAME(select)(value < -bound, NAME(all)(-bound), value);
  return NAME(select)(low > bound, NAME(all)(bound), low);
}

// Σ of the lanes, by halves.
INLINE REAL NAME(total)(Vec value) {
  REAL lanes[WIDTH];
  NAME(store)(lanes, value);
  for (size_t half = WIDTH / 2; half > 0; half /= 2)
    for (size_t i = 0; i < half; i++) lanes[i] += lanes[i + half];
  return lanes[0];
}

#if WIDTH == 16
#define HALVES(a, b) \
  (__builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) + \
   __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#define QUARTERS(a, b) \
  (__builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) + \
   __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31))
#define PAIRS(a) \
  (__builtin_shufflevector(a, a, 0, 1, 4, 5, 8, 9, 12, 13) + \
   __builtin_shufflevector(a, a, 2, 3, 6, 7, 10, 11, 14, 15))
#else
#define HALVES(a, b) \
  (__builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + \
   __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15))
#define QUARTERS(a, b) \
  (__builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13) + \
   __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15))
#define PAIRS(a) (a)
#endif

// Four lanes: Σ of the lanes of each of four vectors, by halves.
typedef REAL NAME(Four) __attribute__((vector_size(4 * sizeof(REAL)), aligned(sizeof(REAL))));
INLINE NAME(Four) NAME(totals)(Vec a, Vec b, Vec c, Vec d) {
  const Vec quarters = QUARTERS(HALVES(a, b), HALVES(c, d));
  return __builtin_shufflevector(PAIRS(quarters), PAIRS(quarters), 0, 2, 4, 6) +
         __builtin_shufflevector(PAIRS(quarters), PAIRS(quarters), 1, 3, 5, 7);
}
#undef HALVES
#undef QUARTERS
#undef PAIRS

#if WIDTH == 16
// 2^n · p(x − n·log 2), with the polynomial of Cephes' expf and log 2 in two parts; infinite
// above 88.37, and 0 where it is less than FLT_MIN.
INLINE Vec NAME(exp)(Vec value) {
  const float bound = 88.3762626647950f;
  Vec x = NAME(within)(value, bound);
  const Vec n = __builtin_elementwise_floor(
      NAME(fma)(x, NAME(all)(1.44269504088896341f), NAME(all)(0.5f)));
  x = NAME(fma)(n, NAME(all)(-0.693359375f), x);
  x = NAME(fma)(n, NAME(all)(2.12194440e-4f), x);
  Vec y = NAME(fma)(x, NAME(all)(1.9875691500e-4f), NAME(all)(1.3981999507e-3f));
  y = NAME(fma)(y, x, NAME(all)(8.3334519073e-3f));
  y = NAME(fma)(y, x, NAME(all)(4.1665795894e-2f));
  y = NAME(fma)(y, x, NAME(all)(1.6666665459e-1f));
  y = NAME(fma)(y, x, NAME(all)(5.0000001201e-1f));
  y = 1 + NAME(fma)(y, x * x, x);
  // NaN has passed the bounds, but is no exponent.
  const Vec finite = NAME(select)(value == value, n, NAME(all)(0));
  const NAME(Mask) bits = (__builtin_convertvector(finite, NAME(Mask)) + 127) << 23;
  return NAME(select)(value > bound, NAME(all)(INFINITY), y * (Vec)bits);
}

// 2^−|value|, with the polynomial of Cephes' exp2f; 0 from 126.5 on, and for what is no number.
INLINE Vec NAME(exp2_below_0)(Vec value) {
  const NAME(Mask) negative = (NAME(Mask))value | (NAME(Mask))NAME(all)(-0.0f);
  const Vec bounded = NAME(max)((Vec)negative, NAME(all)(-127));
  const Vec n = __builtin_elementwise_rint(bounded);
  const Vec x = bounded - n;
  const Vec square = x * x;
  // Short chains, as a loop's passes overlap only so far.
  const Vec low =
      NAME(fma)(x, NAME(all)(2.402264791363012e-1f), NAME(all)(6.931472028550421e-1f));
  const Vec middle =
      NAME(fma)(x, NAME(all)(9.618437357674640e-3f), NAME(all)(5.550332471162809e-2f));
  const Vec high =
      NAME(fma)(x, NAME(all)(1.535336188319500e-4f), NAME(all)(1.339887440266574e-3f));
  const Vec y = NAME(fma)(NAME(fma)(high, square, middle), square, low);
  const NAME(Mask) bits = (__builtin_convertvector(n, NAME(Mask)) + 127) << 23;
  return NAME(fma)(x, y, NAME(all)(1)) * (Vec)bits;
}

// A rational function, which keeps its relative accuracy near 0 (Eigen's, which XLA has too); in
// its middle x − x³/3 is x.
INLINE Vec NAME(tanh)(Vec value) {
  const float bound = 7.90531110763549805f;
  const Vec x = NAME(within)(value, bound);
  const Vec square = x * x;
  Vec p = NAME(fma)(square, NAME(all)(-2.76076847742355e-16f), NAME(all)(2.00018790482477e-13f));
  p = NAME(fma)(square, p, NAME(all)(-8.60467152213735e-11f));
  p = NAME(fma)(square, p, NAME(all)(5.12229709037114e-08f));
  p = NAME(fma)(square, p, NAME(all)(1.48572235717979e-05f));
  p = NAME(fma)(square, p, NAME(all)(6.37261928875436e-04f));
  p = NAME(fma)(square, p, NAME(all)(4.89352455891786e-03f));
  Vec q = NAME(fma)(square, NAME(all)(1.19825839466702e-06f), NAME(all)(1.18534705686654e-04f));
  q = NAME(fma)(square, q, NAME(all)(2.26843463243900e-03f));
  q = NAME(fma)(square, q, NAME(all)(4.89352518554385e-03f));
  return NAME(select)(__builtin_elementwise_abs(value) < 4e-4f, value, x * p / q);
}

// Cephes' logf: of m · 2^e with m in [√½, √2).
INLINE Vec NAME(log)(Vec value) {
  const NAME(Mask) subnormal = value < FLT_MIN;
  const NAME(Mask) bits = (NAME(Mask))NAME(select)(subnormal, value * 0x1p24f, value);
  Vec exponent = __builtin_convertvector((bits >> 23) - 126 - (subnormal & 24), Vec);
  const Vec mantissa = (Vec)((bits & 0x007FFFFF) | 0x3F000000);
  const NAME(Mask) small = mantissa < 0.707106781186547524f;
  exponent = NAME(select)(small, exponent - 1, exponent);
  const Vec x = NAME(select)(small, (mantissa - 1) + mantissa, mantissa - 1);
  const Vec square = x * x;
  Vec y = NAME(fma)(x, NAME(all)(7.0376836292e-2f), NAME(all)(-1.1514610310e-1f));
  y = NAME(fma)(y, x, NAME(all)(1.1676998740e-1f));
  y = NAME(fma)(y, x, NAME(all)(-1.2420140846e-1f));
  y = NAME(fma)(y, x, NAME(all)(1.4249322787e-1f));
  y = NAME(fma)(y, x, NAME(all)(-1.6668057665e-1f));
  y = NAME(fma)(y, x, NAME(all)(2.0000714765e-1f));
  y = NAME(fma)(y, x, NAME(all)(-2.4999993993e-1f));
  y = NAME(fma)(y, x, NAME(all)(3.3333331174e-1f));
  y = y * x * square;
  y = NAME(fma)(exponent, NAME(all)(-2.12194440e-4f), y);
  y = NAME(fma)(NAME(all)(-0.5f), square, y);
  const Vec result = NAME(fma)(exponent, NAME(all)(0.693359375f), x + y);
  const Vec odd = NAME(select)(value == 0, NAME(all)(-INFINITY),
                               NAME(select)(value > 0, value, NAME(all)(NAN)));
  return NAME(select)((value > 0) & (value < INFINITY), result, odd);
}
#else
// The library's functions: double serves checks, not speed.
#define BY_LANE(name) \
  INLINE Vec NAME(name)(Vec value) { \
    for (size_t i = 0; i < WIDTH; i++) value[i] = name(value[i]); \
    return value; \
  }
BY_LANE(exp)
BY_LANE(tanh)
BY_LANE(log)
BY_LANE(exp2)
#undef BY_LANE
INLINE Vec NAME(exp2_below_0)(Vec value) { return NAME(exp2)(-__builtin_elementwise_abs(value)); }
#endif
