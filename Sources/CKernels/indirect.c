#include "CKernels.h"
#include "clones.h"
#include "pooled.h"

// Convolutions without a column matrix: with zeros around the image, each row of the window is one
// run of floats, and the next position begins stride × channels farther on. Six positions are
// multiplied at a time, each by the address it begins at (Dukhan, 2019, arXiv:1907.02129).

static mrb_feature_map image_of(mrb_feature_map map, size_t image, size_t height, size_t width,
                                size_t channels) {
  const size_t count = map.chosen ? (height / 2) * (width / 2) : height * width;
  const size_t start = image * count * channels;
  return (mrb_feature_map){map.values + start, map.chosen ? map.chosen + start : NULL};
}

// The first pixels of a row of a feature map; a pooled one gives those that were kept, and leaves
// the others as they are.
INLINE void copy_row(mrb_feature_map map, size_t y, size_t width, size_t kept, size_t channels,
                     float *row) {
  if (!map.chosen) {
    memcpy(row, map.values + y * width * channels, kept * channels * sizeof(float));
    return;
  }
  for (size_t x = 0; x + 2 <= width && x < kept; x += 2) {
    const size_t place = (y / 2 * (width / 2) + x / 2) * channels;
    for (size_t c = 0; c < channels; c += LANES) {
      lanes value, pixel;
      choices which;
      load_pooled(map.values + place + c, map.chosen + place + c, channels - c, &value, &which);
      for (size_t k = 0; k < 2 && x + k < kept; k++) {
        unpool(&value, &which, (int32_t)(2 * (y % 2) + k), &pixel);
        store(row + (x + k) * channels + c, channels - c, &pixel);
      }
    }
  }
}

// Copies the rows of an image that output rows need, with zeros around them; returns their length.
INLINE size_t pad(mrb_feature_map map, size_t image, mrb_window w, size_t first_row,
                  size_t row_count, float *padded) {
  const mrb_feature_map own = image_of(map, image, w.height, w.width, w.channels);
  const size_t columns = (w.output_width - 1) * w.stride + w.window_width;
  const size_t length = columns * w.channels;
  const size_t rows = (row_count - 1) * w.stride + w.window_height;
  const size_t kept = w.left + w.width < columns ? w.width : columns - w.left;
  const size_t height = map.chosen ? w.height / 2 * 2 : w.height;
  for (size_t r = 0; r < rows; r++, padded += length) {
    const size_t y = first_row * w.stride + r;
    memset(padded, 0, length * sizeof(float));
    if (y >= w.top && y - w.top < height)
      copy_row(own, y - w.top, w.width, kept, w.channels, padded + w.left * w.channels);
  }
  return length;
}

size_t mrb_indirect_weight_count(mrb_window w, size_t outputs) {
  return w.window_height * w.window_width * w.channels * up(outputs, PANEL);
}

size_t mrb_indirect_scratch_count(mrb_window w, size_t row_count, size_t outputs) {
  const size_t rows = (row_count - 1) * w.stride + w.window_height;
  const size_t columns = (w.output_width - 1) * w.stride + w.window_width;
  return rows * columns * w.channels + ROWS + w.output_width * (outputs + up(outputs, PANEL));
}

MRB_KERNEL void mrb_indirect_weights(const float *restrict weights, size_t window, size_t inputs,
                                     size_t outputs, int is_backward, float *restrict panels) {
  const size_t depth = is_backward ? outputs : inputs, width = is_backward ? inputs : outputs;
  for (size_t n = 0; n < width; n += PANEL)
    for (size_t t = 0; t < window; t++)
      for (size_t k = 0; k < depth; k++, panels += PANEL)
        for (size_t o = 0; o < PANEL; o++)
          panels[o] = n + o >= width ? 0
                      : is_backward  ? weights[((window - 1 - t) * inputs + n + o) * outputs + k]
                                     : weights[(t * inputs + k) * outputs + n + o];
}

// Six positions of a row, or fewer, by one panel of outputs.
INLINE void convolve(const float *const position[ROWS], mrb_window w, size_t length,
                     const float *restrict panel, lanes sum[ROWS][2]) {
  const size_t run = w.window_width * w.channels;
  for (size_t r = 0; r < w.window_height; r++)
    for (size_t k = 0; k < run; k++, panel += PANEL) {
      lanes low, high;
      memcpy(&low, panel, sizeof low);
      memcpy(&high, panel + LANES, sizeof high);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < ROWS; i++) {
        const float factor = position[i][r * length + k];
        sum[i][0] += factor * low;
        sum[i][1] += factor * high;
      }
    }
}

// Writes count positions of one row.
INLINE void write_row(const lanes sum[ROWS][2], size_t count, size_t n, size_t outputs,
                      const float *restrict bias, float *restrict target) {
  for (size_t half = 0; half < 2 && n + half * LANES < outputs; half++) {
    const size_t o = n + half * LANES;
    lanes offset = {0};
    if (bias)
      load(bias + o, outputs - o, &offset);
    for (size_t i = 0; i < count; i++) {
      lanes value = sum[i][half] + offset;
      store(target + i * outputs + o, outputs - o, &value);
    }
  }
}

