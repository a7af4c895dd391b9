#ifndef MARBLES_CKERNELS_H
#define MARBLES_CKERNELS_H

// The numeric loops of Marbles, and the threads they run on.
//
// Arrays are contiguous, row-major float32; images are height x width x channels, batches of them
// one after another. The loops allocate nothing, have no state, and do not check sizes: the Swift
// facade over this header does. Shapes are written [rows][columns].

#include <stddef.h>
#include <stdint.h>

// What products multiply; sums are floats. bfloat16 lies in pairs, each in the place of a float.
// Its portable products have the results of the instructions of some processors.
typedef enum { MRB_FLOAT32, MRB_BFLOAT16, MRB_BFLOAT16_PORTABLE } mrb_format;

// A sliding window over an image.
typedef struct {
  size_t height, width, channels;     // of the image
  size_t window_height, window_width; // of the window
  size_t stride;                      // along both axes
  size_t top, left;                   // rows and columns of zeros before the image
  size_t output_height, output_width; // positions of the window
} mrb_window;

// Elements first, first + 1, ..., first + count - 1 of something.
typedef struct {
  size_t first, count;
} mrb_range;

// Some rows of one image of a batch.
typedef struct {
  size_t image, first, count;
} mrb_image_rows;

// --- worker_pool.c: one thread for each worker but the first, which is the caller. Threads live as
// long as the program, spin briefly when idle, and then sleep.

// A Swift closure (task, worker) -> (), passed as Swift passes it to a nonescaping parameter: a
// function and its context. Blocks and escaping closures would allocate.
typedef
    __attribute__((swiftcall)) void (*mrb_closure)(size_t task, size_t worker,
                                                   __attribute__((swift_context)) void *context);
// Calls the closure once for each task in 0..<task_count and returns when all are done. Tasks are
// handed out in order, one at a time, to whichever of worker_count workers is free. While the
// threads are busy with another call, the caller runs all of its tasks itself.
__attribute__((swiftcall)) void mrb_run_tasks(size_t task_count, size_t worker_count,
                                              mrb_closure closure, void *context);

// --- im2col.c: columns is [row_count positions][window_height][window_width][channels], for the
// positions of output rows first_row, ..., first_row + row_count - 1.

// Copies the pixels under the window at each position; zeros where it hangs over the edge.
void mrb_image_to_columns(const float *image, mrb_window window, size_t first_row, size_t row_count,
                          float *columns);
// The adjoint: adds each element of columns to the pixel it was copied from.
void mrb_add_columns_to_image(const float *columns, mrb_window window, size_t first_row,
                              size_t row_count, float *image);

// --- pooling.c: input is [height][width][channels], output is
// [output_height][output_width][channels], for one image.

// The maximum under the window, per channel; NaN if one is under it. arg_max, unless null, gets the
// place of the first one under the window, row by row; it has room for windows of 256 pixels.
void mrb_max_pool(const float *input, mrb_window window, float *output, uint8_t *arg_max);
// Passes each gradient to the pixel at that place.
void mrb_max_pool_backward_indexed(const uint8_t *arg_max, const float *output_gradient,
                                   mrb_window window, float *input_gradient);
// The same without places: to the first pixel under the window that equals the maximum.
void mrb_max_pool_backward(const float *input, const float *output, const float *output_gradient,
                           mrb_window window, float *input_gradient);
// The sum under the window divided by the window's size, per channel.
void mrb_average_pool(const float *input, mrb_window window, float *output);
void mrb_average_pool_backward(const float *output_gradient, mrb_window window,
                               float *input_gradient);

// --- depthwise.c: weights is [window_height][window_width][channels], a kernel for each channel.

void mrb_depthwise(const float *input, const float *weights, mrb_window window, float *output);
void mrb_depthwise_input_gradient(const float *output_gradient, const float *weights,
                                  mrb_window window, float *input_gradient);
// Adds to weight_gradient.
void mrb_depthwise_weight_gradient(const float *input, const float *output_gradient,
                                   mrb_window window, float *weight_gradient);

// --- activations.c: count elements each.

typedef enum {
  MRB_LEAKY_RELU, // x above zero, slope * x below
  MRB_GELU,       // x times the normal distribution function of x
  MRB_GELU_TANH,  // its approximation by a hyperbolic tangent
  MRB_SILU,       // x times sigmoid of x
  MRB_SIGMOID,
  MRB_TANH
} mrb_activation;
void mrb_activate(mrb_activation kind, float slope, const float *input, size_t count,
                  float *output);
