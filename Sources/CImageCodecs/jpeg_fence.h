// The error manager both JPEG directions share: errors jump to the fence instead of exiting.
#ifndef MRB_JPEG_FENCE_H
#define MRB_JPEG_FENCE_H

#include "CImageCodecs.h"
#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h> // after jpeglib.h, which decides what it declares

typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf escape;
  mrb_status status;
  char *message;
} mrb_jpeg_fence;

// Makes `fence` the error manager of a codec about to be created.
struct jpeg_error_mgr *mrb_jpeg_fence_open(mrb_jpeg_fence *fence, char *message);

// Jumps to the fence with a status and a message.
_Noreturn void mrb_jpeg_leave(mrb_jpeg_fence *fence, mrb_status status, const char *message);

#endif
