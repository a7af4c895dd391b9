#include "bfloat16.h"
#include "epilogue.h"
#include "products.h"

// Convolutions without a column matrix: with zeros around the image, each row of the window is one
// run of floats, and the next position begins stride × channels later. So products read the rows of
// their left side directly from the image (Dukhan, 2019, arXiv:1907.02129).
//
// With bfloat16 the padded rows are rounded as well: for sums over a window channels are paired,
// whose number must be even; for the gradient of the weights, neighboring positions.

static mrb_feature_map image_of(mrb_feature_map map, size_t image, size_t height, size_t width,
                                size_t channels) {
  const size_t count = map.arg_max ? (height / 2) * (width / 2) : height * width;
  const size_t start = image * count * channels;
  return (mrb_feature_map){map.values + start, map.arg_max ? map.arg_max + start : NULL};
}

// Copies the first `kept` pixels of row y of a feature map, to places `step` elements apart; of a
// pooled map only the maxima, leaving other pixels unchanged.
INLINE void copy_row(mrb_feature_map map, size_t y, size_t width, size_t kept, size_t channels,
                     float *row, size_t step) {
  if (!map.arg_max) {
    const float *source = map.values + y * width * channels;
    if (step == channels)
      memcpy(row, source, kept * channels * sizeof(float));
    else
      for (size_t x = 0; x < kept; x++) {
        memcpy(row + x * step, source + x * channels, channels * sizeof(float));
      }
    return;
  }
  for (size_t x = 0; x + 2 <= width && x < kept; x += 2) {
    const size_t place = (y / 2 * (width / 2) + x / 2) * channels;
    for (size_t c = 0; c < channels; c += LANES) {
      lanes value, pixel;
      int_lanes which;
      load_pooled(map.values + place + c, map.arg_max + place + c, channels - c, &value, &which);
      for (size_t k = 0; k < 2 && x + k < kept; k++) {
        unpool(&value, &which, (int32_t)(2 * (y % 2) + k), &pixel);
        store(row + (x + k) * step + c, channels - c, &pixel);
      }
    }
  }
}

// Copies the rows of an image that some output rows need, with zeros around them. Returns the
// elements of a padded row.
INLINE size_t pad(mrb_feature_map map, mrb_window w, mrb_image_rows part, float *padded) {
  const mrb_feature_map own = image_of(map, part.image, w.height, w.width, w.channels);
  const size_t columns = (w.output_width - 1) * w.stride + w.window_width;
  const size_t length = columns * w.channels;
  const size_t rows = (part.count - 1) * w.stride + w.window_height;
  const size_t kept = w.left + w.width < columns ? w.width : columns - w.left;
  const size_t height = map.arg_max ? w.height / 2 * 2 : w.height;
  for (size_t r = 0; r < rows; r++, padded += length) {
    const size_t y = part.first * w.stride + r;
    memset(padded, 0, length * sizeof(float));
    if (y >= w.top && y - w.top < height)
      copy_row(own, y - w.top, w.width, kept, w.channels, padded + w.left * w.channels, w.channels);
  }
  return length;
}

static size_t depth_of(mrb_window w) { return w.window_height * w.window_width * w.channels; }

size_t mrb_indirect_weight_count(mrb_window w, size_t outputs, mrb_format format) {
  return words_of(depth_of(w), format) * up(outputs, PANEL);
}

// Elements of padded rows, with room for positions that fill the last GROUP.
static size_t padded_count(mrb_window w, size_t row_count) {
  const size_t rows = (row_count - 1) * w.stride + w.window_height;
  const size_t columns = (w.output_width - 1) * w.stride + w.window_width;
  return up((rows * columns + GROUP * w.stride) * w.channels, PANEL);
}

