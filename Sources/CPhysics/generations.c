#include "generation.h"

const cphysics_generation *cphysics_generation_at(int index) {
  static const cphysics_generation *const all[] = {
#if defined(__x86_64__)
      &cphysics_v4,
      &cphysics_v3,
#endif
      &cphysics_baseline,
  };
  return index < (int)(sizeof all / sizeof *all) ? all[index] : NULL;
}
