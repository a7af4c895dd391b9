#!/usr/bin/env python3
"""What a budget makes of small, lopsided and re-labelled folders: the table in Recipe.md.

Usage: small_folders.py PHOTOS FOLDER [--options WORD ...] [--marbles PROGRAM]

PHOTOS has the folders cat and dog. Every row is a folder of some of them, trained with `marbles
train` and nothing else but --options, and judged on 1,000 others with the same labels. With more
than two classes, an image's class is its animal and how bright it is.
"""

import argparse
import csv
import io
import pathlib
import random
import shutil
import subprocess

from PIL import Image, ImageStat

UNSEEN = 1000
# The name, images of each class, parts of equal brightness, and the part of dogs that is kept.
ROWS = [
    ("20 a class", 20, 1, 1),
    ("100 a class", 100, 1, 1),
    ("500 a class", 500, 1, 1),
    ("1,000 cats, 100 dogs", 1000, 1, 0.1),
    ("3 parts of brightness: 6 classes, 100 each", 100, 3, 1),
    ("10 parts of brightness: 20 classes, 100 each", 100, 10, 1),
]


def brightness(path):
    with Image.open(path) as image:
        image.draft("L", (32, 32))
        return ImageStat.Stat(image.convert("L")).mean[0]


def classes(photos, parts):
    """The paths of every class, in random order."""
    found = {}
    for animal in ("cat", "dog"):
        paths = sorted((photos / animal).iterdir())
        random.Random(1).shuffle(paths)
        if parts == 1:
            found[animal] = paths
            continue
        # Enough for the largest row; to measure all would take minutes.
        paths = sorted(paths[:4000], key=brightness)
        for part in range(parts):
            own = paths[part * len(paths) // parts : (part + 1) * len(paths) // parts]
            random.Random(part).shuffle(own)
            found[f"{animal}-{part}"] = own
    return found


def fill(folder, name, paths):
    (folder / name).mkdir(parents=True)
    for path in paths:
        shutil.copy(path, folder / name)


def balanced_accuracy(table):
    """The mean part of each class that is right, of the rows of `--predictions`."""
    hits = {}
    for row in csv.DictReader(io.StringIO(table)):
        hits.setdefault(row["class"], []).append(row["class"] == row["prediction"])
    return sum(sum(own) / len(own) for own in hits.values()) / len(hits)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path, help="for the images and the runs")
    parser.add_argument("--options", nargs=argparse.REMAINDER, default=[])
    parser.add_argument("--marbles", default=".build/release/marbles")
    options = parser.parse_args()
    print("| folder | chance | mean recall on 1,000 others |\n| --- | --- | --- |")
    for name, count, parts, kept in ROWS:
        with_dogs = int(count * kept)
        work = options.folder / name.replace(" ", "-").replace(",", "").replace(":", "")
        shutil.rmtree(work, ignore_errors=True)
        found = classes(options.photos, parts)
        for label, paths in found.items():
            own = with_dogs if label.startswith("dog") else count
            fill(work / "photos", label, paths[:own])
            fill(work / "others", label, paths[-UNSEEN // len(found) :])
        run = [options.marbles, "train", work / "photos", "--out", work, "--name", "run", "--quiet"]
        subprocess.run(run + options.options, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            [options.marbles, "evaluate", work / "run", work / "others", "--quiet"]
            + ["--predictions", work / "predictions.csv", "--overwrite"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        recall = balanced_accuracy((work / "predictions.csv").read_text())
        print(f"| {name} | {1 / len(found):.0%} | {recall:.1%} |", flush=True)


if __name__ == "__main__":
    main()
