#ifndef MARBLES_EPILOGUE_H
#define MARBLES_EPILOGUE_H

#include "CKernels.h"
#include "pooled.h"

// Stores eight channels of sums of products from registers, as an epilogue says.

// Loads scale and offset of eight channels.
INLINE void load_map(const mrb_epilogue *epilogue, size_t channel, size_t count, lanes *scale,
                     lanes *offset) {
  *scale = (lanes){0} + 1;
  *offset = (lanes){0};
  if (epilogue->scale)
    load(epilogue->scale + channel, count, scale);
  if (epilogue->bias)
    load(epilogue->bias + channel, count, offset);
}

// Stores one pixel.
INLINE void store_sum(const mrb_epilogue *epilogue, const lanes *sum, const lanes *scale,
                      const lanes *offset, size_t place, size_t count) {
  lanes value = *sum * *scale + *offset;
  if (epilogue->rectifies) {
    const int_lanes mask = value <= (lanes){0};
    const lanes zero = {0};
    blend(&mask, &zero, &value);
  }
  store(epilogue->values + place, count, &value);
}

// Stores the maximum of four pixels and its arg-max index.
INLINE void store_square(const mrb_epilogue *epilogue, const lanes sums[4], const lanes *scale,
                         const lanes *offset, size_t place, size_t count) {
  lanes four[4], factor = *scale, value;
  int_lanes arg_max;
  memcpy(four, sums, sizeof four);
  if (epilogue->scales_first) {
    UNROLL
    for (size_t k = 0; k < 4; k++) {
      four[k] *= factor;
    }
    factor = (lanes){0} + 1;
  }
  largest_of_square(four, &factor, offset, epilogue->rectifies, &value, &arg_max);
  store(epilogue->values + place, count, &value);
  if (epilogue->arg_max)
    store_arg_max(epilogue->arg_max + place, count, &arg_max);
}

#endif