void mrb_activate_backward(mrb_activation kind, float slope, const float *input,
                           const float *output, const float *output_gradient, size_t count,
                           float *input_gradient);

// Feature maps that are read: whole, [height][width][channels], or, where arg_max is given, max
// pooled over squares of 2 x 2 pixels, [height / 2][width / 2][channels]. arg_max has, for each
// value, which pixel of its square it belongs to, 0...3 row by row, or 4 for none.
typedef struct {
  const float *values;
  const uint8_t *arg_max;
} mrb_feature_map;

// --- channels.c: rows is [row_count][channels]; other arrays are [channels].

// Sums the rows; in pooled ones a value that belongs to no pixel counts as zero.
void mrb_sum_rows(mrb_feature_map rows, size_t row_count, size_t channels, float *sums);
void mrb_add_to_rows(float *rows, const float *bias, size_t row_count, size_t channels);
// Sums of (x - pivot) and (x - pivot)^2 for each channel.
void mrb_moments(const float *rows, const float *pivot, size_t row_count, size_t channels,
                 double *sums, double *squares);
// A map of each channel: y = scale * x + shift, then max(y, 0) if rectifies.
typedef struct {
  const float *scale, *shift; // [channels]
  int rectifies;
} mrb_channel_map;
void mrb_scale_and_shift(const float *rows, mrb_channel_map map, size_t row_count, size_t channels,
                         float *output);
// Statistics of each channel of a batch.
typedef struct {
  const float *mean, *inverse_deviation; // [channels]
} mrb_statistics;
// Sums of g and of g * (x - mean) * inverse_deviation for each channel, where g is the gradient
// with respect to scale * x + shift: zero where the map rectified it.
void mrb_normalization_sums(const float *gradient, const float *rows, mrb_channel_map map,
                            mrb_statistics of, size_t row_count, size_t channels, double *sums,
                            double *products);
// Coefficients of a * g + b * x + c for each channel.
typedef struct {
  const float *a, *b, *c; // [channels]
} mrb_combination;
// output = a * g + b * rows + c, with g as above.
void mrb_combine_channels(const float *gradient, const float *rows, mrb_channel_map map,
                          mrb_combination by, size_t row_count, size_t channels, float *output);

// --- pooled_channels.c: the same where the map is pooled. pixels is [images][height][width]
// [channels]; rows are rows of squares of 2 x 2 pixels, counted through all images.

typedef struct {
  size_t height, width, channels; // of an image before pooling
} mrb_map_size;
// values and arg_max are [images][height / 2][width / 2][channels].
void mrb_scale_and_pool(const float *pixels, mrb_map_size s, mrb_range rows, mrb_channel_map map,
                        float *values, uint8_t *arg_max);
void mrb_pooled_normalization_sums(mrb_feature_map gradient, const float *pixels, mrb_map_size s,
                                   mrb_range rows, mrb_statistics of, double *sums,
                                   double *products);
// output is shaped like pixels.
void mrb_combine_pooled_channels(mrb_feature_map gradient, const float *pixels, mrb_map_size s,
                                 mrb_range rows, mrb_combination by, float *output);

// --- channels.c: matrices.

// Copies columns of row_count rows, source_stride apart, to rows target_stride apart.
void mrb_copy_columns(const float *source, size_t source_stride, size_t row_count, size_t columns,
                      float *target, size_t target_stride);
// input is [rows][columns], output is [columns][rows].
void mrb_transpose(const float *input, size_t rows, size_t columns, float *output);

// --- elementwise.c: count elements each.

// max(x, 0); NaN stays NaN.
void mrb_rectify(const float *input, size_t count, float *output);
// The gradient where output is above zero, else zero.
void mrb_rectify_backward(const float *output, const float *output_gradient, size_t count,
                          float *input_gradient);
// Keeps element i, divided by keep, with probability keep: a hash of (seed, i) decides. Others
// become zero.
void mrb_dropout(const float *input, size_t count, float keep, uint64_t seed, float *output);
// sum += addend.
void mrb_add(const float *addend, size_t count, float *sum);
// sum = a + b.
void mrb_sum(const float *a, const float *b, size_t count, float *sum);
double mrb_sum_of_squares(const float *values, size_t count);

// Sum (a - b)^2, summed in double precision.
double mrb_squared_distance(const float *a, const float *b, size_t count);

// --- augment.c: images are [size][size][3] bytes.

