#include "cphysics.h"

#include <math.h>

double cphysics_plain_power(double base, double exponent) {
  // The compiler would make x·x of pow(x, 2).
  const volatile double opaque = exponent;
  return pow(base, opaque);
}