// Rounded rows lie behind the padded ones, in as much room. A row of gradients is rounded behind
// all others.
size_t mrb_indirect_scratch_count(mrb_window w, size_t row_count, size_t outputs,
                                  mrb_format format) {
  const size_t pairs = is_paired(format) ? up(w.output_width, 2) / 2 : 0;
  const size_t forward = 2 * GROUP;
  const size_t backward =
      is_paired(format) ? (2 * row_count + 1) * pairs : row_count * w.output_width;
  return (is_paired(format) ? 2 : 1) * padded_count(w, row_count) +
         (forward > backward ? forward : backward) * up(outputs, PANEL);
}

MRB_KERNEL void mrb_indirect_weights(const float *restrict weights, size_t window, size_t inputs,
                                     size_t outputs, int is_backward, mrb_format format,
                                     float *restrict panels) {
  const size_t depth = is_backward ? outputs : inputs, width = is_backward ? inputs : outputs;
  const size_t rows_at_once = is_paired(format) ? 2 : 1;
  for (size_t n = 0; n < width; n += PANEL) {
    for (size_t t = 0; t < window; t++) {
      for (size_t k = 0; k < depth; k += rows_at_once, panels += PANEL) {
        float rows[2][PANEL];
        for (size_t i = 0; i < rows_at_once; i++) {
          for (size_t o = 0; o < PANEL; o++) {
            rows[i][o] = n + o >= width ? 0
                         : is_backward
                             ? weights[((window - 1 - t) * inputs + n + o) * outputs + k + i]
                             : weights[(t * inputs + k + i) * outputs + n + o];
          }
        }
        if (is_paired(format))
          mrb_pair_rows(rows[0], rows[1], 1, PANEL, format, panels, PANEL);
        else
          memcpy(panels, rows[0], sizeof rows[0]);
      }
    }
  }
}

// The elements under the window for a row of positions, from `corner` on; of bfloat16, pairs of
// channels.
static mrb_rows rows_from(const float *corner, mrb_window w, size_t length, mrb_format format) {
  return (mrb_rows){corner,
                    words_of(w.stride * w.channels, format),
                    w.window_height,
                    words_of(w.window_width * w.channels, format),
                    words_of(length, format),
                    format};
}

// Stores count positions of a row; sums is [count][outputs rounded up to panels].
INLINE void write_row(const float *sums, size_t count, size_t outputs, mrb_epilogue epilogue,
                      size_t place) {
  for (size_t o = 0; o < outputs; o += LANES) {
    lanes scale, offset, sum;
    load_map(&epilogue, o, outputs - o, &scale, &offset);
    for (size_t i = 0; i < count; i++) {
      memcpy(&sum, sums + i * up(outputs, PANEL) + o, sizeof sum);
      store_sum(&epilogue, &sum, &scale, &offset, (place + i) * outputs + o, outputs - o);
    }
  }
}

// Stores the maximum of each square of two rows of count positions; the second row begins after a
// GROUP.
INLINE void write_squares(const float *sums, size_t count, size_t outputs, mrb_epilogue epilogue,
                          size_t place) {
  const size_t row = up(outputs, PANEL);
  const float *lower = sums + GROUP * row;
  for (size_t o = 0; o < outputs; o += LANES) {
    lanes scale, offset;
    load_map(&epilogue, o, outputs - o, &scale, &offset);
    for (size_t i = 0; i < count; i += 2) {
      lanes four[4];
      memcpy(&four[0], sums + i * row + o, sizeof(lanes));
      memcpy(&four[1], sums + (i + 1) * row + o, sizeof(lanes));
      memcpy(&four[2], lower + i * row + o, sizeof(lanes));
      memcpy(&four[3], lower + (i + 1) * row + o, sizeof(lanes));
      store_square(&epilogue, four, &scale, &offset, (place + i / 2) * outputs + o, outputs - o);
    }
  }
}

