#ifndef CPHYSICS_NEWTON_H
#define CPHYSICS_NEWTON_H

#include "cholesky.h"
#include "newton_packing.h"
#include "newton_search.h"

// What a call works with.
typedef struct {
  const Plan *plan;
  double *slots;
  Part *parts[64 / width];      // Those in which a lane goes on.
  int count;
  int32_t *lists;               // Each lane's rows, with as much room before them.
  Piece *pieces;
  uint64_t refused;
} Work;

INLINE size_t lay_out(Work *work, char *memory) {
  const Plan *plan = work->plan;
  size_t used = 0;
  for (int i = 0; i < plan->lanes / width; i++) {
    Part counted, *part = memory ? (Part *)(memory + used) : &counted;
    work->parts[i] = part;
    used += lay_out_part(plan, part, memory + used);
  }
  work->lists = (int32_t *)(memory + used);
  used += ((size_t)plan->lanes * 2 * plan->number_count * sizeof(int32_t) + 63) / 64 * 64;
  work->pieces = (Piece *)(memory + used);
  return used + plan->number_count * sizeof(Piece);
}

static size_t newton_workspace(const void *plan) {
  Work work = {.plan = plan};
  return lay_out(&work, NULL);
}

INLINE int32_t *list_of(const Work *work, int lane) {
  return work->lists + (2 * lane + 1) * work->plan->number_count;
}

// Lists each lane's rows, and returns the lanes that have any. A stiffness that is not a number is
// one too: the lane will be refused.
INLINE uint64_t list_rows(Work *work, uint64_t wanted, int32_t *counts) {
  const Plan *plan = work->plan;
  uint64_t any = 0;
  for (int lane = 0; lane < plan->lanes; lane++) counts[lane] = 0;
  for (int i = 0; i < plan->constraint_count; i++) {
    const Constraint *constraint = &plan->constraints[i];
    const double *stiffness = work->slots + constraint->stiffness;
    uint64_t lanes = 0;
    for (int first = 0; first < plan->lanes; first += width)
      lanes |= (uint64_t)bits(~(*(const Lanes *)(stiffness + first) <= 0)) << first;
    lanes &= wanted;
    any |= lanes;
    for (; lanes; lanes &= lanes - 1) {
      const int lane = __builtin_ctzll(lanes);
      int32_t *list = list_of(work, lane) + counts[lane];
      for (int j = 0; j < constraint->count; j++) list[j] = plan->numbers[constraint->number + j];
      counts[lane] += constraint->count;
    }
  }
  return any;
}

// Lanes with similar rows share a part: it costs as much as the longest of them. So they come by
// their number of rows, then by their last one.
INLINE int sort_lanes(const Work *work, uint64_t lanes, const int32_t *counts, Origin *sorted) {
  uint64_t keys[64];
  int count = 0;
  for (uint64_t left = lanes; left; left &= left - 1) {
    const int lane = __builtin_ctzll(left);
    const uint64_t last = list_of(work, lane)[counts[lane] - 1] & ~again;
    const uint64_t key = (uint64_t)counts[lane] << 40 | last << 8 | lane;
    int at = count++;
    for (; at && keys[at - 1] > key; at--) keys[at] = keys[at - 1];
    keys[at] = key;
  }
  for (int i = 0; i < count; i++) {
    const int lane = keys[i] & 255;
    sorted[i] = (Origin){list_of(work, lane), counts[lane], lane};
  }
  return count;
}

