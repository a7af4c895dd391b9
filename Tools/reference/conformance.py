"""What Pillow makes of every file of the corpora, over white and with 16-bit samples rounded.

Usage: python conformance.py CORPORA TARGET

Writes TARGET/expected.tsv (corpus, file, sha256 of the upright RGB) and, for JPEG, whose decoders
may differ by a level, the pixels themselves as TARGET/CORPUS/FILE.png. Commit none of it.
"""

import csv
import hashlib
import os
import struct
import sys
import warnings
import zlib

import numpy as np
from PIL import Image, __version__

import pngs

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def over_white(rgb, alpha):
    total = rgb.astype(np.uint32) * alpha + 255 * (255 - alpha.astype(np.uint32)) + 128
    return (((total >> 8) + total) >> 8).astype(np.uint8)


def unfiltered(data, rows, stride, distance):
    above, lines = bytearray(stride), []
    for y in range(rows):
        kind, line = data[y * (stride + 1)], bytearray(data[y * (stride + 1) + 1 :][:stride])
        for i in range(stride if kind else 0):
            left, corner = (line[i - distance], above[i - distance]) if i >= distance else (0, 0)
            up = above[i]
            nearest = min((left, up, corner), key=lambda c: abs(left + up - corner - c))
            line[i] = (line[i] + (0, left, up, (left + up) // 2, nearest)[kind]) & 255
        lines.append(above := line)
    return b"".join(lines)


def samples_of_sixteen_bits(chunks, width, height, kind, interlaced):
    """All of a PNG's samples with all of their bits, which Pillow does not keep."""
    channels = pngs.CHANNELS[kind]
    data = memoryview(zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT")))
    samples = np.zeros((height, width, channels), np.uint32)
    for x0, y0, dx, dy in pngs.PASSES if interlaced else [(0, 0, 1, 1)]:
        columns, rows = len(range(x0, width, dx)), len(range(y0, height, dy))
        if columns and rows:
            stride = columns * channels * 2
            raw = unfiltered(data[: rows * (stride + 1)], rows, stride, channels * 2)
            data = data[rows * (stride + 1) :]
            samples[y0::dy, x0::dx] = np.frombuffer(raw, ">u2").reshape(rows, columns, channels)
    return samples


def chunks_of(content):
    position, chunks = 8, []
    while position + 8 <= len(content):
        length, name = struct.unpack(">I4s", content[position : position + 8])
        chunks.append((name, content[position + 8 : position + 8 + length]))
        position += 12 + length
    return chunks


def sixteen_bits(chunks, header):
    width, height, _, kind, _, _, interlaced = header
    samples = samples_of_sixteen_bits(chunks, width, height, kind, interlaced)
    eight = (samples * 255 + 32767) // 65535
    colors = 1 if kind in (0, 4) else 3
    alpha = eight[:, :, colors:] if kind in (4, 6) else np.full((height, width, 1), 255)
    for name, body in chunks:
        if name == b"tRNS":
            key = np.frombuffer(body, ">u2")
            alpha = np.where((samples == key).all(axis=2, keepdims=True), 0, 255)
    return over_white(np.broadcast_to(eight[:, :, :colors], (height, width, 3)), alpha)


def truth(path):
    with open(path, "rb") as file:
        content = file.read()
    image = Image.open(path)
    image.load()
    if image.format == "PNG":
        chunks = chunks_of(content)
        header = struct.unpack(">IIBBBBB", chunks[0][1])
        if header[2] == 16:
            return turned(image, sixteen_bits(chunks, header)), image.format
        if image.mode == "L" and "transparency" in image.info:
            # Pillow scales gray of 2 and 4 bits to 8, but not the gray that means transparent.
            image.info["transparency"] *= 255 // ((1 << header[2]) - 1)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        pixels = np.asarray(image.convert("RGBA"))
        return turned(image, over_white(pixels[:, :, :3], pixels[:, :, 3:])), image.format
    return turned(image, np.asarray(image.convert("RGB"))), image.format


def turned(image, rgb):
    result = Image.fromarray(np.ascontiguousarray(rgb))
    method = UPRIGHT.get(image.getexif().get(0x0112))
    return result if method is None else result.transpose(method)


def main(corpora, target):
    os.makedirs(target, exist_ok=True)
    rows = []
    for corpus in sorted(os.listdir(corpora)):
        manifest = os.path.join(corpora, corpus, "MANIFEST.tsv")
        if not os.path.exists(manifest):
            continue
        with open(manifest, encoding="utf-8", newline="") as file:
            names = [
                row["file"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            ]
        for name in names:
            try:
                rgb, form = truth(os.path.join(corpora, corpus, name))
            except Exception:  # whatever Pillow raises for a file it refuses
                continue
            rows.append((corpus, name, hashlib.sha256(rgb.tobytes()).hexdigest()))
            if form != "PNG":
                path = os.path.join(target, corpus, name + ".png")
                os.makedirs(os.path.dirname(path), exist_ok=True)
                rgb.save(path, compress_level=1)
    with open(os.path.join(target, "expected.tsv"), "w", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in rows)
    print(f"conformance: {len(rows)} expectations by Pillow {__version__} in {target}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
