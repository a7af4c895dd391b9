#include "jpeg_decode.h"

mrb_status mrb_jpeg_read_info(const uint8_t *bytes, size_t count, mrb_image_info *info,
                              char *message) {
  mrb_jpeg_decoder decoder;
  mrb_decode_report report = {0};
  *info = (mrb_image_info){0};
  mrb_jpeg_decoder_open(&decoder, &report, message);
  if (setjmp(decoder.fence.escape)) {
    info->width = decoder.codec.image_width;
    info->height = decoder.codec.image_height;
    jpeg_destroy_decompress(&decoder.codec);
    return decoder.fence.status;
  }
  mrb_jpeg_decoder_read_header(&decoder, bytes, count, info);
  jpeg_destroy_decompress(&decoder.codec);
  return MRB_OK;
}

// Stored CMYK is inverted, as Adobe does; files without Adobe's marker are read the same way,
// which is what Pillow does. The formula is Pillow's too: k − round(c · k / 255).
static void write_cmyk(const uint8_t *cmyk, uint8_t *rgb, size_t width) {
  for (size_t x = 0; x < width; x++, cmyk += 4, rgb += 3) {
    const unsigned black = cmyk[3];
    for (int channel = 0; channel < 3; channel++) {
      const unsigned product = (255u - cmyk[channel]) * black + 128;
      const unsigned ink = ((product >> 8) + product) >> 8;
      rgb[channel] = ink >= black ? 0 : (uint8_t)(black - ink);
    }
  }
}

static void read_rows(mrb_jpeg_decoder *decoder, uint8_t *pixels) {
  j_decompress_ptr codec = &decoder->codec;
  const size_t stride = (size_t)codec->output_width * 3;
  const int is_cmyk = codec->out_color_space == JCS_CMYK;
  JSAMPROW inks = NULL;
  if (is_cmyk) {
    inks = (*codec->mem->alloc_large)((j_common_ptr)codec, JPOOL_IMAGE,
                                      (size_t)codec->output_width * 4);
  }
  while (codec->output_scanline < codec->output_height) {
    uint8_t *target = pixels + codec->output_scanline * stride;
    JSAMPROW row = is_cmyk ? inks : target;
    jpeg_read_scanlines(codec, &row, 1);
    if (is_cmyk) {
      write_cmyk(inks, target, codec->output_width);
    }
  }
}

mrb_status mrb_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t denominator,
                           uint8_t *pixels, size_t capacity, mrb_decode_report *report,
                           char *message) {
  mrb_jpeg_decoder decoder;
  mrb_image_info info;
  *report = (mrb_decode_report){0};
  mrb_jpeg_decoder_open(&decoder, report, message);
  if (setjmp(decoder.fence.escape)) {
    const int is_complete = decoder.stage == MRB_STAGE_AFTER;
    jpeg_destroy_decompress(&decoder.codec);
    if (is_complete) {
      // Bytes after a complete image cannot damage it.
      report->extra_bytes = 1;
      return MRB_OK;
    }
    return decoder.fence.status;
  }
  mrb_jpeg_decoder_read_header(&decoder, bytes, count, &info);
  j_decompress_ptr codec = &decoder.codec;
  codec->out_color_space =
      info.color == MRB_COLOR_CMYK || info.color == MRB_COLOR_YCCK ? JCS_CMYK : JCS_RGB;
  codec->dct_method = JDCT_ISLOW;
  codec->do_fancy_upsampling = TRUE;
  codec->scale_num = 1;
  codec->scale_denom = denominator;
  report->rows = codec->image_height;
  decoder.stage = MRB_STAGE_IMAGE;
  jpeg_start_decompress(codec);
  mrb_jpeg_decoder_check_scans(&decoder);
  report->width = codec->output_width;
  report->height = codec->output_height;
  if ((uint64_t)codec->output_width * codec->output_height * 3 > capacity) {
    mrb_jpeg_leave(&decoder.fence, MRB_CORRUPT, "the pixels do not fit");
  }
  read_rows(&decoder, pixels);
  decoder.stage = MRB_STAGE_AFTER;
  jpeg_finish_decompress(codec);
  report->missing_end = decoder.is_exhausted;
  report->extra_bytes |= !decoder.is_exhausted && codec->src->bytes_in_buffer > 0;
  jpeg_destroy_decompress(codec);
  return MRB_OK;
}
