#!/usr/bin/env python3
"""Accuracy by what the images look like, from tables of 'marbles evaluate --predictions'.

Usage: slices.py PHOTOS TABLE.csv ...   (needs Pillow)
"""

import csv
import math
import pathlib
import sys

from PIL import Image, ImageStat


def interval(right, count):
    """The 95% interval of Wilson (1927)."""
    z = 1.959964
    share = right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(
        share * (1 - share) / count + z * z / (4 * count * count)
    )
    return middle - half, middle + half


def look(path):
    """Mean gray, deviation of gray and mean saturation of an image."""
    with Image.open(path) as image:
        gray = ImageStat.Stat(image.convert("L"))
        saturation = ImageStat.Stat(image.convert("HSV")).mean[1]
    return {"brightness": gray.mean[0], "contrast": gray.stddev[0], "saturation": saturation}


def main():
    photos, *tables = sys.argv[1:]
    for table in tables:
        with open(table, encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row["right"] = row["class"] == row["prediction"]
            row.update(look(pathlib.Path(photos) / row["path"]))
        slices = [("all", rows)]
        for label in sorted({row["class"] for row in rows}):
            slices.append((label, [row for row in rows if row["class"] == label]))
        for quantity in ("brightness", "contrast", "saturation"):
            ordered = sorted(rows, key=lambda row: row[quantity])
            for index, name in enumerate(("lowest", "second", "third", "highest")):
                part = ordered[len(rows) * index // 4 : len(rows) * (index + 1) // 4]
                slices.append((f"{quantity}, {name} quarter", part))
        print(f"\n{table}\n| slice | images | right | 95% interval |\n| --- | --- | --- | --- |")
        for name, part in slices:
            right = sum(row["right"] for row in part)
            low, high = interval(right, len(part))
            share = 100 * right / len(part)
            print(f"| {name} | {len(part)} | {share:.1f}% | {100*low:.1f}% to {100*high:.1f}% |")


if __name__ == "__main__":
    main()
