"""Images of neither cats nor dogs, to measure what a network does not know: neither.py OUT

From Debian's packages of wallpapers and of stamps of a painting program, which must be installed,
and from formulas: scenes (crops of wallpapers), objects (stamps on white), pasted (the same stamps
on such crops) and textures (noise, waves, gradients). The same images every time.
"""

import math
import random
import subprocess
import sys
from pathlib import Path

from PIL import Image

WALLPAPERS = ["gnome-backgrounds", "mate-backgrounds", "plasma-workspace-wallpapers"]
STAMPS = ["tuxpaint-stamps-default"]
# Stamps that show one of the classes, or what is hard to tell from it.
CLOSE = ("cat", "dog", "kitten", "pupp", "fox", "wolf", "lion", "tiger", "leopard", "cheetah",
         "hound", "terrier", "poodle", "retriever", "lynx", "jackal", "coyote", "dingo")
COUNT, TEXTURES, SIDE = 500, 100, 160


def files(packages, endings):
    """The images that packages have installed, sorted."""
    found = []
    for package in packages:
        listed = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True, check=True)
        found += [line for line in listed.stdout.splitlines() if line.lower().endswith(endings)]
    return sorted(path for path in found if Path(path).is_file() and not Path(path).is_symlink())


def crop(image, draw):
    """A square of a quarter to all of the shorter side."""
    side = int(min(image.size) * draw.uniform(0.25, 1))
    x, y = (draw.randint(0, length - side) for length in image.size)
    return image.crop((x, y, x + side, y + side)).resize((SIDE, SIDE), Image.BICUBIC)


def texture(draw, kind):
    """Noise, waves or a gradient in random colors."""
    a, b = ([draw.randint(0, 255) for _ in range(3)] for _ in range(2))
    angle, length, phase = draw.uniform(0, math.pi), draw.uniform(4, 40), draw.uniform(0, 6)
    image = Image.new("RGB", (SIDE, SIDE))
    pixels = []
    for y in range(SIDE):
        for x in range(SIDE):
            place = x * math.cos(angle) + y * math.sin(angle)
            part = (
                draw.random(), (math.sin(place / length * 6.283 + phase) + 1) / 2,
                min(1, abs(place) / SIDE),
            )[kind]
            pixels.append(tuple(round(u + (v - u) * part) for u, v in zip(a, b)))
    image.putdata(pixels)
    return image


def main(out):
    draw = random.Random(1)
    paths = files(WALLPAPERS, (".jpg", ".jpeg", ".png"))
    walls = [Image.open(path).convert("RGB") for path in paths]
    walls = [image for image in walls if min(image.size) >= 480]
    stamps = [
        path for path in files(STAMPS, (".png",))
        if not any(word in Path(path).stem.lower() for word in CLOSE)
        and "/symbols/" not in path
    ]
    stamps = draw.sample(stamps, min(COUNT, len(stamps)))

    def save(kind, index, image):
        path = Path(out, kind, f"{index:03}.jpg")
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path, quality=92)

    def pasted(path, ground):
        stamp = Image.open(path).convert("RGBA")
        side = int(SIDE * draw.uniform(0.5, 0.9))
        stamp.thumbnail((side, side))
        place = tuple(draw.randint(0, SIDE - length) for length in stamp.size)
        ground.paste(stamp, place, stamp)
        return ground

    for index in range(COUNT):
        save("scenes", index, crop(draw.choice(walls), draw))
    for index, path in enumerate(stamps):
        save("objects", index, pasted(path, Image.new("RGB", (SIDE, SIDE), "white")))
        save("pasted", index, pasted(path, crop(draw.choice(walls), draw)))
    for index in range(TEXTURES):
        save("textures", index, texture(draw, index % 3))


main(sys.argv[1])
