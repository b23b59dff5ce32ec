#include "generation.h"

#if defined(__x86_64__)
#define GENERATION cphysics_v4
#define NAME "x86-64-v4"
#define PART_WIDTH 8
// The compiler would rather take vectors of 32 bytes.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,no-prefer-256-bit"))), \
                             apply_to = function)
#include "instance.h"
#pragma clang attribute pop
#endif