// An affine map from a result pixel in column c and row r to the source position
// (xx c + xy r + x, yx c + yy r + y).
typedef struct {
  float xx, xy, x, yx, yy, y;
} mrb_map;
// A map of a color in 0...255: clamp(matrix * color + offset, 0, 255) * scale + shift.
typedef struct {
  float matrix[9], offset[3], scale[3], shift[3];
} mrb_color;
// Samples bilinearly, reflecting at the edges; output is [output_size][output_size][3]. Reads one
// byte beyond the image.
void mrb_sample_image(const uint8_t *source, int32_t size, mrb_map map, mrb_color color,
                      float *output, int32_t output_size);
// The sum of each channel over count pixels.
void mrb_sum_pixels(const uint8_t *source, size_t count, uint64_t sums[3]);
// Mixes in place: a becomes kept * a + (1 - kept) * b, and b becomes kept * b + (1 - kept) * a.
void mrb_mix(float *a, float *b, size_t count, float kept);

// How the sums of products of a convolution are stored: scale * sum + bias for each channel, where
// either may be NULL, then max(0, ...) if rectifies. If pools, only the maximum of each square of
// 2 x 2 pixels is stored: of the sums, or, if scales_first, of the scaled ones.
typedef struct {
  const float *scale, *bias; // [channels]
  int rectifies, pools, scales_first;
  float *values;    // [height][width][channels], or half the height and width if pools
  uint8_t *arg_max; // like values; written if pools, unless NULL
} mrb_epilogue;

// --- winograd.c: convolutions of 3 x 3 and stride 1, by tiles of 4 x 4 outputs, which are counted
// row by row through all images. Channels that are written are grouped into panels of 16.

typedef struct {
  size_t height, width, channels; // of an image that is read
  size_t top, left;               // rows and columns of zeros before it; 1 if it is pooled
  size_t output_height, output_width, output_channels; // before pooling
  mrb_format format;                                   // of transformed tiles and weights
} mrb_winograd;
// Elements of transformed weights, for depth channels that are read and width that are written.
size_t mrb_winograd_weight_count(size_t depth, size_t width, mrb_format format);
// Elements of scratch memory for some tiles.
size_t mrb_winograd_scratch_count(mrb_winograd w, size_t tiles);
// Transforms one panel of weights, [3][3][inputs][outputs]: of outputs, or, if is_backward, of
// inputs with the kernel rotated, for the gradient with respect to the input.
void mrb_winograd_weights(const float *weights, size_t inputs, size_t outputs, int is_backward,
                          size_t panel, mrb_format format, float *transformed);
// Computes some panels of some tiles; input is [images][height][width][channels].
void mrb_winograd_forward(mrb_feature_map input, mrb_winograd w, mrb_range tiles, mrb_range panels,
                          const float *weights, float *scratch, mrb_epilogue epilogue);

// --- products.c

// Rows, as tiles of Winograd's convolution, that a product multiplies at once.
size_t mrb_rows_at_once(void);

// --- bfloat16.c

// Whether the processor has products of bfloat16.
int mrb_multiplies_bfloat16(void);

// --- dense.c

// Outputs first, ..., first + count - 1 of x * transposed weights + bias for each of image_count
// rows x: inputs is [image_count][input_count], weights is [...][input_count], output is
// [image_count][output_count]. An output does not depend on how many rows there are. bias, one
// value for each output, may be NULL.
void mrb_dense(const float *inputs, size_t image_count, size_t input_count, const float *weights,
               const float *bias, mrb_range outputs, size_t output_count, float *output);

// --- paired_dense.c: the same for any number of images, with rounded weights and inputs.

// Elements of the weights as panels of 16 outputs, and of rows of inputs.
size_t mrb_dense_panel_count(size_t inputs, size_t outputs);
size_t mrb_dense_row_count(size_t inputs, size_t images);
// Elements of the sums of some panels.
size_t mrb_dense_sum_count(size_t images, size_t panel_count);
// Arranges the weights of one panel.
void mrb_dense_panel(const float *weights, size_t inputs, size_t outputs, mrb_format format,
                     size_t panel, float *panels);
// Rounds the inputs of some images, `count` each.
void mrb_dense_rows(const float *inputs, size_t image_count, size_t count, mrb_format format,
                    float *rows);
// Computes the outputs of some panels for rows of images.
void mrb_dense_products(const float *rows, size_t image_count, size_t inputs, mrb_format format,
                        const float *panels, const float *bias, mrb_range range, size_t outputs,
                        float *sums, float *output);

