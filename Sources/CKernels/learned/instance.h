// One generation's kernels in one precision. Before it is included: GENERATION (part of each name), TILE_ROWS and
// TILE_VECTORS (accumulators that its registers hold), PRODUCT_ROWS (the same for products of
// planes), REAL and PRECISION (f32 or f64).

#define JOIN(name, precision, generation) name##_##precision##_##generation
#define NAMED(name, precision, generation) JOIN(name, precision, generation)
#define NAME(name) NAMED(name, PRECISION, GENERATION)
#define Vec NAME(Vec)

#include "vectors.h"

#include "layers.h"

#include "convolution.h"

#include "cross_entropy.h"

#include "mlp_optimizer.h"

const struct NAMED(KernelTable, PRECISION, table) NAME(kernels) = {
#define KERNEL(name, parameters, arguments) .name = NAME(name),
#include "../include/kernels.def"
#undef KERNEL
};

#undef Vec
#undef NAME
#undef NAMED
#undef JOIN
