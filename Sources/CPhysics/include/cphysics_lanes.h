#ifndef CPHYSICS_LANES_H
#define CPHYSICS_LANES_H

#include <stdint.h>

// The lanes (bit l) in which a row of 8, 16 … 64 doubles, 64-byte aligned, is less than a bound.
uint64_t cphysics_less(const double *row, double bound, int lanes);

#endif