MRB_KERNEL void mrb_indirect_forward(mrb_feature_map input, mrb_window w, mrb_image_rows part,
                                     const float *restrict panels, size_t outputs,
                                     mrb_format format, float *restrict scratch,
                                     mrb_epilogue epilogue) {
  const size_t length = pad(input, w, part, scratch), room = padded_count(w, part.count);
  float *image = scratch;
  if (is_paired(format)) {
    image += room;
    mrb_round_rows(scratch, room / LANES, format, (uint16_t *)image, LANES);
  }
  const size_t rows = epilogue.pools ? 2 : 1, panel_row = up(outputs, PANEL);
  const size_t width = w.output_width / rows, height = w.output_height / rows;
  float *sums = image + room;
  for (size_t y = 0; y + rows <= part.count; y += rows) {
    for (size_t x = 0; x < width * rows; x += GROUP) {
      const size_t count = smaller(GROUP, width * rows - x);
      for (size_t row = 0; row < rows; row++) {
        const size_t corner = ((y + row) * length + x * w.channels) * w.stride;
        mrb_multiply(rows_from(image + words_of(corner, format), w, length, format), count, panels,
                     outputs, sums + row * GROUP * panel_row, panel_row);
      }
      const size_t place = (part.image * height + (part.first + y) / rows) * width + x / rows;
      if (epilogue.pools)
        write_squares(sums, count, outputs, epilogue, place);
      else
        write_row(sums, count, outputs, epilogue, place);
    }
  }
}

size_t mrb_indirect_sum_count(mrb_window w, size_t outputs) {
  return padded_height(depth_of(w)) * up(outputs, PANEL);
}

MRB_KERNEL void mrb_indirect_weight_sums(const float *restrict input, mrb_feature_map gradient,
                                         mrb_window w, mrb_image_rows part, size_t outputs,
                                         mrb_format format, float *restrict scratch,
                                         float *restrict sums) {
  const mrb_feature_map plain = {input, NULL};
  const mrb_feature_map own =
      image_of(gradient, part.image, w.output_height, w.output_width, outputs);
  const size_t length = pad(plain, w, part, scratch), room = padded_count(w, part.count);
  const size_t width = up(outputs, PANEL), step = w.stride * w.channels;
  const size_t positions = is_paired(format) ? up(w.output_width, 2) : w.output_width;
  mrb_rows rows = rows_from(scratch, w, length, MRB_FLOAT32);
  if (is_paired(format)) {
    // Every element with that under the next position; behind the last one are zeros.
    const size_t count = ((part.count - 1) * w.stride + w.window_height) * length;
    memset(scratch + count, 0, (room - count) * sizeof(float));
    mrb_pair_rows(scratch, scratch + step, 1, up(count, LANES), format, scratch + room, 0);
    rows = (mrb_rows){scratch + room, 2 * step, rows.runs, rows.run, length, format};
  }
  float *gradients = scratch + (is_paired(format) ? 2 : 1) * room;
  float *pairs = gradients + part.count * positions * width;
  memset(gradients, 0, part.count * positions * width * sizeof(float));
  for (size_t y = 0; y < part.count; y++, rows.values += w.stride * length) {
    float *row = gradients + y * positions * width;
    if (!gradient.arg_max || part.first + y < w.output_height / 2 * 2)
      copy_row(own, part.first + y, w.output_width, w.output_width, outputs, row, width);
    for (size_t x = 0; is_paired(format) && x < positions; x += 2) {
      mrb_pair_rows(row + x * width, row + (x + 1) * width, 1, width, format, pairs + x / 2 * width,
                    width);
    }
    mrb_multiply_transposed(rows, words_of(w.output_width, format), is_paired(format) ? pairs : row,
                            width, outputs, 1, sums);
  }
}

void mrb_indirect_weight_gradient(const float *sums, mrb_window w, size_t outputs,
                                  float *gradient) {
  const size_t depth = depth_of(w), height = padded_height(depth);
  for (size_t k = 0; k < depth; k++) {
    for (size_t o = 0; o < outputs; o++, gradient++) {
      *gradient = sums[(o / PANEL * height + k) * PANEL + o % PANEL];
    }
  }
}