// Writes the results of lanes that are at their end.
INLINE void store(Work *work, Part *part) {
  const Plan *plan = work->plan;
  Mask finite = (Mask){} == 0;
  for (int i = 0; i < plan->dof_count; i++)
    finite &= part->acceleration[i] - part->acceleration[i] == 0;
  uint8_t lanes = ((1 << part->lane_count) - 1) & ~part->searching & ~part->stored;
  part->stored |= lanes;
  part->refused |= ~bits(finite) & lanes;
  for (; lanes; lanes &= lanes - 1) {
    const int j = __builtin_ctz(lanes), lane = part->lane[j];
    if (part->refused >> j & 1) {
      work->refused |= (uint64_t)1 << lane;
      continue;
    }
    const double *acceleration = (const double *)part->acceleration + j;
    const double *force = (const double *)part->constraint_force + j;
    double *to = work->slots + plan->acceleration + lane;
    double *force_to = work->slots + plan->constraint_force + lane;
    const int count = plan->dof_count, stride = plan->lanes;
    for (int i = 0; i < count; i++, to += stride, force_to += stride) {
      *to = acceleration[i * width];
      *force_to = force[i * width];
    }
  }
}

// Without rows there is only the smooth acceleration.
INLINE void store_smooth(Work *work, uint64_t lanes) {
  const Plan *plan = work->plan;
  double *slots = work->slots;
  for (int first = 0; first < plan->lanes; first += width) {
    const uint8_t wanted = lanes >> first & ((1 << width) - 1);
    if (!wanted) continue;
    Mask finite = (Mask){} == 0;
    for (int i = 0; i < plan->dof_count; i++) {
      const Lanes value = *(const Lanes *)(slots + plan->smooth_acceleration[i] + first);
      finite &= value - value == 0;
    }
    work->refused |= (uint64_t)(wanted & ~bits(finite)) << first;
    const Mask written = mask_of(wanted) & finite;
    for (int i = 0; i < plan->dof_count; i++) {
      Lanes *acceleration = (Lanes *)(slots + plan->acceleration + i * plan->lanes + first);
      Lanes *force = (Lanes *)(slots + plan->constraint_force + i * plan->lanes + first);
      const Lanes value = *(const Lanes *)(slots + plan->smooth_acceleration[i] + first);
      *acceleration = where(written, value, *acceleration);
      *force = where(written, (Lanes)0.0, *force);
    }
  }
}

// Parts in which no lane goes on leave the list.
INLINE void drop_finished(Work *work) {
  int kept = 0;
  for (int i = 0; i < work->count; i++) {
    if (work->parts[i]->searching) {
      work->parts[kept++] = work->parts[i];
    } else {
      store(work, work->parts[i]);
    }
  }
  work->count = kept;
}

INLINE void search(Work *work) {
  const Plan *plan = work->plan;
  for (int i = 0; i < work->count; i++) {
    begin(plan, work->parts[i]);
    set_hessian(plan, work->parts[i]);
  }
  factor(plan->dof_count, work->parts, work->count);
  for (int iteration = 0; work->count && iteration < plan->iterations; iteration++) {
    if (iteration) update_factor(plan, work->parts, work->count);
    solve(plan->dof_count, work->parts, work->count);
    for (int i = 0; i < work->count; i++) search_line(plan, work->parts[i], work->pieces);
    drop_finished(work);
    for (int i = 0; i < work->count; i++) move(plan, work->parts[i]);
    drop_finished(work);
  }
  for (int i = 0; i < work->count; i++) {
    work->parts[i]->searching = 0;
    store(work, work->parts[i]);
  }
}

static uint64_t newton(const void *plan, double *slots, uint64_t wanted, void *workspace) {
  Work work = {.plan = plan, .slots = slots};
  lay_out(&work, workspace);
  if (work.plan->lanes < 64) wanted &= ((uint64_t)1 << work.plan->lanes) - 1;
  int32_t counts[64];
  Origin origins[64];
  const uint64_t with_rows = list_rows(&work, wanted, counts);
  const int lane_count = sort_lanes(&work, with_rows, counts, origins);
  for (int first = 0; first < lane_count; first += width) {
    const int left = lane_count - first;
    load_part(work.plan, work.parts[work.count++], origins + first, left < width ? left : width, slots);
  }
  search(&work);
  store_smooth(&work, wanted & ~with_rows);
  return work.refused;
}

#endif
