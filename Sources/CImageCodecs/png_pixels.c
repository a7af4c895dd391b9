#include "png_pixels.h"

// Nearest 8-bit value; 257 levels of 16-bit samples belong to each one.
static uint8_t sample(const uint8_t *bytes, unsigned bytes_per_sample) {
  if (bytes_per_sample == 1) {
    return bytes[0];
  }
  const uint32_t value = (uint32_t)bytes[0] << 8 | bytes[1];
  return (uint8_t)((value * 255 + 32767) / 65535);
}

// round((value · alpha + 255 · (255 − alpha)) / 255) without a division.
static uint8_t over_white(unsigned value, unsigned alpha) {
  const unsigned sum = value * alpha + 255 * (255 - alpha) + 128;
  return (uint8_t)(((sum >> 8) + sum) >> 8);
}

void mrb_png_write_rgb(const uint8_t *row, size_t width, unsigned channels,
                       unsigned bytes_per_sample, uint8_t *rgb) {
  const unsigned colors = channels < 3 ? 1 : 3;
  const size_t pixel = (size_t)channels * bytes_per_sample;
  for (size_t x = 0; x < width; x++, row += pixel, rgb += 3) {
    const unsigned alpha =
        channels > colors ? sample(row + colors * bytes_per_sample, bytes_per_sample) : 255;
    for (unsigned channel = 0; channel < 3; channel++) {
      const unsigned source = colors == 1 ? 0 : channel;
      rgb[channel] = over_white(sample(row + source * bytes_per_sample, bytes_per_sample), alpha);
    }
  }
}
