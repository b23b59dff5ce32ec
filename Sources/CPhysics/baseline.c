#include "generation.h"

#define GENERATION cphysics_baseline
#define NAME "baseline"
#define PART_WIDTH 4
#include "instance.h"
