#include "jpeg_decode.h"

static void on_progress(j_common_ptr common) {
  mrb_jpeg_decoder *decoder = (mrb_jpeg_decoder *)common->err;
  j_decompress_ptr codec = &decoder->codec;
  if (codec->input_scan_number > MRB_SCAN_LIMIT) {
    mrb_jpeg_leave(&decoder->fence, MRB_CORRUPT, "the JPEG has more than 500 scans");
  }
  for (int index = 0; index < codec->comps_in_scan; index++) {
    decoder->components_seen |= 1u << codec->cur_comp_info[index]->component_index;
  }
}

void mrb_jpeg_decoder_open(mrb_jpeg_decoder *decoder, mrb_decode_report *report, char *message) {
  *decoder = (mrb_jpeg_decoder){0};
  decoder->report = report;
  decoder->progress.progress_monitor = on_progress;
  decoder->codec.err = mrb_jpeg_fence_open(&decoder->fence, message);
  decoder->fence.base.emit_message = mrb_jpeg_note_warning;
}

void mrb_jpeg_decoder_read_header(mrb_jpeg_decoder *decoder, const uint8_t *bytes, size_t count,
                                  mrb_image_info *info) {
  j_decompress_ptr codec = &decoder->codec;
  jpeg_create_decompress(codec);
  codec->progress = &decoder->progress;
  jpeg_mem_src(codec, bytes, count);
  jpeg_read_header(codec, TRUE);
  info->width = codec->image_width;
  info->height = codec->image_height;
  info->depth = (uint32_t)codec->data_precision;
  info->alpha = 0;
  switch (codec->jpeg_color_space) {
  case JCS_GRAYSCALE:
    info->color = MRB_COLOR_GRAY;
    break;
  case JCS_RGB:
    info->color = MRB_COLOR_RGB;
    break;
  case JCS_YCbCr:
    info->color = MRB_COLOR_YCC;
    break;
  case JCS_CMYK:
    info->color = MRB_COLOR_CMYK;
    break;
  case JCS_YCCK:
    info->color = MRB_COLOR_YCCK;
    break;
  default:
    mrb_jpeg_leave(&decoder->fence, MRB_UNSUPPORTED, "JPEG of an unknown color space");
  }
  if ((uint64_t)info->width * info->height > MRB_PIXEL_LIMIT) {
    mrb_jpeg_leave(&decoder->fence, MRB_TOO_LARGE, "too many pixels");
  }
}

void mrb_jpeg_decoder_check_scans(mrb_jpeg_decoder *decoder) {
  j_decompress_ptr codec = &decoder->codec;
  if (!decoder->is_exhausted && !decoder->report->truncated) {
    return;
  }
  int is_coarse = 0;
  int is_incomplete = 0;
  if (codec->progressive_mode && codec->coef_bits) {
    for (int component = 0; component < codec->num_components; component++) {
      for (int coefficient = 0; coefficient < DCTSIZE2; coefficient++) {
        is_incomplete |= codec->coef_bits[component][coefficient] < 0;
        is_coarse |= codec->coef_bits[component][coefficient] > 0;
      }
    }
  } else if (jpeg_has_multiple_scans(codec)) {
    is_incomplete = decoder->components_seen != (1u << codec->num_components) - 1;
  }
  if (is_incomplete) {
    decoder->report->rows = 0;
  }
  decoder->report->truncated |= is_incomplete | is_coarse;
  mrb_jpeg_give_up_early(decoder);
}
