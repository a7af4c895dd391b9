// Errors, memory source and memory sink both PNG directions share.
#ifndef MRB_PNG_FENCE_H
#define MRB_PNG_FENCE_H

#include "CImageCodecs.h"
#include <setjmp.h>

#include <png.h>

typedef struct {
  jmp_buf escape;
  mrb_status status;
  char *message;
  uint32_t warnings;
  const uint8_t *input;
  uint8_t *output;
  size_t position;
  size_t count; // of the input, or the capacity of the output
} mrb_png_fence;

// Creates a reading or writing codec that reports to `fence`; NULL when out of memory.
png_structp mrb_png_reader(mrb_png_fence *fence, const uint8_t *bytes, size_t count, char *message);
png_structp mrb_png_writer(mrb_png_fence *fence, uint8_t *output, size_t capacity, char *message);

// Jumps to the fence with a status and a message.
_Noreturn void mrb_png_leave(mrb_png_fence *fence, mrb_status status, const char *message);

#endif
