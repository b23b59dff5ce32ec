// One generation's kernels in one precision. Before it is included:
//   GENERATION                  part of each name.
//   TILE_ROWS, TILE_VECTORS     outputs and vectors of lanes whose sums its registers hold.
//   PRODUCT_ROWS, PRODUCT_TAPS  rows whose products with four others they hold, and taps of a
//                               convolution.
//   REAL, PRECISION, WIDTH      float, f32, 16 or double, f64, 8.

#define JOIN(name, precision, generation) name##_##precision##_##generation
#define NAMED(name, precision, generation) JOIN(name, precision, generation)
#define NAME(name) NAMED(name, PRECISION, GENERATION)
#define Vec NAME(Vec)

#include "vectors.h"

#include "products.h"

#include "activations.h"

#include "convolution.h"

#include "cross_entropy.h"

#include "mlp_optimizer.h"

#include "chains.h"

const struct NAMED(KernelTable, PRECISION, table) NAME(kernels) = {
#define KERNEL(name, parameters, arguments) .name = NAME(name),
#include "kernels.def"
#undef KERNEL
};

#undef Vec
#undef NAME
#undef NAMED
#undef JOIN
