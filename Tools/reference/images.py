"""Small images of every kind and what Pillow makes of them, for Tests/ImageLoadingTests.

Usage: python images.py Tests/ImageLoadingTests/Fixtures
"""

import base64
import hashlib
import io
import json
import os
import struct
import sys

from PIL import Image, ImageOps, __version__

import pngs

FOLDER = sys.argv[1]
JPEGS, PNGS = [], []


def pattern(width, height):
    """An image the tests compute too, with fine detail in every direction."""
    return Image.frombytes(
        "RGB",
        (width, height),
        bytes(
            (x * 7 + y * 13 + c * 50 + x * y % 31 * 3) & 255
            for y in range(height)
            for x in range(width)
            for c in range(3)
        ),
    )


def scene(width, height):
    """Smooth colors with a bright block in one corner: JPEG-like, and never symmetric."""
    return Image.frombytes(
        "RGB",
        (width, height),
        bytes(
            value
            for y in range(height)
            for x in range(width)
            for value in (
                (250, 240, 20)
                if x < width // 3 and y < height // 4
                else (x * 200 // width, y * 200 // height, 120 + (x - y) * 60 // (width + height))
            )
        ),
    )


def write(name, content):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(content)


def saved(image, format, **options):
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def digest(rgb):
    return hashlib.sha256(rgb).hexdigest()


def add_jpeg(name, content, image=None):
    """Records the pixels themselves: another libjpeg may round differently."""
    write(name, content)
    image = image or ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    rgb = image.convert("RGB")
    JPEGS.append(
        {
            "name": name,
            "width": rgb.width,
            "height": rgb.height,
            "rgb": base64.b64encode(rgb.tobytes()).decode(),
        }
    )


def add_png(name, content, width, height, rgb):
    write(name, content)
    PNGS.append({"name": name, "width": width, "height": height, "sha256": digest(rgb)})


def exif(orientation, order="<", kind=3):
    mark = b"II" if order == "<" else b"MM"
    value = struct.pack(order + {1: "Bxxx", 3: "Hxx", 4: "I"}[kind], orientation)
    entry = struct.pack(order + "HHI", 0x0112, kind, 1) + value
    other = struct.pack(order + "HHIHxx", 0x0103, 3, 1, 6)
    return (
        mark
        + struct.pack(order + "HI", 42, 8)
        + struct.pack(order + "H", 2)
        + other
        + entry
        + bytes(4)
    )


def jpegs():
    image = scene(23, 17)
    options = {"quality": 85}
    add_jpeg("444.jpg", saved(image, "JPEG", subsampling="4:4:4", **options))
    add_jpeg("422.jpg", saved(image, "JPEG", subsampling="4:2:2", **options))
    add_jpeg("420.jpg", saved(image, "JPEG", subsampling="4:2:0", **options))
    add_jpeg("gray.jpg", saved(image.convert("L"), "JPEG", **options))
    add_jpeg("rgb.jpg", saved(image, "JPEG", keep_rgb=True, **options))
    add_jpeg("progressive.jpg", saved(image, "JPEG", progressive=True, **options))
    add_jpeg("gray-progressive.jpg", saved(image.convert("L"), "JPEG", progressive=True))
    add_jpeg("restart.jpg", saved(image, "JPEG", restart_marker_blocks=1, **options))
    write("restart-long.jpg", saved(scene(16, 200), "JPEG", restart_marker_blocks=1, **options))
    add_jpeg("one-pixel.jpg", saved(scene(1, 1), "JPEG"))
    add_jpeg("odd.jpg", saved(scene(7, 19), "JPEG", **options))
    inks = Image.merge(
        "CMYK",
        [scene(12, 10).getchannel(c) for c in "RGB"]
        + [pattern(12, 10).getchannel("R").point(lambda v: v // 4)],
    )
    cmyk = saved(inks, "JPEG", quality=90, subsampling="4:4:4")
    add_jpeg("cmyk.jpg", cmyk)
    # Pillow cannot write YCCK: the same samples declared to be YCCK are other, equally good colors.
    adobe = cmyk.index(b"Adobe")
    add_jpeg("ycck.jpg", cmyk[: adobe + 11] + b"\x02" + cmyk[adobe + 12 :])
    add_jpeg("cmyk-unmarked.jpg", cmyk[: adobe - 4] + cmyk[adobe + 12 :])
    for orientation in range(1, 9):
        order = "<>"[orientation % 2]
        block = b"Exif\0\0" + exif(orientation, order)
        add_jpeg(f"exif-{orientation}.jpg", saved(scene(16, 8), "JPEG", exif=block, subsampling=0))
    large = saved(scene(64, 48), "JPEG", **options)
    write("large.jpg", large)
    for denominator in (2, 4):
        image = Image.open(io.BytesIO(large))
        image.draft("RGB", (64 // denominator, 48 // denominator))
        assert image.size == (64 // denominator, 48 // denominator)
        rgb = image.convert("RGB")
        JPEGS.append(
            {
                "name": "large.jpg",
                "width": rgb.width,
                "height": rgb.height,
                "denominator": denominator,
                "rgb": base64.b64encode(rgb.tobytes()).decode(),
            }
        )


def samples_for(kind, depth, width, height):
    channels = pngs.CHANNELS[kind]
    mask = (1 << depth) - 1
    step = 4_099 if depth == 16 else 37 if depth == 8 else 1
    return [
        [
            tuple(
                (x * step + y * (step + 2) + c * 3 * step + x * y) & mask for c in range(channels)
            )
            for x in range(width)
        ]
        for y in range(height)
    ]


def palette_for(depth):
    return [((i * 67) & 255, 255 - (i * 29) & 255, (i * 151) & 255) for i in range(1 << depth)]


def by_pillow(content):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGBA")
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(image, mask=image.getchannel("A"))
    return white.tobytes()


def add_made(name, kind, depth, interlaced=False, transparent=None, extra=(), width=13, height=9):
    samples = samples_for(kind, depth, width, height)
    palette = palette_for(depth) if kind == 3 else None
    chunks = list(extra)
    if palette:
        chunks.append((b"PLTE", bytes(v for color in palette for v in color)))
    if transparent is not None:
        chunks.append(
            (
                b"tRNS",
                (
                    bytes(transparent)
                    if kind == 3
                    else b"".join(struct.pack(">H", v) for v in transparent)
                ),
            )
        )
    content = pngs.png(samples, width, height, kind, depth, interlaced, chunks)
    rgb = pngs.truth(samples, kind, depth, palette, transparent)
    # Pillow clips 16-bit gray, keeps the high byte of 16-bit color and compares tRNS of 2- and
    # 4-bit gray with scaled samples; everywhere else it must agree with the truth.
    if depth != 16 and not (kind == 0 and depth in (2, 4) and transparent):
        assert by_pillow(content) == rgb, name
    add_png(name, content, width, height, rgb)


def png_files():
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    for kind, name in {0: "gray", 2: "rgb", 3: "palette", 4: "gray-alpha", 6: "rgb-alpha"}.items():
        for depth in depths[kind]:
            add_made(f"{name}-{depth}.png", kind, depth)
            add_made(f"{name}-{depth}-interlaced.png", kind, depth, interlaced=True)
    for depth in depths[0]:
        add_made(f"gray-{depth}-key.png", 0, depth, transparent=samples_for(0, depth, 4, 1)[0][1])
    for depth in depths[2]:
        add_made(f"rgb-{depth}-key.png", 2, depth, transparent=samples_for(2, depth, 4, 1)[0][2])
    for depth in depths[3]:
        add_made(f"palette-{depth}-alpha.png", 3, depth, transparent=(0, 100)[: 1 << depth])
    add_made("gamma.png", 2, 8, extra=[(b"gAMA", struct.pack(">I", 100_000))])
    add_made("text.png", 2, 8, extra=[(b"tEXt", b"Comment\0" + b"x" * 300)])
    add_made("narrow-interlaced.png", 2, 8, interlaced=True, width=1, height=3)
    for orientation, order, kind in ((3, "<", 3), (5, ">", 4), (6, ">", 3), (8, "<", 1)):
        image = scene(6, 4)
        rows = [[image.getpixel((x, y)) for x in range(6)] for y in range(4)]
        block = [(b"eXIf", exif(orientation, order, kind))]
        content = pngs.png(rows, 6, 4, 2, 8, False, block)
        turned = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
        if kind == 3:
            assert turned.tobytes() != image.tobytes()
        else:
            # By the book the tag is a SHORT; the tests also read what some programs write.
            how = {5: Image.Transpose.TRANSPOSE, 8: Image.Transpose.ROTATE_90}[orientation]
            turned = image.transpose(how)
        add_png(f"exif-{orientation}.png", content, *turned.size, turned.tobytes())


def disguised():
    image = scene(8, 8)
    for format in ("GIF", "BMP", "WEBP", "TIFF", "AVIF"):
        write(f"{format.lower()}-inside.jpg", saved(image, format))


def resizes():
    result = []
    sizes = [(50, 37), (37, 50), (16, 16), (200, 150), (9, 5), (1, 40), (333, 64), (33, 32)]
    for side in (16, 32):
        for width, height in sizes if side == 16 else sizes[:2] + sizes[-1:]:
            image = pattern(width, height)
            short, long = min(width, height), max(width, height)
            left, top = (width - short) // 2, (height - short) // 2
            inner = [max(1, (size * side * 2 + long) // (long * 2)) for size in (width, height)]
            bars = Image.new("RGB", (side, side), (128, 128, 128))
            bars.paste(
                image.resize(inner, Image.Resampling.BILINEAR),
                ((side - inner[0]) // 2, (side - inner[1]) // 2),
            )
            box = (left, top, left + short, top + short)
            results = {
                "stretch": image.resize((side, side), Image.Resampling.BILINEAR),
                "crop": image.resize((side, side), Image.Resampling.BILINEAR, box=box),
                "letterbox": bars,
            }
            result += [
                {
                    "width": width,
                    "height": height,
                    "side": side,
                    "fit": fit,
                    "rgb": base64.b64encode(fitted.tobytes()).decode(),
                }
                for fit, fitted in results.items()
            ]
    return result


os.makedirs(FOLDER, exist_ok=True)
jpegs()
png_files()
disguised()
about = f"Tools/reference/images.py, Pillow {__version__}"
for name, content in (
    ("images.json", {"about": about, "jpegs": JPEGS, "pngs": PNGS}),
    ("resizes.json", {"about": about, "resizes": resizes()}),
):
    with open(os.path.join(FOLDER, name), "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
