"""A PNG writer for every color type, bit depth and interlacing, which Pillow does not have."""

import struct
import zlib

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Adam7: first column, first row, column step, row step.
PASSES = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
]


def chunk(name, content):
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def packed(samples, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", sample) for sample in samples)
    bits = "".join(f"{sample:0{depth}b}" for sample in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def filtered(rows, distance):
    """Cycles through the five filters, so that each one is met."""
    result, above = b"", None
    for y, row in enumerate(rows):
        kind = y % 5
        above = above or bytes(len(row))
        line = bytearray()
        for i, value in enumerate(row):
            left = row[i - distance] if i >= distance else 0
            corner = above[i - distance] if i >= distance else 0
            up = above[i]
            estimate = left + up - corner
            nearest = min((left, up, corner), key=lambda c: abs(estimate - c))
            line.append((value - (0, left, up, (left + up) // 2, nearest)[kind]) & 255)
        result += bytes([kind]) + bytes(line)
        above = row
    return result


def png(samples, width, height, kind, depth, interlaced=False, extra=()):
    """`samples[y][x]` is a tuple of channels; `extra` are chunks before IDAT."""
    distance = max(1, CHANNELS[kind] * depth // 8)

    def rows(x0, y0, dx, dy):
        return [
            packed([s for x in range(x0, width, dx) for s in samples[y][x]], depth)
            for y in range(y0, height, dy)
            if x0 < width
        ]

    passes = PASSES if interlaced else [(0, 0, 1, 1)]
    data = b"".join(filtered(rows(*p), distance) for p in passes)
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    body = b"".join(chunk(name, content) for name, content in extra)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + body
        + chunk(b"IDAT", zlib.compress(data, 9))
        + chunk(b"IEND", b"")
    )


def eight_bits(value, depth):
    largest = (1 << depth) - 1
    return (value * 255 + largest // 2) // largest


def over_white(rgb, alpha):
    """Pillow's `paste` with a mask."""

    def blend(value):
        total = value * alpha + 255 * (255 - alpha) + 128
        return ((total >> 8) + total) >> 8

    return bytes(blend(value) for value in rgb)


def truth(samples, kind, depth, palette=None, transparent=None):
    """RGB over white, from the samples themselves. `transparent` is what tRNS says."""
    result = b""
    for row in samples:
        for pixel in row:
            if kind == 3:
                alpha = (
                    transparent[pixel[0]] if transparent and pixel[0] < len(transparent) else 255
                )
                rgb = palette[pixel[0]]
            else:
                values = [eight_bits(value, depth) for value in pixel]
                alpha = values.pop() if kind in (4, 6) else 255
                if transparent is not None and pixel == transparent:
                    alpha = 0
                rgb = values * 3 if len(values) == 1 else values
            result += over_white(rgb, alpha)
    return result
