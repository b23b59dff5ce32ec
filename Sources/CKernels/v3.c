#include "table.h"

#include <float.h>
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#define GENERATION v3
#define TILE_ROWS 6
#define TILE_VECTORS 1
#define PRODUCT_ROWS 1
#define PRODUCT_TAPS 1
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "single.h"
#include "learned/instances.h"
#pragma clang attribute pop
#endif
