// JPEG and PNG codecs from memory to memory, which return a status. Both libraries report errors
// by longjmp, which must never cross Swift frames; no type of theirs appears here.
#ifndef MRB_IMAGE_CODECS_H
#define MRB_IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

// Bytes of every message buffer, terminating zero included.
#define MRB_MESSAGE_CAPACITY 256
// Larger images are refused before anything is allocated for them.
#define MRB_PIXEL_LIMIT 100000000u
// Ordinary progressive files have about ten scans; each one visits the whole image.
#define MRB_SCAN_LIMIT 500

typedef enum {
  MRB_OK = 0,
  MRB_CORRUPT,
  MRB_TRUNCATED,
  MRB_UNSUPPORTED,
  MRB_TOO_LARGE, // more pixels than MRB_PIXEL_LIMIT
  MRB_OUT_OF_MEMORY,
} mrb_status;

typedef enum {
  MRB_COLOR_GRAY,
  MRB_COLOR_RGB,
  MRB_COLOR_YCC,
  MRB_COLOR_CMYK,
  MRB_COLOR_YCCK,
  MRB_COLOR_PALETTE,
} mrb_color;

typedef struct {
  uint32_t width, height;
  mrb_color color;
  uint32_t depth; // bits per sample
  uint32_t alpha; // 1: some pixels may be transparent
} mrb_image_info;

// What decoding met. Rows count in the full-size image, whatever the scale.
typedef struct {
  uint32_t width, height; // of the decoded pixels
  uint32_t rows;          // of the image that arrived undamaged
  uint32_t truncated;     // 1: the data ended before the image did
  uint32_t damaged;       // warnings about the image's data
  uint32_t extra_bytes;   // 1: there are stray bytes
  uint32_t missing_end;   // 1: no end marker
} mrb_decode_report;

// Reads the header. `info` has the size also when the answer is MRB_TOO_LARGE.
mrb_status mrb_jpeg_read_info(const uint8_t *bytes, size_t count, mrb_image_info *info,
                              char *message);

// Decodes to RGB, 3 bytes per pixel, at 1/`denominator` of the size (1, 2 or 4; sizes round up).
//
// Decoding stops with MRB_TRUNCATED as soon as fewer than 9 rows in 10 can be intact.
mrb_status mrb_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t denominator,
                           uint8_t *pixels, size_t capacity, mrb_decode_report *report,
                           char *message);

// Writes a 4:2:0 JPEG of `quality` 1...100 into `output`, and its length into `written`.
mrb_status mrb_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int quality,
                           uint8_t *output, size_t capacity, size_t *written, char *message);

mrb_status mrb_png_read_info(const uint8_t *bytes, size_t count, mrb_image_info *info,
                             char *message);

// Decodes to RGB over white; 16-bit samples are rounded, gamma and color profiles ignored.
mrb_status mrb_png_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t capacity,
                          mrb_decode_report *report, char *message);

// Writes an 8-bit RGB PNG at zlib's `level` 0...9 into `output`, and its length into `written`.
mrb_status mrb_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int level,
                          uint8_t *output, size_t capacity, size_t *written, char *message);

// Inflates a zlib stream; returns how many bytes came out before it ended, was damaged, or filled
// `capacity`.
size_t mrb_inflate(const uint8_t *bytes, size_t count, uint8_t *output, size_t capacity);

#endif
