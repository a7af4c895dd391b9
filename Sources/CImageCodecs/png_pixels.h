// Samples as PNG stores them to 8-bit RGB over white.
#ifndef MRB_PNG_PIXELS_H
#define MRB_PNG_PIXELS_H

#include <stddef.h>
#include <stdint.h>

// Converts a row of `width` pixels of `channels` (gray, gray + alpha, RGB, RGB + alpha) samples of
// `bytes_per_sample` 1 or 2 (big-endian).
void mrb_png_write_rgb(const uint8_t *row, size_t width, unsigned channels,
                       unsigned bytes_per_sample, uint8_t *rgb);

#endif
