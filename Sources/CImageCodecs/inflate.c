#include "CImageCodecs.h"

#include <limits.h>
#include <string.h>

#include <zlib.h>

size_t mrb_inflate(const uint8_t *bytes, size_t count, uint8_t *output, size_t capacity) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (count > UINT_MAX || capacity > UINT_MAX || inflateInit(&stream) != Z_OK) {
    return 0;
  }
  stream.next_in = (Bytef *)bytes;
  stream.avail_in = (uInt)count;
  stream.next_out = output;
  stream.avail_out = (uInt)capacity;
  inflate(&stream, Z_FINISH);
  const size_t written = capacity - stream.avail_out;
  inflateEnd(&stream);
  return written;
}
