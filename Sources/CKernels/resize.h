// TensorFlow rounds each product before it adds it.
#pragma clang fp contract(off)

static void resize_planes(const unsigned char *planes, size_t count, size_t height, size_t width,
                          const ckernels_tap *rows, size_t new_height, const ckernels_tap *columns,
                          size_t new_width, float *restrict output) {
  for (size_t plane = 0; plane < count; plane++, planes += height * width)
    for (size_t y = 0; y < new_height; y++) {
      const unsigned char *top = planes + rows[y].lower * width;
      const unsigned char *bottom = planes + rows[y].upper * width;
      float down = rows[y].fraction;
      for (size_t x = 0; x < new_width; x++) {
        size_t left = columns[x].lower, right = columns[x].upper;
        float along = columns[x].fraction;
        float above = top[left] + ((float)top[right] - (float)top[left]) * along;
        float below = bottom[left] + ((float)bottom[right] - (float)bottom[left]) * along;
        *output++ = (above + (below - above) * down) / 255;
      }
    }
}