// Writes the largest of each square of two rows; place is that of the first in the pooled map.
INLINE void write_squares(lanes sum[2][ROWS][2], size_t count, size_t n, size_t outputs,
                          mrb_epilogue epilogue, size_t place) {
  for (size_t half = 0; half < 2 && n + half * LANES < outputs; half++) {
    const size_t o = n + half * LANES;
    lanes offset = {0};
    if (epilogue.bias)
      load(epilogue.bias + o, outputs - o, &offset);
    for (size_t i = 0; i < count; i += 2) {
      const lanes four[4] = {sum[0][i][half], sum[0][i + 1][half], sum[1][i][half],
                             sum[1][i + 1][half]};
      const size_t target = (place + i / 2) * outputs + o;
      lanes value;
      choices chosen;
      choose(four, &offset, epilogue.rectifies, &value, &chosen);
      store(epilogue.values + target, outputs - o, &value);
      if (epilogue.chosen)
        store_chosen(epilogue.chosen + target, outputs - o, &chosen);
    }
  }
}

MRB_KERNEL void mrb_indirect_forward(mrb_feature_map input, size_t image, mrb_window w,
                                     size_t first_row, size_t row_count,
                                     const float *restrict panels, size_t outputs,
                                     float *restrict scratch, mrb_epilogue epilogue) {
  const size_t length = pad(input, image, w, first_row, row_count, scratch);
  const size_t depth = w.window_height * w.window_width * w.channels;
  const size_t rows = epilogue.pools ? 2 : 1;
  const size_t width = w.output_width / rows, height = w.output_height / rows;
  for (size_t y = 0; y + rows <= row_count; y += rows)
    for (size_t x = 0; x < width * rows; x += ROWS) {
      const size_t count = smaller(ROWS, width * rows - x);
      for (size_t n = 0; n < outputs; n += PANEL) {
        lanes sum[2][ROWS][2] = {0};
        for (size_t row = 0; row < rows; row++) {
          const float *position[ROWS];
          for (size_t i = 0; i < ROWS; i++)
            position[i] = scratch + (y + row) * w.stride * length +
                          (x + smaller(i, count - 1)) * w.stride * w.channels;
          convolve(position, w, length, panels + n * depth, sum[row]);
        }
        const size_t place = (image * height + (first_row + y) / rows) * width + x / rows;
        if (epilogue.pools)
          write_squares(sum, count, n, outputs, epilogue, place);
        else
          write_row(sum[0], count, n, outputs, epilogue.bias, epilogue.values + place * outputs);
      }
    }
}

size_t mrb_indirect_sum_count(mrb_window w, size_t outputs) {
  return w.window_height * up(w.window_width * w.channels, ROWS) * up(outputs, PANEL);
}

// One row of a gradient as panels of sixteen channels: [panel][position][PANEL].
INLINE void pack_row(mrb_feature_map gradient, size_t y, size_t width, size_t height,
                     size_t outputs, float *restrict row, float *restrict panels) {
  memset(row, 0, width * outputs * sizeof(float));
  if (!gradient.chosen || y < height / 2 * 2)
    copy_row(gradient, y, width, width, outputs, row);
  for (size_t n = 0; n < up(outputs, PANEL); n += LANES)
    for (size_t x = 0; x < width; x++) {
      lanes value = {0};
      if (n < outputs)
        load(row + x * outputs + n, outputs - n, &value);
      memcpy(panels + n / PANEL * width * PANEL + x * PANEL + n % PANEL, &value, sizeof value);
    }
}

MRB_KERNEL void mrb_indirect_weight_sums(const float *restrict input, mrb_feature_map gradient,
                                         size_t image, mrb_window w, size_t first_row,
                                         size_t row_count, size_t outputs, float *restrict scratch,
                                         float *restrict sums) {
  const mrb_feature_map plain = {input, NULL};
  const mrb_feature_map own = image_of(gradient, image, w.output_height, w.output_width, outputs);
  const size_t length = pad(plain, image, w, first_row, row_count, scratch);
  const size_t rows = (row_count - 1) * w.stride + w.window_height;
  const size_t width = up(outputs, PANEL), run = up(w.window_width * w.channels, ROWS);
  // Six numbers are read where fewer are left of the last run.
  float *row = scratch + rows * length + ROWS, *panels = row + w.output_width * outputs;
  for (size_t y = 0; y < row_count; y++) {
    pack_row(own, first_row + y, w.output_width, w.output_height, outputs, row, panels);
    for (size_t r = 0; r < w.window_height; r++)
      for (size_t k = 0; k < run; k += ROWS)
        for (size_t n = 0; n < width; n += PANEL)
          multiply_transposed(scratch + (y * w.stride + r) * length + k, w.stride * w.channels,
                              panels + n * w.output_width, PANEL, w.output_width, 1,
                              sums + (r * run + k) * width + n, width);
  }
}

void mrb_indirect_weight_gradient(const float *sums, size_t shard_count, mrb_window w,
                                  size_t outputs, float *gradient) {
  const size_t run = w.window_width * w.channels, width = up(outputs, PANEL);
  const size_t shard_step = mrb_indirect_sum_count(w, outputs);
  for (size_t r = 0; r < w.window_height; r++)
    for (size_t k = 0; k < run; k++)
      for (size_t o = 0; o < outputs; o++, gradient++) {
        *gradient = 0;
        for (size_t shard = 0; shard < shard_count; shard++)
          *gradient += sums[shard * shard_step + (r * up(run, ROWS) + k) * width + o];
      }
}
