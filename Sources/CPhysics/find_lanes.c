#include "clones.h"
#include "cphysics_lanes.h"

typedef double Vector __attribute__((vector_size(64)));

FASTEST uint64_t cphysics_less(const double *row, double bound, int lanes) {
  uint64_t found = 0;
  for (int first = 0; first < lanes; first += 8) {
    const Vector values = *(const Vector *)(row + first);
    uint64_t bits = 0;
    for (int lane = 0; lane < 8; lane++) bits |= (uint64_t)(values[lane] < bound) << lane;
    found |= bits << first;
  }
  return found;
}
