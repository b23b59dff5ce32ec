#ifndef NEWTON_LANES_H
#define NEWTON_LANES_H

#include "vectors.h"

#pragma clang fp contract(off)
#pragma clang diagnostic ignored "-Wpsabi"  // All that takes vectors by value is inlined.

// A part of a group: so many lanes are computed in one vector.
enum { width = PART_WIDTH };

typedef double Lanes __attribute__((ext_vector_type(PART_WIDTH)));
typedef int64_t Mask __attribute__((ext_vector_type(PART_WIDTH)));
typedef _Bool Flags __attribute__((ext_vector_type(PART_WIDTH)));

static const double smallest = 1e-15;

INLINE uint8_t bits(Mask mask) {
  const Flags flags = __builtin_convertvector(mask, Flags);
  uint8_t result;
  memcpy(&result, &flags, 1);
  return result & ((1 << width) - 1);
}

// Bit l becomes all bits of lane l.
INLINE Mask mask_of(uint8_t bits) {
  Mask bit;
  for (int lane = 0; lane < width; lane++) bit[lane] = (int64_t)1 << lane;
  return ((Mask)(int64_t)bits & bit) != 0;
}

INLINE Lanes where(Mask mask, Lanes value, Lanes otherwise) { return mask ? value : otherwise; }

INLINE Lanes kept(Mask mask, Lanes value) { return mask ? value : (Lanes)0.0; }

// The compiler must not see that these are zeros: it would call memset, which is slow for so few.
INLINE void clear(Lanes *values, int count) {
  const Lanes zero = (Lanes)0.0, *hidden = &zero;
  __asm__("" : "+r"(hidden));
  for (int i = 0; i < count; i++) values[i] = *hidden;
}

// Up to three products that are summed by themselves.
INLINE Lanes short_dot(const Lanes *a, const Lanes *b, int count) {
  Lanes sum = a[0] * b[0];
  if (count > 1) sum += a[1] * b[1];
  if (count > 2) sum += a[2] * b[2];
  return sum;
}

// Four running sums, as MuJoCo has them, then what is left. What MuJoCo adds to 0 first is not
// here, so the sign of a zero may differ.
INLINE Lanes dot(const Lanes *a, const Lanes *b, int count) {
  if (count < 4) return short_dot(a, b, count);
  Lanes s0 = a[0] * b[0], s1 = a[1] * b[1], s2 = a[2] * b[2], s3 = a[3] * b[3];
  int i = 4;
  for (; i + 4 <= count; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  const Lanes sum = (s0 + s2) + (s1 + s3);
  return i < count ? sum + short_dot(a + i, b + i, count - i) : sum;
}

#endif