// --- winograd_gradient.c

// Room for some transformed tiles of the input and of the gradient with respect to the output.
typedef struct {
  size_t capacity;           // tiles
  float *inputs, *gradients; // of the counts below
} mrb_winograd_block;
// Elements of a block's inputs, and of its gradients.
size_t mrb_winograd_tile_count(mrb_winograd w, size_t tiles);
size_t mrb_winograd_gradient_count(mrb_winograd w, size_t tiles);
// Transforms some tiles, storing the first as tile `start` of the block; pairs of tiles start with
// an even one.
void mrb_winograd_transform(const float *input, mrb_feature_map gradient, mrb_winograd w,
                            mrb_range tiles, size_t start, mrb_winograd_block block);
// Elements of the transformed gradient with respect to the weights.
size_t mrb_winograd_sum_count(mrb_winograd w);
// Computes, or adds to sums if `adds`, what the first count tiles of a block contribute to the
// transformed gradient with respect to the weights of some panels of outputs, at one of 36 points.
void mrb_winograd_point_sums(mrb_winograd_block block, mrb_winograd w, size_t point,
                             mrb_range panels, size_t count, int adds, float *sums);
// Transforms the sums of one panel of outputs back; gradient is [3][3][inputs], each the outputs of
// the panel, which are step elements apart.
void mrb_winograd_weight_gradient(const float *sums, mrb_winograd w, size_t panel, float *gradient,
                                  size_t step);

// --- indirect.c: convolutions without a column matrix; input is
// [images][height][width][channels], of bfloat16 with an even number of channels.

// Elements of weights as panels of 16 outputs.
size_t mrb_indirect_weight_count(mrb_window w, size_t outputs, mrb_format format);
// Arranges weights, [window][inputs][outputs], as panels of outputs, or, if is_backward, of inputs
// with the window rotated, for the gradient with respect to the input.
void mrb_indirect_weights(const float *weights, size_t window, size_t inputs, size_t outputs,
                          int is_backward, mrb_format format, float *panels);
// Elements of scratch memory for some output rows.
size_t mrb_indirect_scratch_count(mrb_window w, size_t row_count, size_t outputs,
                                  mrb_format format);
// Computes some output rows of one image: an even number from an even one if the epilogue pools.
void mrb_indirect_forward(mrb_feature_map input, mrb_window w, mrb_image_rows rows,
                          const float *panels, size_t outputs, mrb_format format, float *scratch,
                          mrb_epilogue epilogue);
// Adds what some output rows of one image contribute to the gradient with respect to the weights.
void mrb_indirect_weight_sums(const float *input, mrb_feature_map gradient, mrb_window w,
                              mrb_image_rows rows, size_t outputs, mrb_format format,
                              float *scratch, float *sums);
// Elements of these sums.
size_t mrb_indirect_sum_count(mrb_window w, size_t outputs);
// Brings sums into the order of the weights; gradient is [window][inputs][outputs].
void mrb_indirect_weight_gradient(const float *sums, mrb_window w, size_t outputs, float *gradient);

// --- resample.c: images of bytes, three channels.

// Weights along one axis: result i is the sum of counts[i] source pixels from starts[i] on, times
// values[i * stride], values[i * stride + 1], ... / 65536; a weight of one is stored as 65535.
typedef struct {
  const intptr_t *starts, *counts;
  const uint16_t *values;
  size_t count, stride;
} mrb_weights;
// Resizes vertically: row_bytes bytes of each source row, which are stride bytes apart. output is
// [weights.count][row_bytes].
void mrb_resize_vertically(const uint8_t *source, size_t stride, size_t row_bytes,
                           mrb_weights weights, uint8_t *output);
// Resizes horizontally: source is [row_count][width][3], output is [row_count][weights.count][3].
// The source's first column is column `offset` of those that the weights count.
void mrb_resize_horizontally(const uint8_t *source, size_t width, size_t row_count, size_t offset,
                             mrb_weights weights, uint8_t *output);

// --- probe.c: rates of the processor itself.

typedef struct {
  double operations; // additions and multiplications done
  float sum;         // returned so that no compiler removes them
} mrb_probe;
// Multiply-adds in the widest registers, without memory access; of floats where the processor has
// no others.
mrb_probe mrb_multiply_add_chains(mrb_format format, size_t rounds);
// Sums all elements but a last incomplete group of 64.
float mrb_read(const float *values, size_t count);

#endif
