#ifndef CPHYSICS_SINE_COSINE_H
#define CPHYSICS_SINE_COSINE_H

#include "sine_table.h"
#include "vectors.h"

// Generations differ in whether products that are added are fused; the results do not. Each is
// either proven to be the machine's, with or without fusing, or is the machine's.
#pragma STDC FP_CONTRACT ON
// Every function that takes or returns vectors is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

// x = k·π/128 + r, and the sine of x, from those of k·π/128, is
//   sin x = S + C·r + (S·(cos r − 1) + C·(sin r − r)),
// where |r| ≤ 0.01228. S and C come as a multiple of 2^-24 and what is left, r as a multiple of
// 2^-28 and what is left, so that the sum of `high` parts, a multiple of 2^-52 below 2, is exact.
// The `low` rest is below 2^-13.6. high + low is then sin x within U·0.29, where U = 2^-62:
//   in cos r − 1, by r (half of 2^-59, times sin r), its square, the polynomial, their product, and
//   the series' end, 0.05 + 0.031 + 0.019 + 0.031 + 0.005; by S + its rest in one number 0.019;
//   by the product with it, two sums, and the window's sum 4 · 0.031; all else 0.005.
// Where the sine is small (k = 0, ±128…), so are the errors: nothing but S·(cos r − 1) has any that
// do not shrink with it.
//
// glibc rounds a sum once at the end, and is otherwise wrong by E: its functions take the nearest
// i/128 of the argument, after reduction to |a| ≤ 0.8556, and a distance d ≤ 2^-8 from it. Their
// terms of about d are rounded in half a 2^-61 each: sin d, its product with a sine or cosine from
// a table, and the sum with the rest; where a cosine is due, d too. So E ≤ 3.05·U for sines of a
// (the product is with a cosine), and E ≤ (2.05 + 2·0.755)·U = 3.56·U for cosines. The few
// arguments for which d, with what is left of the reduction, exceeds 2^-8 have all been tried. With
// |a| < 0.126 it sums a series whose terms from the third power on have 6.5 roundings of half a
// unit: E ≤ 2^-53·1.09·|a|³. The largest seen are 2.25·U with fused products and 2.95·U without.
// Close to ±π/2 its reduction has an error of 1.5e-33.
//
// So where high + low ± window rounds to one number, the machine's sine is that number:
//   window = min(U·4, 2^-54.36·high²) + 2^-114·|k|.
// U·4 > U·(3.56 + 0.29); the second holds U·(3.05 + 0.04) at |a| = 0.126, below which there is far
// less to hold; the third is 3e-33 at π/2. Elsewhere the machine itself is asked: in 2.4 % of sines
// and of cosines where |x| < 1.6. Correct rounding, if the machine has that, passes too.
typedef double Pair __attribute__((vector_size(16)));
typedef double Four __attribute__((vector_size(32)));
typedef double LooseFour __attribute__((vector_size(32), aligned(8)));
typedef int64_t Whole __attribute__((vector_size(32)));
typedef int32_t Halves __attribute__((vector_size(32)));
typedef _Bool Eight __attribute__((ext_vector_type(8)));

enum { four = 4, block = 256, steps = 256, quarter = 64, entry_shift = 5 };

// High parts of the sine and the cosine, then what is left of each.
#define PART 0x1p-24
#define FIRST(s, c, s_left, c_left) {s * PART, c * PART, s_left, c_left},
#define SECOND(s, c, s_left, c_left) {c * PART, -s * PART, c_left, -s_left},
#define THIRD(s, c, s_left, c_left) {-s * PART, -c * PART, -s_left, -c_left},
#define FOURTH(s, c, s_left, c_left) {-c * PART, s * PART, -c_left, s_left},
static const double table[steps][4] __attribute__((aligned(64))) = {
    QUARTER(FIRST) QUARTER(SECOND) QUARTER(THIRD) QUARTER(FOURTH)};

// The lanes of a group of `four` from `start` on whose result is to be asked for.
typedef struct {
  int start;
  unsigned flags;
} Unsure;

INLINE Four all(double value) { return value - (Four){0}; }

INLINE Four choose(Whole condition, Four yes, Four no) {
  return (Four)((condition & (Whole)yes) | (~condition & (Whole)no));
}

// Row `row` (of two) of the entries of a group of lanes: a column each.
INLINE void look_up(Whole offset, int row, Four *sine, Four *cosine) {
  Pair entry[four];
  for (int lane = 0; lane < four; lane++)
    entry[lane] = ((const Pair *)((const char *)table + offset[lane]))[row];
  const Four even = __builtin_shufflevector(entry[0], entry[2], 0, 1, 2, 3);
  const Four odd = __builtin_shufflevector(entry[1], entry[3], 0, 1, 2, 3);
  *sine = __builtin_shufflevector(even, odd, 0, 4, 2, 6);
  *cosine = __builtin_shufflevector(even, odd, 1, 5, 3, 7);
}

