// What a processor's multipliers give at best: as many chains of multiply-adds at a time as `tile`
// has accumulators, and no memory.

static void NAME(multiply_add_chains)(size_t rounds, REAL factor, REAL addend, REAL *values) {
  enum { all = 24, together = TILE_ROWS * TILE_VECTORS };
  _Static_assert(all % together == 0, "all chains must be in a group");
  for (size_t first = 0; first < all; first += together) {
    Vec chains[together];
    for (size_t c = 0; c < together; c++) chains[c] = NAME(load)(values + (first + c) * WIDTH);
    for (size_t r = 0; r < rounds; r++)
#pragma clang loop unroll(full)
      for (size_t c = 0; c < together; c++)
        chains[c] = NAME(fma)(chains[c], NAME(all)(factor), NAME(all)(addend));
    for (size_t c = 0; c < together; c++) NAME(store)(values + (first + c) * WIDTH, chains[c]);
  }
}
