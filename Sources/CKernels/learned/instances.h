// One generation's kernels of learned optimizers in both precisions: see instance.h for what is to
// be defined before.

#define REAL float
#define PRECISION f32
#define WIDTH 16
#include "instance.h"
#undef REAL
#undef PRECISION
#undef WIDTH
#define REAL double
#define PRECISION f64
#define WIDTH 8
#include "instance.h"