INLINE Four rounded(Four high, Four low, Four slack, Whole *sure) {
  const Four window =
      __builtin_elementwise_min(0x1.9p-55 * high * high, all(0x1p-60)) + slack;
  const Four below = high + (low - window), above = high + (low + window);
  *sure &= below == above;
  return below;
}

// Bit 2·lane where the sine is unsure, bit 2·lane + 1 where the cosine is.
INLINE unsigned flags(Whole sure_sine, Whole sure_cosine) {
  const Halves both = __builtin_shufflevector((Halves)~sure_sine, (Halves)~sure_cosine, 0, 9, 2, 11,
                                              4, 13, 6, 15);
  const Eight unsure = __builtin_convertvector(both < 0, Eight);
  uint8_t byte;
  memcpy(&byte, &unsure, sizeof byte);
  return byte;
}

INLINE unsigned evaluate(const double *from, double *sines, double *cosines) {
  const Four x = *(const LooseFour *)from;
  const Four size = __builtin_elementwise_abs(x);
  // The sum's last bits are k.
  const Four shift = all(0x1.8p52), shifted = x * 0x1.45f306dc9c883p+5 + shift;
  const Four k = shifted - shift;
  const Whole index = (Whole)shifted & (steps - 1);
  Four s_high, s_left, c_high, c_left;
  look_up(index << entry_shift, 0, &s_high, &c_high);
  look_up(index << entry_shift, 1, &s_left, &c_left);

  // π/128 in three parts: |k| < 2^22, so the first two, of 31 and 29 bits, have exact products. The
  // first difference is exact, and so is what `near`, or it on a grid, leaves of the second.
  // Where the sine or the cosine of k·π/128 is 0, r is kept whole: the result may be as small as it
  // is, and the products with 0 and ±1 are exact.
  const Four first = x - k * 0x1.921fb544p-6;
  const Four near = first - k * 0x1.0b4611ap-40;
  const Four grid = all(0x1.8p24);
  const Four r_high = choose((index & (quarter - 1)) == 0, near, (near + grid) - grid);
  const Four r_left = ((first - r_high) - k * 0x1.0b4611ap-40) - k * 0x1.898cc51701b84p-70;

  // r in one number, without waiting for its parts. The last coefficient is −1/720 + 0.925·r²/40320
  // at the largest r: that spreads the error of leaving off the eighth power.
  const Four r = first - k * 0x1.0b4611a626331p-40;
  const Four square = r * r;
  const Four odd = -0x1.5555555555555p-3 +
                    square * (0x1.1111111111111p-7 + square * -0x1.a01a01a01a01ap-13);
  const Four even = -0.5 + square * (0x1.5555555555555p-5 + square * -0x1.6c16861115861p-10);
  const Four sine_left = r_left + r * square * odd;
  const Four cosine_left = square * even;

  const Four s = s_high + s_left, c = c_high + c_left;
  const Four s_low = (s_left + c_left * r_high) + (c * sine_left + s * cosine_left);
  const Four c_low = (c_left - s_left * r_high) + (c * cosine_left - s * sine_left);
  const Four slack = __builtin_elementwise_abs(k) * 0x1p-114;
  Whole sure_sine = size <= 1e5, sure_cosine = sure_sine;
  const Four sine = rounded(s_high + c_high * r_high, s_low, slack, &sure_sine);
  // For the sign of zero; it is so for all these.
  *(LooseFour *)sines = choose(size < 0x1p-26, x, sine);
  *(LooseFour *)cosines = rounded(c_high - s_high * r_high, c_low, slack, &sure_cosine);
  return flags(sure_sine, sure_cosine);
}

INLINE void ask(double (*function)(double), const double *x, double *result, const Unsure *unsure,
                int count) {
  for (int i = 0; i < count; i++) {
    unsigned left = unsure[i].flags;
    do {
      const int lane = unsure[i].start + __builtin_ctz(left) / 2;
      result[lane] = function(x[lane]);
    } while (left &= left - 1);
  }
}

// Many lanes are evaluated before the unsure ones are asked for: a call between them, and each
// branch that is not foreseen, would cost more than the lanes do.
static void sine_cosine(const double *restrict x, double *restrict sine, double *restrict cosine,
                        int count) {
  const int whole = count & -four;
  Unsure sines[block / four], cosines[block / four];
  for (int start = 0; start < whole; start += block) {
    const int end = whole - start < block ? whole : start + block;
    int sine_count = 0, cosine_count = 0;
    for (int i = start; i < end; i += four) {
      const unsigned unsure = evaluate(x + i, sine + i, cosine + i);
      sines[sine_count] = (Unsure){i, unsure & 0x55};
      cosines[cosine_count] = (Unsure){i, unsure & 0xaa};
      sine_count += (unsure & 0x55) != 0;
      cosine_count += (unsure & 0xaa) != 0;
    }
    ask(sin, x, sine, sines, sine_count);
    ask(cos, x, cosine, cosines, cosine_count);
  }
  for (int i = whole < 0 ? 0 : whole; i < count; i++) {
    sine[i] = sin(x[i]);
    cosine[i] = cos(x[i]);
  }
}

#endif
