#include "generation.h"

#if defined(__x86_64__)
#define GENERATION cphysics_v3
#define NAME "x86-64-v3"
#define PART_WIDTH 4
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "instance.h"
#pragma clang attribute pop
#endif
