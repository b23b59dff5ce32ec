#ifndef CPHYSICS_GENERATION_H
#define CPHYSICS_GENERATION_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cphysics.h"

// The generations of processors that there is code for.
extern const cphysics_generation cphysics_baseline;
#if defined(__x86_64__)
extern const cphysics_generation cphysics_v3, cphysics_v4;
#endif

#endif
