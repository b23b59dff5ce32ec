#ifndef CPHYSICS_PLAY_H
#define CPHYSICS_PLAY_H

#include "power.h"
#include "sine_cosine.h"
#include "vectors.h"

#pragma STDC FP_CONTRACT OFF

enum { firstCase = __COUNTER__ + 1 };

// The words of operations.def that are not arithmetic.
#define root __builtin_elementwise_sqrt
#define magnitude __builtin_elementwise_abs
#define select(left, right, first, second)        \
  ((Vector)((((left) < (right)) & (Integers)(first)) | \
            (~((left) < (right)) & (Integers)(second))))

// A slot of `lanes` doubles: its name in code counts bytes where there are eight lanes.
INLINE Vector *at(int32_t name, double *slots, const int lanes) {
  return (Vector *)((char *)slots + (size_t)(uint32_t)name * (size_t)(lanes / 8));
}

// The operand's pointer is known before anything is stored, so that it is read once.
#define SLOT(letter, index, count) \
  const Vector *const letter##_ = index < count ? at(code[1 + index], slots, lanes) : NULL
#define CONSTANT(letter, index, count, slotCount)                                       \
  const Vector letter =                                                                 \
      (index < count ? constants[code[1 + slotCount + index]] : 0) - (Vector){};         \
  (void)letter
#define LOAD(letter, index, count)                                   \
  const Vector letter = index < count ? letter##_[part] : (Vector){}; \
  (void)letter

#define OPERATION(slotCount, constantCount, expression)                       \
  case cphysics_first_expression + __COUNTER__ - firstCase:                   \
    do {                                                                      \
      Vector *const result = at(code[0], slots, lanes);                       \
      SLOT(a, 0, slotCount);                                                  \
      SLOT(b, 1, slotCount);                                                  \
      SLOT(c, 2, slotCount);                                                  \
      SLOT(d, 3, slotCount);                                                  \
      SLOT(e, 4, slotCount);                                                  \
      SLOT(f, 5, slotCount);                                                  \
      SLOT(g, 6, slotCount);                                                  \
      SLOT(h, 7, slotCount);                                                  \
      CONSTANT(k, 0, constantCount, slotCount);                               \
      CONSTANT(m, 1, constantCount, slotCount);                               \
      CONSTANT(n, 2, constantCount, slotCount);                               \
      _Pragma("clang loop unroll(full)") for (int part = 0; part < lanes / 8; part++) { \
        LOAD(a, 0, slotCount);                                                \
        LOAD(b, 1, slotCount);                                                \
        LOAD(c, 2, slotCount);                                                \
        LOAD(d, 3, slotCount);                                                \
        LOAD(e, 4, slotCount);                                                \
        LOAD(f, 5, slotCount);                                                \
        LOAD(g, 6, slotCount);                                                \
        LOAD(h, 7, slotCount);                                                \
        result[part] = expression;                                            \
      }                                                                       \
      code += 1 + slotCount + constantCount;                                  \
    } while (--count > 0);                                                    \
    break;

INLINE void play_in(const int32_t *code, const int32_t *end, const double *constants,
                    double *slots, const int lanes) {
  while (code < end) {
    const int32_t operation = code[0];
    int32_t count = code[1];
    code += 2;
    switch (operation) {
      case cphysics_sine_cosine_operation:
        for (; count > 0; count--, code += 3) {
          sine_cosine((double *)at(code[2], slots, lanes), (double *)at(code[0], slots, lanes),
                      (double *)at(code[1], slots, lanes), lanes);
        }
        break;
      case cphysics_power_operation:
        for (; count > 0; count--, code += 3) {
          power((double *)at(code[1], slots, lanes), constants[code[2]],
                (double *)at(code[0], slots, lanes), lanes);
        }
        break;
#include "operations.def"
      default:
        __builtin_unreachable();
    }
  }
}

static void play(const int32_t *code, int length, const double *constants, double *slots,
                 int lanes) {
  const int32_t *const end = code + length;
  if (lanes == 8) {
    play_in(code, end, constants, slots, 8);
  } else if (lanes == 16) {
    play_in(code, end, constants, slots, 16);
  } else {
    play_in(code, end, constants, slots, 32);
  }
}

#undef root
#undef magnitude
#undef select

#endif
