#ifndef NEWTON_PART_H
#define NEWTON_PART_H

#include "line_search.h"
#include "newton_lanes.h"
#include "newton_plan.h"

// A row of each lane of a part, whichever it is there. Lanes without one have stiffness and
// Jacobian 0. `residual` is J acceleration − aref, `slope` J direction, and the quadratic the row's
// cost along the direction where the row is active.
typedef struct {
  Lanes stiffness, reference, residual, slope, constant, linear, square;
  Lanes *jacobian;              // Dense.
  uint64_t support;             // Bit i: it may differ from 0 in column i.
  int32_t start, end;           // All such columns are from `start` on and before `end`.
  int32_t repeat;               // How many equal rows follow each other.
  uint8_t lanes, active, was_active;
} PartRow;

// Some of a group's lanes, whose numbers lie here side by side.
typedef struct {
  Lanes *mass, *smooth_force, *smooth_acceleration;
  Lanes *acceleration, *momentum;  // `momentum` is mass times acceleration.
  Lanes *gradient, *direction, *direction_momentum, *constraint_force;
  Lanes *update;
  Lanes *factor;                // The Hessian's lower triangle, factored in place.
  Lanes *jacobian;
  PartRow *rows;
  int32_t *changes;             // A list a lane: rows that have changed their state.
  int32_t change_counts[width];
  int32_t lane[width];          // In the group.
  int32_t lane_count, row_count, passes;
  uint8_t searching;            // Lanes that go on.
  uint8_t refused;
  uint8_t stored;               // Lanes whose result is in the group.
  Lanes cost, gauss, alpha;
} Part;

// result += vector · scale, as often as told, from column `start` on and before `end`.
INLINE void add_scaled(Lanes *result, const Lanes *vector, Lanes scale, int start, int end,
                       int repeat) {
  if (repeat == 1) {
#pragma clang loop unroll_count(2)
    for (int i = start; i < end; i++) result[i] += vector[i] * scale;
    return;
  }
  for (int i = start; i < end; i++) {
    const Lanes added = vector[i] * scale;
    Lanes sum = result[i] + added + added;
    for (int k = 2; k < repeat; k++) sum += added;
    result[i] = sum;
  }
}

INLINE Lanes multiply_row(const Plan *plan, const PartRow *row, const Lanes *vector) {
  const Lanes *jacobian = row->jacobian;
  Lanes s0 = (Lanes)0.0, s1 = s0, s2 = s0, s3 = s0;
  int i = 0;
  for (; i + 4 <= plan->dof_count; i += 4) {
    if (!(row->support >> i & 15)) continue;
    s0 += jacobian[i] * vector[i];
    s1 += jacobian[i + 1] * vector[i + 1];
    s2 += jacobian[i + 2] * vector[i + 2];
    s3 += jacobian[i + 3] * vector[i + 3];
  }
  const Lanes sum = (s0 + s2) + (s1 + s3);
  if (i == plan->dof_count || !(row->support >> i)) return sum;
  return sum + short_dot(jacobian + i, vector + i, plan->dof_count - i);
}

// Each row of the lower triangle adds to its own sum, then to those of its ancestors. So many
// vectors at once.
INLINE void multiply_mass(const Plan *plan, const Part *part, const Lanes *const *vectors,
                          Lanes *const *results, const int count) {
  const int32_t *columns = plan->mass_column, *starts = plan->mass_row, *simple = plan->simple;
  const Lanes *mass = part->mass;
  const int dofs = plan->dof_count;
  int entry = 0;
  for (int i = 0; i < dofs; i++) {
    const int end = starts[i + 1];
    Lanes own[2], sums[2];
    for (int k = 0; k < count; k++) {
      own[k] = vectors[k][i];
      // MuJoCo adds to 0, but for a row that is only a diagonal.
      sums[k] = simple[i] ? (Lanes)-0.0 : (Lanes)0.0;
    }
    if (entry < end && columns[entry] == i) {
      for (int k = 0; k < count; k++) sums[k] += mass[entry] * own[k];
      entry++;
    }
    for (; entry < end; entry++) {
      const long column = columns[entry];
      for (int k = 0; k < count; k++) {
        sums[k] += mass[entry] * vectors[k][column];
        results[k][column] += mass[entry] * own[k];
      }
    }
    for (int k = 0; k < count; k++) results[k][i] = sums[k];
  }
}

// Sets the rows' states and what they push.
INLINE void push(const Plan *plan, Part *part) {
  Lanes *result = part->constraint_force;
  clear(result, plan->dof_count);
  PartRow *row = part->rows, *const end = row + part->row_count;
  for (; row < end; row++) {
    const Mask active = row->residual < 0;
    row->was_active = row->active;
    row->active = bits(active) & row->lanes;
    if (!row->active) continue;
    const Lanes force = kept(active, -row->stiffness * row->residual);
    add_scaled(result, row->jacobian, force, row->start, row->end, row->repeat);
  }
}

