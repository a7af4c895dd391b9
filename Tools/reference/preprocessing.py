"""From an image to the input of a network with Pillow and NumPy, as in Documentation/Checkpoint.md.

Usage: python preprocessing.py MARBLES

Trains a linear network with the tool MARBLES on drawings, brings images of many kinds to its input,
and compares them with `marbles data view`, and the logits with those of `marbles predict`. Exits
with 1 if a pixel differs by more than a level, or a logit by more than 0.01.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image, ImageDraw, ImageOps
from safetensors import safe_open


def seen(path, description):
    """The square of 8-bit RGB that the network sees: `marbles data view`."""
    size, fit = description["image_size"], description["fit"]
    image = Image.open(path)
    if image.format == "JPEG":
        for scale in (4, 2):
            if min(image.size) // scale >= 2 * size:
                image.draft(image.mode, (image.width // scale, image.height // scale))
                break
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(image, mask=image.getchannel("A"))
        image = white
    image = image.convert("RGB")
    if image.size == (size, size):
        return image
    if fit == "stretch":
        return image.resize((size, size), Image.Resampling.BILINEAR)
    if fit == "crop":
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        box = (left, top, left + side, top + side)
        return image.resize((size, size), Image.Resampling.BILINEAR, box=box)
    long = max(image.size)
    inner = [max(1, (side * size * 2 + long) // (long * 2)) for side in image.size]
    square = Image.new("RGB", (size, size), (128, 128, 128))
    inside = image.resize(inner, Image.Resampling.BILINEAR)
    square.paste(inside, ((size - inner[0]) // 2, (size - inner[1]) // 2))
    return square


def network_input(path, description):
    """Channels, rows, columns."""
    pixels = np.asarray(seen(path, description), np.float32) / 255
    scale = description["normalization"]
    mean, deviation = np.float32(scale["mean"]), np.float32(scale["standard_deviation"])
    return ((pixels - mean) / deviation).transpose(2, 0, 1)


def scene(width, height):
    """Shades, edges and fine stripes."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack(
        (x * 255 // width, y * 255 // height, 128 + 90 * np.sin(x * 0.7) * np.cos(y * 0.4)), -1
    )
    image = Image.fromarray(rgb.astype(np.uint8))
    ImageDraw.Draw(image).ellipse((width // 5, height // 4, width // 2, height // 2), (250, 60, 9))
    return image


def draw(folder):
    """Images of many kinds, by name."""
    sizes = [(90, 61), (1600, 1200), (333, 1001), (517, 515), (4000, 3000), (32, 32), (33, 32)]
    for width, height in sizes:
        for kind in ("jpg", "png"):
            name = f"{folder}/{width}x{height}.{kind}"
            scene(width, height).save(name, quality=90)
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = turn
        for kind in ("jpg", "png"):
            scene(451, 300).save(f"{folder}/turned-{turn}.{kind}", exif=exif, quality=90)
    image = scene(300, 210)
    image.save(f"{folder}/444.jpg", subsampling="4:4:4")
    image.save(f"{folder}/422.jpg", subsampling="4:2:2")
    image.save(f"{folder}/progressive.jpg", progressive=True)
    image.convert("L").save(f"{folder}/gray.jpg")
    image.convert("CMYK").save(f"{folder}/cmyk.jpg")
    image.convert("L").save(f"{folder}/gray.png")
    image.convert("1").save(f"{folder}/black-and-white.png")
    image.convert("P").save(f"{folder}/palette.png")
    clear = Image.radial_gradient("L").resize(image.size)
    image.putalpha(clear)
    image.save(f"{folder}/alpha.png")
    image.convert("LA").save(f"{folder}/gray-alpha.png")
    image.convert("P").save(f"{folder}/palette-alpha.png", transparency=7)
    return sorted(os.listdir(folder))


def checkpoint(marbles, folder, fit):
    """A trained network whose logits NumPy can compute: description, weight, bias."""
    command = [marbles, "train", "drawings", "--out", "runs", "--name", fit, "--fit", fit]
    command += ["--architecture", "flatten, dense", "--image-size", "32", "--epochs", "2"]
    subprocess.run(command + ["--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    path = f"{folder}/runs/{fit}/checkpoints/last.safetensors"
    with safe_open(path, "np") as file:
        description = json.loads(file.metadata()["marbles"])
        return path, description, file.get_tensor("1.weight"), file.get_tensor("1.bias")


def compare(marbles, folder, fit, images):
    """The largest difference of pixels, of inputs and of logits for each image."""
    path, description, weight, bias = checkpoint(marbles, folder, fit)
    deviation = np.float32(description["normalization"]["standard_deviation"])
    command = [marbles, "predict", path, *images, "--json"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    predictions = {row["path"]: row["logits"] for row in json.loads(answer)["predictions"]}
    rows = []
    for image in images:
        view = [marbles, "data", "view", image, "--checkpoint", path, "--out", "view.png"]
        subprocess.run(view, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        theirs = np.asarray(Image.open(f"{folder}/view.png"), np.float32)
        levels = np.abs(theirs - np.asarray(seen(image, description), np.float32))
        logits = weight @ network_input(image, description).ravel() + bias
        rows.append(
            (
                int(levels.max()),
                float((levels / 255 / deviation).max()),
                float(np.abs(logits - predictions[image]).max()),
            )
        )
    return rows


def main(marbles):
    marbles = os.path.abspath(marbles)
    worst = (0, 0.0, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        sketch = [marbles, "data", "sketch", "drawings", "--count", "200"]
        subprocess.run(sketch, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        os.mkdir(f"{folder}/images")
        images = [f"{folder}/images/{name}" for name in draw(f"{folder}/images")]
        for fit in ("crop", "letterbox", "stretch"):
            rows = compare(marbles, folder, fit, images)
            for image, row in zip(images, rows):
                if row[0] > 1:
                    print(f"{fit} {os.path.basename(image)}: {row[0]} levels, logits {row[2]:.4f}")
            worst = tuple(map(max, worst, *rows))
    print(
        f"{len(images)} images, 3 fits: at most {worst[0]} of 255 levels, {worst[1]:.4f} in an "
        f"input, {worst[2]:.4f} in a logit"
    )
    return worst[0] > 1 or worst[2] > 0.01


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
