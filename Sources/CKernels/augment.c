#include "CKernels.h"
#include "clones.h"
#include <string.h>

// Four bytes of a pixel, of which the fourth belongs to the next pixel and is not stored.
typedef float pixel __attribute__((vector_size(16), aligned(4)));
typedef uint8_t bytes __attribute__((vector_size(4)));

enum { RUN = 64 }; // columns whose source positions are computed before any pixel is read

// Reflects about the edge pixel: -1 becomes 1, size becomes size - 2. Clamps, so that no map reads
// outside the image.
static inline int32_t reflected(int32_t position, int32_t last) {
  int32_t distance = position < 0 ? -position : position;
  int32_t beyond = last - distance;
  int32_t inside = last - (beyond < 0 ? -beyond : beyond);
  return inside < 0 ? 0 : inside;
}

static inline pixel read_pixel(const uint8_t *source) {
  bytes value;
  memcpy(&value, source, sizeof value);
  return __builtin_convertvector(value, pixel);
}

MRB_KERNEL void mrb_sample_image(const uint8_t *restrict source, int32_t size, mrb_map map,
                                 mrb_color color, float *restrict output, int32_t output_size) {
  const int32_t last = size - 1;
  const pixel red = {color.matrix[0], color.matrix[3], color.matrix[6]};
  const pixel green = {color.matrix[1], color.matrix[4], color.matrix[7]};
  const pixel blue = {color.matrix[2], color.matrix[5], color.matrix[8]};
  const pixel offset = {color.offset[0], color.offset[1], color.offset[2]};
  const pixel scale = {color.scale[0], color.scale[1], color.scale[2]};
  const pixel shift = {color.shift[0], color.shift[1], color.shift[2]};
  const pixel black = {0, 0, 0, 0}, white = {255, 255, 255, 255};
  for (int32_t y = 0; y < output_size; y++) {
    for (int32_t first = 0; first < output_size; first += RUN) {
      int32_t count = output_size - first < RUN ? output_size - first : RUN;
      int32_t top_left[RUN], top_right[RUN], bottom_left[RUN], bottom_right[RUN];
      float across[RUN], down[RUN];
      for (int32_t i = 0; i < count; i++) {
        float column = (float)(first + i), row = (float)y;
        float source_x = map.xx * column + map.xy * row + map.x;
        float source_y = map.yx * column + map.yy * row + map.y;
        // Rounded down, also below zero.
        int32_t x = (int32_t)source_x - ((float)(int32_t)source_x > source_x);
        int32_t line = (int32_t)source_y - ((float)(int32_t)source_y > source_y);
        across[i] = source_x - (float)x;
        down[i] = source_y - (float)line;
        int32_t left = reflected(x, last) * 3, right = reflected(x + 1, last) * 3;
        int32_t top = reflected(line, last) * size * 3;
        int32_t bottom = reflected(line + 1, last) * size * 3;
        top_left[i] = top + left;
        top_right[i] = top + right;
        bottom_left[i] = bottom + left;
        bottom_right[i] = bottom + right;
      }
      float *target = output + ((size_t)y * (size_t)output_size + (size_t)first) * 3;
      for (int32_t i = 0; i < count; i++) {
        pixel above = read_pixel(source + top_left[i]);
        pixel below = read_pixel(source + bottom_left[i]);
        above += (read_pixel(source + top_right[i]) - above) * across[i];
        below += (read_pixel(source + bottom_right[i]) - below) * across[i];
        pixel value = above + (below - above) * down[i];
        pixel seen = red * value[0] + green * value[1] + blue * value[2] + offset;
        seen = __builtin_elementwise_min(__builtin_elementwise_max(seen, black), white);
        seen = seen * scale + shift;
        memcpy(target + i * 3, &seen, 3 * sizeof(float));
      }
    }
  }
}

MRB_KERNEL void mrb_sum_pixels(const uint8_t *restrict source, size_t count, uint64_t sums[3]) {
  uint64_t red = 0, green = 0, blue = 0;
  while (count > 0) {
    // Short enough for 32-bit sums.
    size_t part = count < 4096 ? count : 4096;
    uint32_t r = 0, g = 0, b = 0;
    for (size_t i = 0; i < part; i++) {
      r += source[i * 3];
      g += source[i * 3 + 1];
      b += source[i * 3 + 2];
    }
    red += r;
    green += g;
    blue += b;
    source += part * 3;
    count -= part;
  }
  sums[0] = red;
  sums[1] = green;
  sums[2] = blue;
}

MRB_KERNEL void mrb_mix(float *restrict a, float *restrict b, size_t count, float kept) {
  float other = 1 - kept;
  for (size_t i = 0; i < count; i++) {
    float first = a[i], second = b[i];
    a[i] = kept * first + other * second;
    b[i] = kept * second + other * first;
  }
}
