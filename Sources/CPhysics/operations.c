#include <stddef.h>

#include "cphysics.h"

static const char *const expressions[] = {
#define OPERATION(slots, constants, expression) #expression,
#include "operations.def"
#undef OPERATION
};

int cphysics_operation_count(void) {
  return cphysics_first_expression + (int)(sizeof expressions / sizeof *expressions);
}

const char *cphysics_operation_expression(int operation) {
  const int index = operation - cphysics_first_expression;
  return index < 0 || operation >= cphysics_operation_count() ? NULL : expressions[index];
}
