#ifndef MARBLES_CKERNELS_H
#define MARBLES_CKERNELS_H

// The numeric loops of Marbles, and the threads they run on. Every array is tight, row-major
// float32; images are height x width x channels. Loops allocate and keep nothing, and do not check
// sizes: the Swift facade over this header does.

#include <stddef.h>
#include <stdint.h>

// A sliding window over an image.
typedef struct {
  size_t height, width, channels;     // of the image
  size_t window_height, window_width; // of the window
  size_t stride;                      // the same along both axes
  size_t top, left;                   // zeros above and to the left of the image
  size_t output_height, output_width; // positions of the window
} mrb_window;

// worker_pool.c: one thread for each worker but the first, which is whoever calls. They live as
// long as the program, spin for a moment when there is nothing to do, and then sleep. A Swift
// closure (task, worker) -> (), as Swift lends it: a function and its context. Other ways of
// handing one over allocate.
typedef
    __attribute__((swiftcall)) void (*mrb_closure)(size_t task, size_t worker,
                                                   __attribute__((swift_context)) void *context);
// Calls the closure once for each task in 0..<task_count and returns when all are done. Tasks are
// handed out in order, one at a time, to whichever of worker_count workers is free. While the
// threads work for somebody else, the caller does all of its tasks itself.
__attribute__((swiftcall)) void mrb_run_tasks(size_t task_count, size_t worker_count,
                                              mrb_closure closure, void *context);

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

// depthwise.c: weights are window row x window column x channel.
void mrb_depthwise(const float *input, const float *weights, mrb_window window, float *output);
void mrb_depthwise_input_gradient(const float *output_gradient, const float *weights,
                                  mrb_window window, float *input_gradient);
// Adds to weight_gradient.
void mrb_depthwise_weight_gradient(const float *input, const float *output_gradient,
                                   mrb_window window, float *weight_gradient);

// activations.c
typedef enum {
  MRB_LEAKY_RELU, // slope below zero
  MRB_GELU,       // x times the part of a normal distribution below x
  MRB_GELU_TANH,  // its approximation by a hyperbolic tangent
  MRB_SILU,       // x times sigmoid
  MRB_SIGMOID,
  MRB_TANH
} mrb_activation;
void mrb_activate(mrb_activation kind, float slope, const float *input, size_t count,
                  float *output);
void mrb_activate_backward(mrb_activation kind, float slope, const float *input,
                           const float *output, const float *output_gradient, size_t count,
                           float *input_gradient);

// What is read: whole feature maps, or, where `chosen` is given, pooled ones of
// half the height and width, whose numbers belong to pixel 0...3 of squares of 2 x 2 pixels, row by
// row; 4 says that a number is worth nothing.
typedef struct {
  const float *values;
  const uint8_t *chosen;
} mrb_feature_map;

// channels.c: arrays of rows x channels.
void mrb_sum_rows(mrb_feature_map rows, size_t row_count, size_t channels, float *sums);
void mrb_add_to_rows(float *rows, const float *bias, size_t row_count, size_t channels);
// Sums of (x - pivot) and (x - pivot)^2 per channel.
void mrb_moments(const float *rows, const float *pivot, size_t row_count, size_t channels,
                 double *sums, double *squares);
// What becomes of each channel: scale x + shift, and with `rectifies` nothing below zero.
typedef struct {
  const float *scale, *shift;
  int rectifies;
} mrb_channel_map;
void mrb_scale_and_shift(const float *rows, mrb_channel_map map, size_t row_count, size_t channels,
                         float *output);
// Sums of g and g * (x - mean) * inverse_deviation per channel; g is the gradient of what the map
// made of x.
void mrb_normalization_sums(const float *gradient, const float *rows, mrb_channel_map map,
                            const float *mean, const float *inverse_deviation, size_t row_count,
                            size_t channels, double *sums, double *products);
// output = a * g + b * rows + c, per channel.
void mrb_combine_channels(const float *gradient, const float *rows, mrb_channel_map map,
                          const float *a, const float *b, const float *c, size_t row_count,
                          size_t channels, float *output);

// pooled_channels.c: the same where the map is pooled, for some rows of squares of 2 x 2 pixels,
// counted through all images.
typedef struct {
  size_t height, width, channels; // of an image before pooling
} mrb_map_size;
void mrb_scale_and_pool(const float *pixels, mrb_map_size s, size_t first, size_t count,
                        mrb_channel_map map, float *values, uint8_t *chosen);
void mrb_pooled_normalization_sums(mrb_feature_map gradient, const float *pixels, mrb_map_size s,
                                   size_t first, size_t count, const float *mean,
                                   const float *inverse_deviation, double *sums, double *products);
void mrb_combine_pooled_channels(mrb_feature_map gradient, const float *pixels, mrb_map_size s,
                                 size_t first, size_t count, const float *a, const float *b,
                                 const float *c, float *output);

// Copies some columns of rows that lie source_stride apart to rows that lie target_stride apart.
void mrb_copy_columns(const float *source, size_t source_stride, size_t row_count, size_t columns,
                      float *target, size_t target_stride);
void mrb_transpose(const float *input, size_t rows, size_t columns, float *output);

// elementwise.c
void mrb_rectify(const float *input, size_t count, float *output);
void mrb_rectify_backward(const float *output, const float *output_gradient, size_t count,
                          float *input_gradient);
