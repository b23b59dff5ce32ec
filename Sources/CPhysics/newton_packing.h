#ifndef NEWTON_PACKING_H
#define NEWTON_PACKING_H

#include "newton_part.h"

// A lane of the group. The list is of its rows in the plan; `again` marks one that equals the one
// before it. Before the list is room for as many.
typedef struct {
  int32_t *list;
  int32_t count;
  int32_t lane;
} Origin;

// The memory of a part, and how much of it there is.
INLINE size_t lay_out_part(const Plan *plan, Part *part, char *memory) {
  const size_t vector = plan->dof_count * sizeof(Lanes), rows = plan->number_count;
  size_t used = (sizeof(Part) + 63) / 64 * 64;
#define TAKE(field, bytes)                                                                         \
  part->field = (void *)(memory + used);                                                           \
  used += ((bytes) + 63) / 64 * 64;
  TAKE(mass, plan->mass_count * sizeof(Lanes))
  TAKE(smooth_force, vector)
  TAKE(smooth_acceleration, vector)
  TAKE(acceleration, vector)
  TAKE(momentum, vector)
  TAKE(gradient, vector)
  TAKE(direction, vector)
  TAKE(direction_momentum, vector)
  TAKE(constraint_force, vector)
  TAKE(update, vector)
  TAKE(factor, triangle(plan->dof_count) * sizeof(Lanes))
  TAKE(rows, rows * sizeof(PartRow))
  TAKE(jacobian, rows * vector)
  TAKE(changes, rows * width * sizeof(int32_t))
#undef TAKE
  return used;
}

// One number from each source.
INLINE void gather(const double *const *sources, const int32_t *restrict places, int count,
                   Lanes *restrict result) {
  const double *from[width];
  for (int j = 0; j < width; j++) from[j] = sources[j];
  for (int i = 0; i < count; i++) {
    const long place = places[i];
    Lanes value;
    for (int j = 0; j < width; j++) value[j] = from[j][place];
    result[i] = value;
  }
}

// The same where each source has its own places.
INLINE void gather_each(const double *const *restrict sources,
                        const int32_t *const *restrict places, int count, Lanes *restrict result) {
  for (int i = 0; i < count; i++) {
    Lanes value;
    for (int j = 0; j < width; j++) value[j] = sources[j][places[j][i]];
    result[i] = value;
  }
}

INLINE void load_row(const Plan *plan, PartRow *row, const double *const *sources,
                     const int32_t *numbers) {
  const int count = plan->dof_count;
  const int32_t *places[width];
  uint8_t limits = 0;
  for (int j = 0; j < width; j++) {
    places[j] = plan->places + numbers[j] * (count + jacobian_places);
    limits |= (plan->rows[numbers[j]].limit >= 0) << j;
  }
  gather_each(sources, places, 1, &row->stiffness);
  for (int j = 0; j < width; j++) places[j] += reference_place;
  gather_each(sources, places, 1, &row->reference);
  for (int j = 0; j < width; j++) places[j] += jacobian_places - reference_place;
  gather_each(sources, places, count, row->jacobian);
  for (; limits; limits &= limits - 1) {
    const int j = __builtin_ctz(limits);
    const Row *limit = &plan->rows[numbers[j]];
    ((double *)&row->jacobian[limit->limit])[j] = limit->sign;
  }
}

// Each lane's last row becomes the part's last one, and so on: contacts, which come last, meet
// contacts. A row that repeats the one before it in all its lanes is counted there.
INLINE void load_rows(const Plan *plan, Part *part, const Origin *origins,
                      const double *const *sources) {
  const int none = plan->row_count | again, lane_count = part->lane_count;
  int longest = 0;
  for (int j = 0; j < lane_count; j++)
    if (origins[j].count > longest) longest = origins[j].count;
  const int32_t *lists[width];
  for (int i = 0; i < longest; i++) part->changes[i] = none;
  for (int j = 0; j < width; j++) lists[j] = part->changes;
  for (int j = 0; j < lane_count; j++) {
    const int missing = longest - origins[j].count;
    for (int i = 1; i <= missing; i++) origins[j].list[-i] = none;
    lists[j] = origins[j].list - missing;
  }
  const Row *rows = plan->rows;
  PartRow *row = part->rows - 1;
  for (int i = 0; i < longest; i++) {
    int32_t numbers[width], repeated = again;
    uint64_t support = 0;
    uint8_t lanes = 0;
    for (int j = 0; j < width; j++) {
      const int number = lists[j][i];
      repeated &= number;
      numbers[j] = number & ~again;
      lanes |= (number != none) << j;
      support |= rows[numbers[j]].support;
    }
    if (repeated) {
      row->repeat++;
      continue;
    }
    row++;
    row->repeat = 1;
    row->support = support;
    row->start = support ? __builtin_ctzll(support) : 0;
    row->end = support ? 64 - __builtin_clzll(support) : 0;
    row->lanes = lanes;
    row->jacobian = part->jacobian + (row - part->rows) * plan->dof_count;
    load_row(plan, row, sources, numbers);
  }
  part->row_count = row + 1 - part->rows;
}

INLINE void load_part(const Plan *plan, Part *part, const Origin *origins, int count,
                      const double *slots) {
  const int dofs = plan->dof_count;
  const double *sources[width];
  part->lane_count = count;
  part->searching = (1 << count) - 1;
  part->stored = part->refused = 0;
  for (int j = 0; j < width; j++) {
    part->lane[j] = origins[j < count ? j : 0].lane;
    sources[j] = slots + part->lane[j];
  }
  gather(sources, plan->mass, plan->mass_count, part->mass);
  gather(sources, plan->smooth_force, dofs, part->smooth_force);
  gather(sources, plan->smooth_acceleration, dofs, part->smooth_acceleration);
  gather(sources, plan->warm_start, dofs, part->acceleration);
  load_rows(plan, part, origins, sources);
}

#endif
