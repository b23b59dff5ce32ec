#include "ckernels.h"

#include "table.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

extern const struct KernelTable_single kernels_single_baseline;
extern const struct KernelTable_f32_table kernels_f32_baseline;
extern const struct KernelTable_f64_table kernels_f64_baseline;
#if defined(__x86_64__)
extern const struct KernelTable_single kernels_single_v3, kernels_single_v4;
extern const struct KernelTable_f32_table kernels_f32_v3, kernels_f32_v4;
extern const struct KernelTable_f64_table kernels_f64_v3, kernels_f64_v4;
#endif

struct Generation {
  const char *name;
  const struct KernelTable_single *single;
  const struct KernelTable_f32_table *f32;
  const struct KernelTable_f64_table *f64;
};

// From the newest to the oldest.
static const struct Generation generations[] = {
#if defined(__x86_64__)
    {"x86-64-v4", &kernels_single_v4, &kernels_f32_v4, &kernels_f64_v4},
    {"x86-64-v3", &kernels_single_v3, &kernels_f32_v3, &kernels_f64_v3},
#endif
    {"baseline", &kernels_single_baseline, &kernels_f32_baseline, &kernels_f64_baseline},
};
enum { generation_count = sizeof generations / sizeof generations[0] };

static int is_supported(const struct Generation *generation) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (generation == &generations[0]) return __builtin_cpu_supports("x86-64-v4");
  if (generation == &generations[1]) return __builtin_cpu_supports("x86-64-v3");
#endif
  return 1;
}

static _Atomic(const struct Generation *) chosen;

// The newest for null; null where there is none of that name here.
static const struct Generation *find(const char *name) {
  for (int i = 0; i < generation_count; i++)
    if (is_supported(&generations[i]) && (!name || strcmp(name, generations[i].name) == 0))
      return &generations[i];
  return NULL;
}

int ckernels_use_generation(const char *name) {
  const struct Generation *found = find(name);
  if (found) atomic_store(&chosen, found);
  return found != NULL;
}

// Set but empty is as if unset.
static const char *environment(void) {
  const char *name = getenv("NRES_PROCESSOR");
  return name && *name ? name : NULL;
}

int ckernels_has_generation(const char *name) { return find(name) != NULL; }

int ckernels_environment_is_valid(void) { return ckernels_has_generation(environment()); }

static const struct Generation *generation(void) {
  const struct Generation *current = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (current) return current;
  if (!ckernels_use_generation(environment())) ckernels_use_generation(NULL);
  return atomic_load(&chosen);
}

const char *ckernels_generation(void) { return generation()->name; }

#define KERNEL(name, parameters, arguments) \
  void ckernels_##name parameters { generation()->single->name arguments; }
#include "single.def"
#undef KERNEL
#define REAL float
#define KERNEL(name, parameters, arguments) \
  void ckernels_##name##_f32 parameters { generation()->f32->name arguments; }
#include "kernels.def"
#undef KERNEL
#undef REAL
#define REAL double
#define KERNEL(name, parameters, arguments) \
  void ckernels_##name##_f64 parameters { generation()->f64->name arguments; }
#include "kernels.def"
