#ifndef MARBLES_CKERNELS_H
#define MARBLES_CKERNELS_H

// The numeric loops of Marbles. Every array is tight, row-major float32; images are
// height x width x channels. Nothing is allocated, nothing is kept, sizes are not checked:
// the Swift facade over this header checks them.

#include <stddef.h>
#include <stdint.h>

// A sliding window over an image.
typedef struct {
  size_t height, width, channels;     // of the image
  size_t window_height, window_width; // of the window
  size_t stride, padding;             // the same along both axes
  size_t output_height, output_width; // positions of the window
} mrb_window;

// im2col.c: one row per window position, window row x window column x channel across.
void mrb_image_to_columns(const float *image, mrb_window window, size_t first_row, size_t row_count,
                          float *columns);
void mrb_add_columns_to_image(const float *columns, mrb_window window, size_t first_row,
                              size_t row_count, float *image);

// pooling.c
void mrb_max_pool(const float *input, mrb_window window, float *output);
void mrb_max_pool_backward(const float *input, const float *output, const float *output_gradient,
                           mrb_window window, float *input_gradient);
void mrb_average_pool(const float *input, mrb_window window, float *output);
void mrb_average_pool_backward(const float *output_gradient, mrb_window window,
                               float *input_gradient);

// channels.c: arrays of rows x channels.
void mrb_add_to_rows(float *rows, const float *bias, size_t row_count, size_t channels);
void mrb_sum_rows(const float *rows, size_t row_count, size_t channels, float *sums);
// Sums of (x - pivot) and (x - pivot)^2 per channel.
void mrb_moments(const float *rows, const float *pivot, size_t row_count, size_t channels,
                 double *sums, double *squares);
void mrb_scale_and_shift(const float *rows, const float *scale, const float *shift,
                         size_t row_count, size_t channels, float *output);
// Sums of g and g * (x - mean) * inverse_deviation per channel.
void mrb_normalization_sums(const float *gradient, const float *rows, const float *mean,
                            const float *inverse_deviation, size_t row_count, size_t channels,
                            double *sums, double *products);
// output = a * gradient + b * rows + c, per channel.
void mrb_combine_channels(const float *gradient, const float *rows, const float *a, const float *b,
                          const float *c, size_t row_count, size_t channels, float *output);
void mrb_transpose(const float *input, size_t rows, size_t columns, float *output);

// elementwise.c
void mrb_rectify(const float *input, size_t count, float *output);
void mrb_rectify_backward(const float *output, const float *output_gradient, size_t count,
                          float *input_gradient);
// Keeps element i when a hash of (seed, i) says so, scaled by 1 / keep.
void mrb_dropout(const float *input, size_t count, float keep, uint64_t seed, float *output);
void mrb_add(const float *addend, size_t count, float *sum);
double mrb_sum_of_squares(const float *values, size_t count);

// augment.c: pictures of size x size x 3 bytes.
// The place in the source of the pixel in column c and row r: (xx c + xy r + x, yx c + yy r + y).
typedef struct {
  float xx, xy, x, yx, yy, y;
} mrb_map;
// What becomes of a colour in 0...255: (clamped to 0...255 (matrix colour + offset)) scale + shift.
typedef struct {
  float matrix[9], offset[3], scale[3], shift[3];
} mrb_color;
// Samples bilinearly, reflecting at the edges. Reads one byte beyond the picture.
void mrb_sample_picture(const uint8_t *source, int32_t size, mrb_map map, mrb_color color,
                        float *output);
// The sum of each channel over count pixels.
void mrb_sum_pixels(const uint8_t *source, size_t count, uint64_t sums[3]);
// a becomes kept a + (1 - kept) b, and b the same of b and a.
void mrb_mix(float *a, float *b, size_t count, float kept);

// resample.c: pictures of bytes, three channels. For each of count results of one axis the first
// source place, how many there are, and that many of stride weights times 65536, one as 65535.
typedef struct {
  const intptr_t *starts, *counts;
  const uint16_t *values;
  size_t count, stride;
} mrb_weights;
// stride: bytes from one source row to the next; row_bytes of each are resampled.
void mrb_lower_rows(const uint8_t *source, size_t stride, size_t row_bytes, mrb_weights weights,
                    uint8_t *output);
// offset: the source's first column, in the columns the weights count.
void mrb_narrow_rows(const uint8_t *source, size_t width, size_t row_count, size_t offset,
                     mrb_weights weights, uint8_t *output);

#endif
