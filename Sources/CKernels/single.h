// One generation's kernels of single.def. Before it is included: GENERATION, part of the table's name.

#include "add_products.h"
#include "exponential.h"
#include "gather.h"
#include "lorenz.h"
#include "lorenz_push_forward.h"
#include "matrix_vector.h"
#include "resize.h"
#include "threefry.h"

#define JOIN(generation) kernels_single_##generation
#define NAMED(generation) JOIN(generation)
const struct KernelTable_single NAMED(GENERATION) = {
#define KERNEL(name, parameters, arguments) .name = name,
#include "single.def"
#undef KERNEL
};
#undef JOIN
#undef NAMED
