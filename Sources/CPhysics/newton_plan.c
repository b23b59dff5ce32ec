#include "newton_plan.h"

#include <string.h>

// Memory is handed out from `next` on; with `next` null it is only counted.
typedef struct {
  char *next;
  size_t used;
} Arena;

static void *take(Arena *arena, size_t bytes) {
  void *result = arena->next ? arena->next + arena->used : NULL;
  arena->used += (bytes + 63) / 64 * 64;
  return result;
}

static void lay_out(Arena *arena, Plan *plan, int dofs, int rows) {
  const size_t square = (size_t)dofs * dofs;
  plan->smooth_force = take(arena, dofs * sizeof(int32_t));
  plan->smooth_acceleration = take(arena, dofs * sizeof(int32_t));
  plan->warm_start = take(arena, dofs * sizeof(int32_t));
  plan->simple = take(arena, dofs * sizeof(int32_t));
  plan->mass = take(arena, square * sizeof(int32_t));
  plan->mass_column = take(arena, square * sizeof(int32_t));
  plan->mass_row = take(arena, (dofs + 1) * sizeof(int32_t));
  plan->constraints = take(arena, rows * sizeof(Constraint));
  plan->numbers = take(arena, rows * sizeof(int32_t));
  plan->rows = take(arena, (rows + 1) * sizeof(Row));
  plan->places = take(arena, (size_t)(rows + 1) * (dofs + jacobian_places) * sizeof(int32_t));
}

size_t cphysics_newton_plan_size(const cphysics_newton_model *model, int row_count) {
  Arena arena = {};
  Plan plan;
  take(&arena, sizeof(Plan));
  lay_out(&arena, &plan, model->dof_count, row_count);
  return arena.used;
}

static void plan_mass(Plan *plan, const cphysics_newton_model *model) {
  int entry = 0, kept = 0;
  for (int row = 0; row < model->dof_count; row++) {
    plan->mass_row[row] = kept;
    for (int column = row; column >= 0; column = model->parent[column], entry++) {
      if (model->mass[entry] < 0 || (model->simple[row] && column < row)) continue;
      plan->mass[kept] = model->mass[entry] * plan->lanes;
      plan->mass_column[kept++] = column;
    }
  }
  plan->mass_row[model->dof_count] = plan->mass_count = kept;
}

static int repeats(const cphysics_row *row, const cphysics_row *before, int count) {
  if (row->dof >= 0 || before->dof >= 0) return 0;
  return row->stiffness == before->stiffness && row->reference == before->reference &&
         !memcmp(row->jacobian, before->jacobian, count * sizeof(int32_t));
}

// The next row; without `given` it is one that is 0.
static void plan_row(Plan *plan, int zero, const cphysics_row *given) {
  Row *row = &plan->rows[plan->row_count];
  int32_t *places = plan->places + plan->row_count * (plan->dof_count + jacobian_places);
  *row = (Row){.limit = -1};
  for (int i = 0; i < plan->dof_count + jacobian_places; i++) places[i] = zero;
  if (!given) return;
  plan->row_count++;
  places[stiffness_place] = given->stiffness * plan->lanes;
  places[reference_place] = given->reference * plan->lanes;
  if (given->dof >= 0) {
    row->limit = given->dof;
    row->sign = given->sign;
    row->support = (uint64_t)1 << given->dof;
    return;
  }
  for (int i = 0; i < plan->dof_count; i++) {
    if (given->jacobian[i] < 0) continue;
    places[jacobian_places + i] = given->jacobian[i] * plan->lanes;
    row->support |= (uint64_t)1 << i;
  }
}

void cphysics_newton_make_plan(void *memory, const cphysics_newton_model *model,
                               const cphysics_row *rows, int row_count, int lanes) {
  const int count = model->dof_count;
  Arena arena = {.next = memory};
  Plan *plan = take(&arena, sizeof(Plan));
  *plan = (Plan){.dof_count = count,
                 .number_count = row_count,
                 .iterations = model->iterations,
                 .lanes = lanes,
                 .acceleration = model->acceleration * lanes,
                 .constraint_force = model->constraint_force * lanes,
                 .tolerance = model->tolerance,
                 .mean_inertia = model->mean_inertia,
                 .size = count > 1 ? count : 1};
  plan->scale = model->mean_inertia * plan->size;
  lay_out(&arena, plan, count, row_count);
  for (int i = 0; i < count; i++) {
    plan->smooth_force[i] = model->smooth_force[i] * lanes;
    plan->smooth_acceleration[i] = model->smooth_acceleration[i] * lanes;
    plan->warm_start[i] = model->warm_start[i] * lanes;
    plan->simple[i] = model->simple[i];
  }
  plan_mass(plan, model);
  for (int i = 0; i < row_count; i++) {
    const int repeated = i && repeats(&rows[i], &rows[i - 1], count);
    if (!repeated) plan_row(plan, model->zero * lanes, &rows[i]);
    plan->numbers[i] = (plan->row_count - 1) | (repeated ? again : 0);
    if (!i || rows[i].stiffness != rows[i - 1].stiffness)
      plan->constraints[plan->constraint_count++] =
          (Constraint){.stiffness = rows[i].stiffness * lanes, .number = i};
    plan->constraints[plan->constraint_count - 1].count++;
  }
  plan_row(plan, model->zero * lanes, NULL);
}
