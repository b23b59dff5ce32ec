#include "table.h"

#include <float.h>
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#define GENERATION v4
#define TILE_ROWS 8
#define TILE_VECTORS 3
#define PRODUCT_ROWS 4
#define PRODUCT_TAPS 3
// Where no vector is as wide, the compiler would rather take those of 32 bytes.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,no-prefer-256-bit"))), \
                             apply_to = function)
#include "single.h"
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#include "learned/instances.h"
#pragma clang attribute pop
#endif
