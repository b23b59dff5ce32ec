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
#include "learned/instances.h"
