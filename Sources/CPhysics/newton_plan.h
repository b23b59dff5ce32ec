#ifndef NEWTON_PLAN_H
#define NEWTON_PLAN_H

#include "cphysics_newton.h"

// Places in the group's memory are counted in doubles: a slot times the number of lanes.

typedef struct {
  uint64_t support;             // Bit i: it may differ from 0 in column i.
  int32_t limit;                // Its column if it is a limit's, else -1,
  double sign;                  // and what is there.
} Row;

// Rows that lanes have together: a limit or a contact. Each is a number of the plan's row, or the
// same number with `again` for a row that equals the one before it.
typedef struct {
  int32_t stiffness, number, count;
} Constraint;

enum { again = 1 << 30 };

// A row's places: stiffness, reference and a dense Jacobian.
enum { stiffness_place, reference_place, jacobian_places };

typedef struct {
  int32_t dof_count;
  int32_t row_count;            // Repeated ones are counted once; then comes a row that is 0.
  int32_t number_count, constraint_count, iterations, lanes;
  int32_t acceleration, constraint_force;
  double tolerance, mean_inertia, size, scale;
  int32_t *smooth_force, *smooth_acceleration, *warm_start;
  int32_t *simple;
  int32_t mass_count;
  int32_t *mass;                // Places of the lower triangle's entries, row by row: the diagonal
  int32_t *mass_column;         // first, then to the left.
  int32_t *mass_row;            // Row i's are those from mass_row[i] up to mass_row[i + 1].
  Constraint *constraints;
  int32_t *numbers;
  Row *rows;
  int32_t *places;
} Plan;

static inline int triangle(int row) { return row * (row + 1) / 2; }

#endif
