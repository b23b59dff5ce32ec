#include "table.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define GENERATION baseline
#define TILE_ROWS 3
#define TILE_VECTORS 1
#define PRODUCT_ROWS 1
#define PRODUCT_TAPS 1
#include "single.h"
#define REAL float
#define PRECISION f32
#define WIDTH 16
#include "learned/instance.h"
#undef REAL
#undef PRECISION
#undef WIDTH
#define REAL double
#define PRECISION f64
#define WIDTH 8
#include "learned/instance.h"
