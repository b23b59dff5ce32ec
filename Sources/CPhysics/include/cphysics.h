#ifndef CPHYSICS_H
#define CPHYSICS_H

#include <stdint.h>

// Slots are rows of `lanes` doubles (8, 16 or 32), one a lane; slot i begins at slots + i * lanes,
// which is 64-byte aligned. In code a slot is named by 64 * i.

// Plays code: groups of an operation, how often it follows, and the operands of each: where
// the result goes, slots, indices of constants. `length` is the number of code's integers.
void cphysics_play(const int32_t *code, int length, const double *constants, double *slots,
                   int lanes);

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

// The sine and the cosine of each of `count` numbers, to the bit those of the machine's sin and
// cos. In lanes where |x| ≤ 1e5, fastest where `count` is a multiple of eight; what it writes must
// not overlap what it reads.
void cphysics_sine_cosine(const double *x, double *sine, double *cosine, int count);

// Whether cphysics_sine_cosine agrees with the machine's sin and cos, in a sample of arguments.
// Where it does not (another library, whose errors are larger), call those.
int cphysics_sine_agrees(void);

// The C library's pow, of which the compiler knows nothing: pow(x, 2) is not always x·x.
double cphysics_plain_power(double base, double exponent);

// Powers with the C library's bits; `count` is a multiple of 8. `result` may be `x`.
void cphysics_power(const double *x, double exponent, double *result, int count);

#endif
