#ifndef CPHYSICS_H
#define CPHYSICS_H

#include <stddef.h>
#include <stdint.h>

// Slots are rows of `lanes` doubles (8, 16 or 32), one a lane; slot i begins at slots + i * lanes,
// which is 64-byte aligned. In code a slot is named by 64 * i.

// Two results, sine and cosine, of one slot.
enum { cphysics_sine_cosine_operation = 0 };
// One result of one slot and one constant, the exponent.
enum { cphysics_power_operation = 1 };
// The operations from here on are those of operations.def.
enum { cphysics_first_expression = 2 };

// How many operations there are.
int cphysics_operation_count(void);

// What an operation computes, as text: a, b, … are its slots, k, m, n its constants. Null for those
// before `cphysics_first_expression`.
const char *cphysics_operation_expression(int operation);

// The C library's pow, of which the compiler knows nothing: pow(x, 2) is not always x·x.
double cphysics_plain_power(double base, double exponent);

// The code for one generation of processors. All give the same bits: each operation is rounded by
// itself and in one order, contraction is off, and what is fused says so (but for sine_cosine.h).
typedef struct {
  // "x86-64-v4", "x86-64-v3" or "baseline".
  const char *name;

  // Plays code: groups of an operation, how often it follows, and the operands of each: where
  // the result goes, slots, indices of constants. `length` is the number of code's integers.
  void (*play)(const int32_t *code, int length, const double *constants, double *slots, int lanes);

  // The lanes (bit l) in which a row of 8, 16 … 64 doubles, 64-byte aligned, is less than a bound.
  uint64_t (*less)(const double *row, double bound, int lanes);

  // The sine and the cosine of each of `count` numbers, to the bit those of the machine's sin and
  // cos. In lanes where |x| ≤ 1e5, fastest where `count` is a multiple of eight; what it writes must
  // not overlap what it reads.
  void (*sine_cosine)(const double *x, double *sine, double *cosine, int count);

  // Powers with the C library's bits; `count` is a multiple of 8. `result` may be `x`.
  void (*power)(const double *x, double exponent, double *result, int count);

  // What the solver works with, in bytes, aligned to 64 of them; another generation may need more.
  size_t (*newton_workspace)(const void *plan);

  // Accelerations under constraints, by a plan of cphysics_newton.h. Returns the lanes (bit l) that
  // must be taken by MuJoCo itself: a Hessian lost rank, a curvature is not positive, an acceleration
  // is not finite. Nothing is written to those. Lanes whose bit in `wanted` is 0 are not computed, and
  // nothing is written to them either. All is read before anything is written, so the slots of
  // `acceleration` and `warm_start` may be the same.
  uint64_t (*newton)(const void *plan, double *slots, uint64_t wanted, void *workspace);
} cphysics_generation;

// From the newest to the oldest, which runs everywhere; null after it. Whether this machine has one
// ckernels_has_generation knows.
const cphysics_generation *cphysics_generation_at(int index);

// Whether sine_cosine agrees with the machine's sin and cos, in a sample of arguments. Where it does
// not (another library, whose errors are larger), call those.
int cphysics_sine_agrees(const cphysics_generation *generation);

#endif
