#include "lanes.h"

// Images are rows in memory and become columns. Blocks of sixteen images by sixteen pixels are
// turned in registers; what is left of an image's pixels goes one by one.

typedef unsigned char Bytes __attribute__((vector_size(16)));

// Exchanges bit `span` of the row's number with the same bit of the lane's number. Doing so for all
// four bits transposes.
#define LOW(span, lane) ((lane) & (span) ? ((lane) ^ (span)) + 16 : (lane))
#define HIGH(span, lane) ((lane) & (span) ? (lane) + 16 : (lane) ^ (span))
#define LANES(pick, span)                                                                          \
  pick(span, 0), pick(span, 1), pick(span, 2), pick(span, 3), pick(span, 4), pick(span, 5),        \
      pick(span, 6), pick(span, 7), pick(span, 8), pick(span, 9), pick(span, 10), pick(span, 11),  \
      pick(span, 12), pick(span, 13), pick(span, 14), pick(span, 15)
#define EXCHANGE(Row, rows, span)                                                                  \
  for (int row = 0; row < width; row++)                                                            \
    if (!(row & (span))) {                                                                         \
      Row first = rows[row], second = rows[row | (span)];                                          \
      rows[row] = __builtin_shufflevector(first, second, LANES(LOW, span));                        \
      rows[row | (span)] = __builtin_shufflevector(first, second, LANES(HIGH, span));              \
    }
#define TRANSPOSE(Row, rows)                                                                       \
  EXCHANGE(Row, rows, 1)                                                                           \
  EXCHANGE(Row, rows, 2)                                                                           \
  EXCHANGE(Row, rows, 4)                                                                           \
  EXCHANGE(Row, rows, 8)

INLINE size_t image_of_lane(const int *indices, size_t count, size_t lane) {
  return (size_t)indices[lane < count ? lane : count - 1];
}

static void gather_floats(const float *images, size_t pixels, const int *indices, size_t count,
                          size_t lanes, float *restrict output) {
  for (size_t start = 0; start < lanes; start += width) {
    const float *sources[width];
    for (size_t lane = 0; lane < width; lane++)
      sources[lane] = images + image_of_lane(indices, count, start + lane) * pixels;
    size_t pixel = 0;
    for (; pixel + width <= pixels; pixel += width) {
      Lanes rows[width];
      for (int lane = 0; lane < width; lane++)
        rows[lane] = *(const Loose *)(sources[lane] + pixel);
      TRANSPOSE(Lanes, rows)
      for (size_t row = 0; row < width; row++)
        *(Loose *)(output + (pixel + row) * lanes + start) = rows[row];
    }
    for (; pixel < pixels; pixel++)
      for (size_t lane = 0; lane < width; lane++)
        output[pixel * lanes + start + lane] = sources[lane][pixel];
  }
}

static void gather_bytes(const unsigned char *images, size_t pixels, const int *indices,
                         size_t count, size_t lanes, float *restrict output) {
  for (size_t start = 0; start < lanes; start += width) {
    const unsigned char *sources[width];
    for (size_t lane = 0; lane < width; lane++)
      sources[lane] = images + image_of_lane(indices, count, start + lane) * pixels;
    size_t pixel = 0;
    for (; pixel + width <= pixels; pixel += width) {
      Bytes rows[width];
      for (int lane = 0; lane < width; lane++)
        memcpy(&rows[lane], sources[lane] + pixel, sizeof(Bytes));
      TRANSPOSE(Bytes, rows)
      for (size_t row = 0; row < width; row++)
        *(Loose *)(output + (pixel + row) * lanes + start) =
            __builtin_convertvector(rows[row], Lanes) / 255;
    }
    for (; pixel < pixels; pixel++)
      for (size_t lane = 0; lane < width; lane++)
        output[pixel * lanes + start + lane] = (float)sources[lane][pixel] / 255;
  }
}
