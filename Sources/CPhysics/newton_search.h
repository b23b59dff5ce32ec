#ifndef NEWTON_SEARCH_H
#define NEWTON_SEARCH_H

#include "newton_part.h"

// The line search's points in lanes.
typedef struct {
  Lanes alpha, cost, slope, curvature;
} Points;

// What is a quadratic everywhere, and when a slope is flat.
typedef struct {
  Lanes constant, linear, square, tolerance;
} Smooth;

// The rest of the search of the lanes that the first two evaluations have not brought to their end.
INLINE void finish_search(Part *part, uint8_t lanes, const Points *start, const Points *best,
                          const Smooth *smooth, Piece *pieces) {
  for (int lane = 0; lane < width; lane++) {
    if (!(lanes >> lane & 1)) continue;
    int count = 0;
    for (int i = 0; i < part->row_count; i++) {
      const PartRow *row = &part->rows[i];
      if (!(row->lanes >> lane & 1)) continue;
      const Piece piece = {row->residual[lane], row->slope[lane], row->constant[lane],
                           row->linear[lane], row->square[lane]};
      for (int j = 0; j < row->repeat; j++) pieces[count++] = piece;
    }
    Line line = {.pieces = pieces,
                 .count = count,
                 .constant = smooth->constant[lane],
                 .linear = smooth->linear[lane],
                 .square = smooth->square[lane],
                 .tolerance = smooth->tolerance[lane],
                 .evaluations = 2};
    const Point first = {start->alpha[lane], start->cost[lane], start->slope[lane],
                         start->curvature[lane]};
    const Point next = {best->alpha[lane], best->cost[lane], best->slope[lane],
                        best->curvature[lane]};
    part->alpha[lane] = find_minimum(&line, &first, &next);
    if (line.not_convex) part->refused |= 1 << lane;
  }
}

INLINE void add_piece(Smooth *sum, Mask active, const PartRow *row) {
  const Lanes constant = kept(active, row->constant), linear = kept(active, row->linear);
  const Lanes square = kept(active, row->square);
  int left = row->repeat;
  do {
    sum->constant += constant;
    sum->linear += linear;
    sum->square += square;
  } while (--left);
}

// Sets alpha: 0 where the search ends without a step.
INLINE void search_line(const Plan *plan, Part *part, Piece *pieces) {
  const int count = plan->dof_count;
  const Lanes *direction = part->direction;
  const Lanes length = __builtin_elementwise_sqrt(dot(direction, direction, count));
  multiply_mass(plan, part, &direction, &part->direction_momentum, 1);
  const Smooth smooth = {
      .constant = part->gauss,
      .linear = dot(direction, part->momentum, count) - dot(direction, part->smooth_force, count),
      .square = 0.5 * dot(direction, part->direction_momentum, count),
      .tolerance = plan->tolerance * 0.01 * length * plan->mean_inertia * plan->size};

  Smooth sum = smooth;
  PartRow *row = part->rows, *const end = row + part->row_count;
  for (; row < end; row++) {
    const Lanes residual = row->residual, slope = multiply_row(plan, row, direction);
    const Lanes stiffness = row->stiffness, force = stiffness * residual;
    row->slope = slope;
    row->constant = residual * force * 0.5;
    row->linear = slope * force;
    row->square = slope * stiffness * slope * 0.5;
    add_piece(&sum, residual < 0, row);
  }
  // At 0 the polynomial is its coefficients.
  const Points start = {(Lanes)0.0, sum.constant, sum.linear, 2 * sum.square};
  const Lanes alpha = 0 - start.slope / start.curvature;
  sum = smooth;
  for (row = part->rows; row < end; row++)
    add_piece(&sum, row->residual + alpha * row->slope < 0, row);
  Points best = {alpha, alpha * alpha * sum.square + alpha * sum.linear + sum.constant,
                 2 * alpha * sum.square + sum.linear, 2 * sum.square};
  const Mask convex = (start.curvature > 0) & (best.curvature > 0);
  const Mask worse = start.cost < best.cost;
  best.alpha = where(worse, start.alpha, best.alpha);
  best.cost = where(worse, start.cost, best.cost);
  best.slope = where(worse, start.slope, best.slope);
  best.curvature = where(worse, start.curvature, best.curvature);
  const Mask tiny = length < smallest;
  const Mask flat = __builtin_elementwise_abs(best.slope) < smooth.tolerance;

  part->refused |= bits(~convex & ~tiny) & part->searching;
  part->searching &= ~part->refused;
  part->alpha = kept(~tiny, best.alpha);
  const uint8_t unfinished = part->searching & ~bits(flat | tiny);
  if (unfinished) finish_search(part, unfinished, &start, &best, &smooth, pieces);
  part->searching &= bits(part->alpha != 0) & ~part->refused;
  part->alpha = kept(mask_of(part->searching), part->alpha);
}

#endif
