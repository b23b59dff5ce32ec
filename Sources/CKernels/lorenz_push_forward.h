#include "lorenz.h"

#pragma clang fp contract(off)

// A value and its tangent, with the rules of Dual.
typedef struct {
  Lanes value, tangent;
} Dual;

INLINE void add_product(Dual *sum, const Dual *left, const Dual *right) {
  sum->tangent += left->tangent * right->value;
  sum->tangent += left->value * right->tangent;
  sum->value = FMA(left->value, right->value, sum->value);
}

INLINE void add_multiple(Dual *sum, float factor, const Dual *value) {
  const Lanes lanes = (Lanes){} + factor;
  sum->tangent += lanes * value->tangent;
  sum->value = FMA(lanes, value->value, sum->value);
}

INLINE void subtract(Dual *difference, const Dual *left, const Dual *right) {
  difference->value = left->value - right->value;
  difference->tangent = left->tangent - right->tangent;
}

// y and z of either system.
INLINE void push_y_and_z(Dual *s, const Dual *x, const Dual *r, float timestep) {
  const Dual y = s[1], z = s[2];
  const float b = (float)(8.0 / 3.0);
  Dual rest;
  subtract(&rest, r, &z);
  Dual slope = {-y.value, -y.tangent};
  add_product(&slope, &rest, x);
  add_multiple(&s[1], timestep, &slope);
  slope = (Dual){-b * z.value, -b * z.tangent};
  add_product(&slope, x, &y);
  add_multiple(&s[2], timestep, &slope);
}

INLINE void push(Dual *s, const Dual *a, const Dual *r, float timestep) {
  const Dual x = s[0], trueX = s[3];
  Dual difference;
  subtract(&difference, &s[1], &x);
  const Dual product = {a->value * difference.value,
                        a->tangent * difference.value + a->value * difference.tangent};
  add_multiple(&s[0], timestep, &product);
  push_y_and_z(s, &x, r, timestep);

  subtract(&difference, &s[4], &trueX);
  add_multiple(&s[3], 10 * timestep, &difference);
  const Dual trueR = {(Lanes){} + 28, (Lanes){}};
  push_y_and_z(s + 3, &trueX, &trueR, timestep);
}

static void lorenz_push_forward(void *values, const void *coefficients, float timestep,
                                size_t steps, float *losses, float *loss_tangents) {
  Loose *rows = values;
  const Loose *given = coefficients;
  const Dual a = {given[0], given[1]}, r = {given[2], given[3]};
  Dual s[valueCount];
  for (int i = 0; i < valueCount; i++) s[i] = (Dual){rows[2 * i], rows[2 * i + 1]};
  for (size_t step = 0; step < steps; step++) {
    push(s, &a, &r, timestep);
    Dual difference;
    subtract(&difference, &s[2], &s[5]);
    const Lanes half = difference.tangent * difference.value;
    ((Loose *)losses)[step] = difference.value * difference.value;
    ((Loose *)loss_tangents)[step] = half + half;
  }
  for (int i = 0; i < valueCount; i++) rows[2 * i] = s[i].value, rows[2 * i + 1] = s[i].tangent;
}
