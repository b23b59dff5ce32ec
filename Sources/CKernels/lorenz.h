#ifndef CKERNELS_LORENZ_H
#define CKERNELS_LORENZ_H

#include "lanes.h"

#pragma clang fp contract(off)

enum { valueCount = 6 };

// A block of particles in registers.
typedef struct {
  Lanes x, y, z, trueX, trueY, trueZ, a, r;
} Block;

// Row `i` of values; where there is one particle, each of its numbers in all lanes.
INLINE void get(Lanes *row, const float *values, int i, const size_t lanes) {
  *row = lanes == 1 ? (Lanes){} + values[i] : ((const Loose *)values)[i];
}

INLINE void put(const Lanes *row, float *values, int i, const size_t lanes) {
  if (lanes == 1) {
    values[i] = (*row)[0];
  } else {
    ((Loose *)values)[i] = *row;
  }
}

INLINE void load(Block *block, const float *values, const float *coefficients,
                 const size_t lanes) {
  Lanes *const rows[] = {&block->x,     &block->y,     &block->z,
                         &block->trueX, &block->trueY, &block->trueZ};
  for (int i = 0; i < valueCount; i++) get(rows[i], values, i, lanes);
  get(&block->a, coefficients, 0, lanes);
  get(&block->r, coefficients, 1, lanes);
}

INLINE void store(const Block *block, float *values, const size_t lanes) {
  const Lanes *const rows[] = {&block->x,     &block->y,     &block->z,
                               &block->trueX, &block->trueY, &block->trueZ};
  for (int i = 0; i < valueCount; i++) put(rows[i], values, i, lanes);
}

// The arithmetic of Lorenz.advance, operation by operation.
INLINE void advance(Block *block, float timestep) {
  const Lanes dt = (Lanes){} + timestep;
  const Lanes b = (Lanes){} + (float)(8.0 / 3.0);
  {
    const Lanes x = block->x, y = block->y, z = block->z;
    block->x = FMA(dt, block->a * (y - x), x);
    block->y = FMA(dt, FMA(block->r - z, x, -y), y);
    block->z = FMA(dt, FMA(x, y, -(b * z)), z);
  }
  {
    const Lanes x = block->trueX, y = block->trueY, z = block->trueZ;
    block->trueX = FMA((Lanes){} + 10 * timestep, y - x, x);
    block->trueY = FMA(dt, FMA(28 - z, x, -y), y);
    block->trueZ = FMA(dt, FMA(x, y, -(b * z)), z);
  }
}

INLINE void set_loss(Lanes *loss, const Block *block) {
  const Lanes difference = block->z - block->trueZ;
  *loss = difference * difference;
}

INLINE void unroll(float *values, const float *coefficients, float timestep, const size_t lanes,
                   size_t steps, float *history, float *losses) {
  Block block;
  load(&block, values, coefficients, lanes);
  for (size_t step = 0; step < steps; step++) {
    if (history) store(&block, history + step * valueCount * lanes, lanes);
    advance(&block, timestep);
    Lanes loss;
    set_loss(&loss, &block);
    put(&loss, losses + step * width, 0, lanes);
  }
  if (history) store(&block, history + steps * valueCount * lanes, lanes);
  store(&block, values, lanes);
}

static void lorenz_unroll(void *values, const void *coefficients, float timestep, size_t lanes,
                          size_t steps, void *history, float *losses) {
  if (lanes == 1) {
    unroll(values, coefficients, timestep, 1, steps, history, losses);
  } else {
    unroll(values, coefficients, timestep, width, steps, history, losses);
  }
}

// Several blocks at once: while one waits for a result, another computes.
INLINE void add_losses(float *values, const float *coefficients, float timestep, size_t steps,
                       float *sums, const int count) {
  Block blocks[2];
  Lanes totals[2];
  for (int i = 0; i < count; i++) {
    load(&blocks[i], values + i * valueCount * width, coefficients + i * 2 * width, width);
    get(&totals[i], sums, i, width);
  }
  for (size_t step = 0; step < steps; step++) {
    for (int i = 0; i < count; i++) {
      advance(&blocks[i], timestep);
      Lanes loss;
      set_loss(&loss, &blocks[i]);
      totals[i] += loss;
    }
  }
  for (int i = 0; i < count; i++) {
    store(&blocks[i], values + i * valueCount * width, width);
    put(&totals[i], sums, i, width);
  }
}

static void lorenz_add_losses(void *values, const void *coefficients, float timestep, size_t blocks,
                              size_t steps, void *sums) {
  float *value = values;
  const float *coefficient = coefficients;
  float *sum = sums;
  for (; blocks >= 2; blocks -= 2) {
    add_losses(value, coefficient, timestep, steps, sum, 2);
    value += 2 * valueCount * width;
    coefficient += 2 * 2 * width;
    sum += 2 * width;
  }
  if (blocks) add_losses(value, coefficient, timestep, steps, sum, 1);
}

#endif
