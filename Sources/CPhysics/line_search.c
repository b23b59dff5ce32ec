#include "line_search.h"

#include <math.h>

#pragma clang fp contract(off)

enum { most_evaluations = 50 };

static Point evaluate(Line *line, double alpha) {
  double constant = line->constant, linear = line->linear, square = line->square;
  for (int i = 0; i < line->count; i++) {
    const Piece *piece = &line->pieces[i];
    if (piece->residual + alpha * piece->slope < 0) {
      constant += piece->constant;
      linear += piece->linear;
      square += piece->square;
    }
  }
  line->evaluations++;
  const Point point = {.alpha = alpha,
                       .cost = alpha * alpha * square + alpha * linear + constant,
                       .slope = 2 * alpha * square + linear,
                       .curvature = 2 * square};
  if (!(point.curvature > 0)) line->not_convex = 1;
  return point;
}

static double newton_step(const Point *point) {
  return point->alpha - point->slope / point->curvature;
}

static int is_flat(const Line *line, const Point *point) {
  return fabs(point->slope) < line->tolerance;
}

// An end of the bracket moves to the candidates on its side that are less steep; `next` becomes
// the Newton step from there.
static int tighten(Line *line, Point *end, const Point candidates[3], Point *next) {
  int moved = 0;
  for (int i = 0; i < 3; i++) {
    const double old = end->slope, new = candidates[i].slope;
    if ((old < 0 && new < 0 && old < new) || (old > 0 && new > 0 && old > new)) {
      *end = candidates[i];
      moved = 1;
    }
  }
  if (moved) *next = evaluate(line, newton_step(end));
  return moved;
}

static const Point *cheapest_flat(const Line *line, const Point candidates[3]) {
  const Point *cheapest = 0;
  for (int i = 0; i < 3; i++)
    if (is_flat(line, &candidates[i]) && (!cheapest || candidates[i].cost < cheapest->cost))
      cheapest = &candidates[i];
  return cheapest;
}

double find_minimum(Line *line, const Point *start, const Point *best) {
  Point near = *best, far = *best;
  const int direction = near.slope < 0 ? 1 : -1;
  while (near.slope * direction <= -line->tolerance && line->evaluations < most_evaluations) {
    far = near;
    near = evaluate(line, newton_step(&near));
    if (is_flat(line, &near)) return near.alpha;
  }
  if (line->evaluations >= most_evaluations) return near.alpha;

  Point far_next = near, near_next = evaluate(line, newton_step(&near));
  while (line->evaluations < most_evaluations) {
    const Point middle = evaluate(line, 0.5 * (near.alpha + far.alpha));
    const Point candidates[3] = {near_next, far_next, middle};
    const Point *flat = cheapest_flat(line, candidates);
    if (flat) return flat->alpha;
    const int near_moved = tighten(line, &near, candidates, &near_next);
    const int far_moved = tighten(line, &far, candidates, &far_next);
    if (!near_moved && !far_moved) return middle.alpha;
  }
  if (near.cost <= far.cost && near.cost < start->cost) return near.alpha;
  if (far.cost <= near.cost && far.cost < start->cost) return far.alpha;
  return 0;
}