INLINE Lanes row_cost(Lanes cost, Lanes residual, const PartRow *row) {
  const Lanes added = kept(residual < 0, 0.5 * row->stiffness * residual * residual);
  cost += added;
  for (int i = 1; i < row->repeat; i++) cost += added;
  return cost;
}

INLINE void set_gradient(const Plan *plan, Part *part) {
  const Lanes *momentum = part->momentum, *smooth = part->smooth_force;
  const Lanes *force = part->constraint_force;
  Lanes *gradient = part->gradient;
  const int count = plan->dof_count;
  for (int i = 0; i < count; i++) gradient[i] = momentum[i] - smooth[i] - force[i];
}

INLINE Lanes gauss_term(Lanes momentum, Lanes smooth_force, Lanes acceleration,
                        Lanes smooth_acceleration) {
  return 0.5 * (momentum - smooth_force) * (acceleration - smooth_acceleration);
}

// Starts from the last acceleration or the smooth one, whichever costs less.
INLINE void begin(const Plan *plan, Part *part) {
  const int count = plan->dof_count;
  Lanes *acceleration = part->acceleration, *momentum = part->momentum;
  Lanes *smooth = part->smooth_acceleration, *smooth_momentum = part->direction_momentum;
  const Lanes *smooth_force = part->smooth_force;
  PartRow *row = part->rows, *const end = row + part->row_count;
  Lanes warm_rows = (Lanes)0.0, smooth_rows = (Lanes)0.0, check = (Lanes)0.0;
  for (; row < end; row++) {
    row->active = 0;
    const Lanes warm = multiply_row(plan, row, acceleration) - row->reference;
    const Lanes cold = multiply_row(plan, row, smooth) - row->reference;
    row->residual = warm;
    row->slope = cold;
    check += (warm - warm) + (cold - cold) + (row->stiffness - row->stiffness);
    warm_rows = row_cost(warm_rows, warm, row);
    smooth_rows = row_cost(smooth_rows, cold, row);
  }
  const Lanes *const vectors[2] = {acceleration, smooth};
  Lanes *const momenta[2] = {momentum, smooth_momentum};
  multiply_mass(plan, part, vectors, momenta, 2);
  Lanes warm_cost = warm_rows, gauss = (Lanes)0.0;
  for (int i = 0; i < count; i++) {
    const Lanes term = gauss_term(momentum[i], smooth_force[i], acceleration[i], smooth[i]);
    warm_cost += term;
    gauss += term;
  }
  const Mask cold = warm_cost > smooth_rows;
  for (int i = 0; i < count; i++) {
    acceleration[i] = where(cold, smooth[i], acceleration[i]);
    momentum[i] = where(cold, smooth_momentum[i], momentum[i]);
  }
  for (row = part->rows; row < end; row++)
    row->residual = where(cold, row->slope, row->residual);
  part->gauss = kept(~cold, gauss);
  part->cost = where(cold, smooth_rows, warm_rows) + part->gauss;
  // A row with a number that is not finite could pass for one that is not active.
  part->refused |= bits(check != 0) & part->searching;
  part->searching &= ~part->refused;
  push(plan, part);
  set_gradient(plan, part);
}

// Goes along the direction by alpha, which is 0 in lanes that stay where they are. Lanes that do
// not gain enough, or where it is flat enough, end there.
INLINE void move(const Plan *plan, Part *part) {
  const int count = plan->dof_count;
  Lanes *acceleration = part->acceleration, *momentum = part->momentum;
  const Lanes *direction = part->direction, *direction_momentum = part->direction_momentum;
  const Lanes *smooth = part->smooth_acceleration, *smooth_force = part->smooth_force;
  const Lanes alpha = part->alpha, old_cost = part->cost;
  const Mask moving = alpha != 0;
  Lanes cost = (Lanes)0.0, gauss = (Lanes)0.0;
  for (int i = 0; i < count; i++) {
    const Lanes old = acceleration[i];
    acceleration[i] = where(moving, old + direction[i] * alpha, old);
    momentum[i] += direction_momentum[i] * alpha;
    gauss += gauss_term(momentum[i], smooth_force[i], acceleration[i], smooth[i]);
  }
  PartRow *row = part->rows, *const end = row + part->row_count;
  for (; row < end; row++) {
    const Lanes residual = row->residual + row->slope * alpha;
    row->residual = residual;
    cost = row_cost(cost, residual, row);
  }
  push(plan, part);
  set_gradient(plan, part);
  part->gauss = gauss;
  part->cost = cost + gauss;
  const Lanes improvement = (old_cost - part->cost) / plan->scale;
  const Lanes norm = dot(part->gradient, part->gradient, count);
  const Lanes steepness = __builtin_elementwise_sqrt(norm) / plan->scale;
  const Mask ends = (improvement < plan->tolerance) | (steepness < plan->tolerance);
  part->searching &= ~bits(ends);
}

#endif
