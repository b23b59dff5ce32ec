#ifndef LINE_SEARCH_H
#define LINE_SEARCH_H

// A row's cost along the line is a quadratic where residual + alpha slope < 0, and 0 elsewhere.
typedef struct {
  double residual, slope, constant, linear, square;
} Piece;

typedef struct {
  double alpha, cost, slope, curvature;
} Point;

typedef struct {
  const Piece *pieces;
  int count;
  double constant, linear, square;  // Of what is a quadratic everywhere.
  double tolerance;                 // Of the slope.
  int evaluations;
  int not_convex;
} Line;

// Goes on after the evaluations of the start and the first Newton step, of which `best` is the
// better; returns alpha.
double find_minimum(Line *line, const Point *start, const Point *best);

#endif
