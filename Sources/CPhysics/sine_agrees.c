#include "cphysics.h"

#include <math.h>
#include <string.h>

// Arguments of which the sine (first row) or the cosine is less than a 50,000th of a window outside
// one, and others of all sizes: a library with errors of more than 0.55 of a last place, such as
// fdlibm, fails in several of the latter.
int cphysics_sine_agrees(const cphysics_generation *generation) {
  static const double close[] = {
      -0x1.530a9740f9e7p-1, -0x1.5f7232107f5p-2, -0x1.856da2f9ba18cp+0, -0x1.f507872ad952p-3,
      -0x1.08a54b1fe74cp-3, 0x1.19f6d17e0909p-3, 0x1.603c22d5df26p-3,   -0x1.95b1b879654ap-4,
      -0x1.4062902e938eap0, -0x1.465fb3481f51p-2, -0x1.7305c915c769cp0, -0x1.7b3fbfb4d3342p0,
      0x1.a0f56641b0b0cp0,  0x1.a58389d2f6f9p0,   0x1.aa8b18af44346p0,  0x1.f69f6dd7aa0aap0};
  static const double plain[] = {0.0, 0x1p-1074, 0x1p-1022, 1e-300, 1e-9, 0x1p-27, 0x1p-26, 0.126,
                                 0.25, 0.5, 0.855469, 1, 1.5707963267948966, 2.426265, 3,
                                 3.141592653589793, 6.283185307179586, 1e5, 105414350, 1e300};
  enum { close_count = sizeof close / sizeof *close, plain_count = sizeof plain / sizeof *plain };
  enum { count = 2048, special_count = close_count + 2 * plain_count };
  double x[count], sine[count], cosine[count];
  memcpy(x, close, sizeof close);
  for (int i = 0; i < plain_count; i++) {
    x[close_count + 2 * i] = plain[i];
    x[close_count + 2 * i + 1] = -plain[i];
  }
  uint64_t state = 1;
  for (int i = special_count; i < count; i++) {
    static const double limits[] = {0x1p-8, 0.13, 0.9, 1.6, 4, 4, 100, 1e5};
    state = state * 6364136223846793005 + 1442695040888963407;
    x[i] = (double)(int64_t)state * 0x1p-63 * limits[i % 8];
  }
  generation->sine_cosine(x, sine, cosine, count);
  for (int i = 0; i < count; i++) {
    const double due_sine = sin(x[i]), due_cosine = cos(x[i]);
    if (memcmp(&sine[i], &due_sine, sizeof due_sine)) return 0;
    if (memcmp(&cosine[i], &due_cosine, sizeof due_cosine)) return 0;
  }
  return 1;
}
