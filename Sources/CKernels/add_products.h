#pragma clang fp contract(off)

static void add_products_16(void *sums, const void *left, const void *right) {
  float *restrict sum = sums;
  const float *restrict a = left;
  const float *restrict b = right;
  for (int lane = 0; lane < 16; lane++) sum[lane] = __builtin_fmaf(a[lane], b[lane], sum[lane]);
}
