#ifndef CPHYSICS_NEWTON_H
#define CPHYSICS_NEWTON_H

#include <stddef.h>
#include <stdint.h>

// What a generation's `newton` is to solve: accelerations under joint limits and contacts, for groups
// of environments side by side. Quantity `i` of lane `l` is slots[i * lanes + l]; `slots` are aligned
// to 64 bytes and `lanes` is 8, 16, … 64. Each lane gets the bits of MuJoCo 2.2.2's Newton solver with
// a dense Jacobian and a warm start.

typedef struct {
  int dof_count;                // At most 64.
  int iterations;
  double tolerance;
  double mean_inertia;
  int32_t zero;                 // A slot that is 0 in every lane.
  const int32_t *parent;        // Each degree of freedom's parent, -1 for a root.
  const int32_t *simple;        // Not 0 where the row of the mass matrix is its diagonal only.
  const int32_t *mass;          // Slots: each one's diagonal, then its ancestors upwards; -1: always 0.
  const int32_t *smooth_force, *smooth_acceleration, *warm_start;  // Slots.
  int32_t acceleration, constraint_force;  // First of `dof_count` slots that are written.
} cphysics_newton_model;

typedef struct {
  int32_t dof;                  // At least 0: a limit's row, `sign` there and 0 elsewhere. -1: a contact's.
  double sign;
  const int32_t *jacobian;      // A contact's row: a slot a degree of freedom, -1 where always 0.
  int32_t stiffness, reference; // Slots of D, 0 in lanes without this row, and of aref.
} cphysics_row;

// A plan is what can be known without the lanes' numbers; threads may share it. `rows` are all that
// can occur, in MuJoCo's order. It keeps no pointer into its arguments, but into itself: it must stay
// where it is. A contact's row whose slots are those of the row before it is computed once.
size_t cphysics_newton_plan_size(const cphysics_newton_model *model, int row_count);
void cphysics_newton_make_plan(void *plan, const cphysics_newton_model *model,
                               const cphysics_row *rows, int row_count, int lanes);

#endif
