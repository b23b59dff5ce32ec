#ifndef CPHYSICS_POWER_H
#define CPHYSICS_POWER_H

#include "vectors.h"

#pragma STDC FP_CONTRACT OFF

// The C library's power errs by less than 0.54 units in the last place (its source says so). So it
// gives the square rounded to nearest, except perhaps where the exact square lies within 0.04 units
// of the middle between two doubles: within 0.05 it is asked.
INLINE void find_doubtful(Integers *doubtful, const Vector *argument) {
  const Vector x = *argument, square = x * x;
  const Vector rest = FMA(x, x, -square);
  const Integers bits = (Integers)square;
  const Vector unit = (Vector)(bits & 0x7ff0000000000000) * 0x1p-52;
  // Below a power of two the doubles are twice as near.
  const Integers is_below_step = ((bits & 0x000fffffffffffff) == 0) & (rest < 0);
  // Elsewhere the rest is not exact, or the square is not finite.
  const Integers is_usual = ((square > 0x1p-900) & (square < 0x1p1000)) | (x == 0);
  *doubtful = (__builtin_elementwise_abs(rest) > 0.45 * unit) | is_below_step | ~is_usual;
}

static void power(const double *x, double exponent, double *result, int count) {
  if (exponent != 2) {
    for (int i = 0; i < count; i++) result[i] = cphysics_plain_power(x[i], exponent);
    return;
  }
  for (int i = 0; i < count; i += 8) {
    const Vector value = *(const Loose *)(x + i);
    Vector square = value * value;
    Integers doubtful;
    find_doubtful(&doubtful, &value);
    if (__builtin_reduce_or(doubtful)) {
      for (int lane = 0; lane < 8; lane++) {
        if (doubtful[lane]) square[lane] = cphysics_plain_power(value[lane], 2);
      }
    }
    *(Loose *)(result + i) = square;
  }
}

#endif
