#ifndef CPHYSICS_FIND_LANES_H
#define CPHYSICS_FIND_LANES_H

#include "vectors.h"

static uint64_t less(const double *row, double bound, int lanes) {
  uint64_t found = 0;
  for (int first = 0; first < lanes; first += 8) {
    const Vector values = *(const Vector *)(row + first);
    uint64_t bits = 0;
    for (int lane = 0; lane < 8; lane++) bits |= (uint64_t)(values[lane] < bound) << lane;
    found |= bits << first;
  }
  return found;
}

#endif
