// A JPEG decoder that counts the rows that arrived undamaged.
#ifndef MRB_JPEG_DECODE_H
#define MRB_JPEG_DECODE_H

#include "jpeg_fence.h"

typedef enum { MRB_STAGE_HEADER, MRB_STAGE_IMAGE, MRB_STAGE_AFTER } mrb_jpeg_stage;

typedef struct {
  mrb_jpeg_fence fence; // first: libjpeg passes a pointer to it
  struct jpeg_decompress_struct codec;
  struct jpeg_progress_mgr progress;
  mrb_decode_report *report;
  mrb_jpeg_stage stage;
  int is_exhausted;         // the source ended; libjpeg then inserts an end marker
  uint32_t components_seen; // bit mask, for images whose components come one after another
  uint32_t lost_until;      // strips before it already have losses counted
  double lost_in_strip;     // of the last of them, 0...1
  double lost_rows;         // in damaged restart intervals
} mrb_jpeg_decoder;

// Prepares a decoder; everything after it belongs behind `setjmp(decoder->fence.escape)`.
void mrb_jpeg_decoder_open(mrb_jpeg_decoder *decoder, mrb_decode_report *report, char *message);

// Reads up to the first scan and refuses what cannot be decoded.
void mrb_jpeg_decoder_read_header(mrb_jpeg_decoder *decoder, const uint8_t *bytes, size_t count,
                                  mrb_image_info *info);

// After all scans of a multi-scan image: no row is whole when a scan it needs never came.
void mrb_jpeg_decoder_check_scans(mrb_jpeg_decoder *decoder);

// The error manager's emit_message: updates the report.
void mrb_jpeg_note_warning(j_common_ptr common, int level);

// Jumps to the fence with MRB_TRUNCATED once fewer than 9 rows in 10 can be intact.
void mrb_jpeg_give_up_early(mrb_jpeg_decoder *decoder);

#endif
