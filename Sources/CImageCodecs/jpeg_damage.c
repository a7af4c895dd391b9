#include "jpeg_decode.h"

static uint32_t rows_per_unit(j_decompress_ptr codec) {
  return (uint32_t)codec->max_v_samp_factor * DCTSIZE;
}

// The first row of the strip being read, in the full-size image.
static uint32_t current_row(j_decompress_ptr codec) {
  const uint64_t row = (uint64_t)codec->input_iMCU_row * rows_per_unit(codec);
  return row < codec->image_height ? (uint32_t)row : codec->image_height;
}

void mrb_jpeg_give_up_early(mrb_jpeg_decoder *decoder) {
  const uint64_t height = decoder->codec.image_height;
  if (decoder->report->rows * 10ull < height * 9) {
    mrb_jpeg_leave(&decoder->fence, MRB_TRUNCATED, "too few rows arrived");
  }
}

// Counts all rows from the current one on as lost.
static void lose_rest(mrb_jpeg_decoder *decoder) {
  const uint32_t row = current_row(&decoder->codec);
  if (row < decoder->report->rows) {
    decoder->report->rows = row;
  }
  mrb_jpeg_give_up_early(decoder);
}

// Restart markers confine damage to one interval, which may be much less than a strip.
static void lose_interval(mrb_jpeg_decoder *decoder) {
  j_decompress_ptr codec = &decoder->codec;
  const double units = codec->MCUs_per_row ? codec->MCUs_per_row : 1;
  const double strips = codec->restart_interval / units;
  // libjpeg warns any number of times about one interval, without saying which.
  if (codec->input_iMCU_row >= decoder->lost_until) {
    decoder->lost_until = codec->input_iMCU_row + (uint32_t)(strips < 1 ? 1 : strips + 0.999);
    decoder->lost_in_strip = 0;
  } else if (strips >= 1) {
    return;
  }
  const double left_in_strip = 1 - decoder->lost_in_strip;
  const double lost = strips >= 1 || strips < left_in_strip ? strips : left_in_strip;
  decoder->lost_in_strip += lost;
  decoder->lost_rows += lost * rows_per_unit(codec);
  const double left = codec->image_height - decoder->lost_rows;
  if (left < decoder->report->rows) {
    decoder->report->rows = left > 0 ? (uint32_t)left : 0;
  }
  mrb_jpeg_give_up_early(decoder);
}

static void note_damage(mrb_jpeg_decoder *decoder) {
  j_decompress_ptr codec = &decoder->codec;
  decoder->report->damaged++;
  // A damaged refinement costs precision in some coefficients, not rows.
  if (decoder->stage != MRB_STAGE_IMAGE || (codec->progressive_mode && codec->Ah > 0)) {
    return;
  }
  if (codec->restart_interval > 0) {
    lose_interval(decoder);
  } else {
    lose_rest(decoder);
  }
}

static void note_end_of_data(mrb_jpeg_decoder *decoder) {
  j_decompress_ptr codec = &decoder->codec;
  decoder->report->truncated = 1;
  if (!(codec->progressive_mode && codec->Ah > 0)) {
    lose_rest(decoder);
  }
}

static int is_restart(int marker) { return marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7; }

// libjpeg warns and continues; its warnings tell how much of the image is intact.
void mrb_jpeg_note_warning(j_common_ptr common, int level) {
  mrb_jpeg_decoder *decoder = (mrb_jpeg_decoder *)common->err;
  j_decompress_ptr codec = &decoder->codec;
  if (level >= 0) {
    return;
  }
  switch (common->err->msg_code) {
  case JWRN_JPEG_EOF:
    if (decoder->is_exhausted) {
      break;
    }
    decoder->is_exhausted = 1;
    // The Huffman decoder reads ahead, so the end of the source says nothing yet: it reports
    // JWRN_HIT_MARKER when bits are really missing. The arithmetic decoder never does, nor does
    // a Huffman decoder that already warned about the interval before.
    if (decoder->stage == MRB_STAGE_IMAGE && codec->input_iMCU_row < codec->total_iMCU_rows &&
        (codec->arith_code || (decoder->report->damaged && codec->restart_interval))) {
      note_end_of_data(decoder);
    }
    break;
  case JWRN_HIT_MARKER:
    if (is_restart(codec->unread_marker)) {
      note_damage(decoder);
    } else {
      note_end_of_data(decoder);
    }
    break;
  case JWRN_EXTRANEOUS_DATA:
    // Some cameras pad every interval, so bytes left over do not prove that any were misread.
    if (is_restart(common->err->msg_parm.i[1])) {
      decoder->report->damaged++;
    } else {
      decoder->report->extra_bytes = 1;
    }
    break;
  case JWRN_BOGUS_PROGRESSION:
    decoder->report->damaged++; // about the order of scans, not about their data
    break;
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_MUST_RESYNC:
    note_damage(decoder);
    break;
  default:
    break; // about versions and profiles, not about the image
  }
}