// Keeps element i when a hash of (seed, i) says so, scaled by 1 / keep.
void mrb_dropout(const float *input, size_t count, float keep, uint64_t seed, float *output);
void mrb_add(const float *addend, size_t count, float *sum);
void mrb_sum(const float *a, const float *b, size_t count, float *sum);
double mrb_sum_of_squares(const float *values, size_t count);

// augment.c: images of size x size x 3 bytes.
// The place in the source of the pixel in column c and row r: (xx c + xy r + x, yx c + yy r + y).
typedef struct {
  float xx, xy, x, yx, yy, y;
} mrb_map;
// What becomes of a colour in 0...255: (clamped to 0...255 (matrix colour + offset)) scale + shift.
typedef struct {
  float matrix[9], offset[3], scale[3], shift[3];
} mrb_color;
// Samples bilinearly, reflecting at the edges. Reads one byte beyond the image.
void mrb_sample_image(const uint8_t *source, int32_t size, mrb_map map, mrb_color color,
                      float *output);
// The sum of each channel over count pixels.
void mrb_sum_pixels(const uint8_t *source, size_t count, uint64_t sums[3]);
// a becomes kept a + (1 - kept) b, and b the same of b and a.
void mrb_mix(float *a, float *b, size_t count, float kept);

// What becomes of sums of products: scale sum + bias for each channel, either where it is given,
// and with `rectifies` nothing below zero. With `pools` only the largest of each square of 2 x 2 is
// kept: of the sums, or with `scales_first` of what was made of them.
typedef struct {
  const float *scale, *bias;
  int rectifies, pools, scales_first;
  float *values;
  uint8_t *chosen; // written where it is given and `pools`
} mrb_epilogue;

// winograd.c: convolutions of 3 x 3 and stride 1.
typedef struct {
  size_t height, width, channels; // of an image that is read
  size_t top, left;               // zeros above and to the left of it; 1 of a pooled one
  size_t output_height, output_width, output_channels; // before pooling
} mrb_winograd;
size_t mrb_winograd_weight_count(size_t depth, size_t width);
size_t mrb_winograd_scratch_count(mrb_winograd w, size_t tiles);
// Transforms a panel of 16 outputs of weights, 9 x inputs x outputs, or for the way back of 16
// inputs.
void mrb_winograd_weights(const float *weights, size_t inputs, size_t outputs, int is_backward,
                          size_t panel, float *transformed);
// Some panels of 16 output channels.
typedef struct {
  size_t first, count;
} mrb_panels;
// Tiles of 4 x 4 outputs, count from first.
void mrb_winograd_forward(mrb_feature_map input, mrb_winograd w, size_t first, size_t count,
                          mrb_panels panels, const float *weights, float *scratch,
                          mrb_epilogue epilogue);

// winograd_gradient.c
// Numbers of a block of transformed tiles of the input, and of the gradient.
size_t mrb_winograd_tile_count(mrb_winograd w, size_t tiles);
size_t mrb_winograd_gradient_count(mrb_winograd w, size_t tiles);
// Transforms tiles, count from first, to places from start on in a block of so many tiles.
void mrb_winograd_transform(const float *input, mrb_feature_map gradient, mrb_winograd w,
                            size_t first, size_t count, size_t start, size_t tiles, float *inputs,
                            float *gradients);
// Writes, or adds, what the first count tiles of a block contribute at one of 36 points to the
// gradient of the weights, transformed.
void mrb_winograd_point_sums(const float *inputs, const float *gradients, mrb_winograd w,
                             size_t point, size_t count, size_t tiles, int adds, float *sums);
size_t mrb_winograd_sum_count(mrb_winograd w);
// The gradient of the weights of a panel of 16 outputs.
void mrb_winograd_weight_gradient(const float *sums, mrb_winograd w, size_t panel, float *gradient);

// indirect.c: convolutions without a column matrix.
size_t mrb_indirect_weight_count(mrb_window w, size_t outputs);
// Weights, window x inputs x outputs, as panels of 16 outputs; for the way back of 16 inputs, with
// the window turned.
void mrb_indirect_weights(const float *weights, size_t window, size_t inputs, size_t outputs,
                          int is_backward, float *panels);
// Numbers of scratch memory for some output rows.
size_t mrb_indirect_scratch_count(mrb_window w, size_t row_count, size_t outputs);
// Some output rows of one image, an even number from an even one where the epilogue pools.
void mrb_indirect_forward(mrb_feature_map input, size_t image, mrb_window w, size_t first_row,
                          size_t row_count, const float *panels, size_t outputs, float *scratch,
                          mrb_epilogue epilogue);
// Adds what some output rows of one image contribute to the gradient of the weights.
void mrb_indirect_weight_sums(const float *input, mrb_feature_map gradient, size_t image,
                              mrb_window w, size_t first_row, size_t row_count, size_t outputs,
                              float *scratch, float *sums);
size_t mrb_indirect_sum_count(mrb_window w, size_t outputs);
void mrb_indirect_weight_gradient(const float *sums, size_t shard_count, mrb_window w,
                                  size_t outputs, float *gradient);

// resample.c: images of bytes, three channels. For each of count results of one axis the first
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

// probe.c: rates of the processor itself.
typedef struct {
  double operations; // additions and multiplications done
  float sum;         // so that no compiler leaves them out
} mrb_probe;
// Multiply-adds in the widest registers, nothing read from memory.
mrb_probe mrb_multiply_add_chains(size_t rounds);
// Sums all but a last incomplete run of 64 numbers.
float mrb_read(const float *values, size_t count);

#endif
