#!/usr/bin/env python3
"""Trains one network for every row and seed, and prints the table of Documentation/Recipe.md.

Usage: ablations.py PHOTOS FOLDER [--rows NAME ...] [--seeds 1 2 3] [--marbles PROGRAM]

Every row is judged on the 2,000 validation images of one split, whose test images no row sees.
Runs that are already in FOLDER are not made again, so the script can be stopped at any time.
"""

import argparse
import csv
import json
import math
import pathlib
import subprocess

BASE = ["--model", "tabby", "--image-size", "64", "--epochs", "8", "--label-smoothing", "0.1"]
MUON = ["--optimizer", "muon:iterations=3", "--batch-size", "64", "--schedule", "triangle"]


def cat(stem, initial):
    """tabby with another stem and other initial weights."""
    layers = [stem]
    for channels in (64, 128, 256):
        conv = f"conv {channels} 3x3 no-bias{initial}"
        layers += [conv, "pool 2, batchnorm, relu", conv, "batchnorm, relu"]
    return ", ".join(layers + ["global-pool, flatten, dense"])


OWN = BASE[2:]
STEM = "conv 24 2x2 stride 2 no-bias, batchnorm, relu"
WHITE = "conv 24 2x2 stride 2 initial whitening frozen, relu"
ROWS = {
    "adam": BASE,
    "adam-one-cycle": BASE + ["--schedule", "one-cycle"],
    "nesterov": BASE
    + ["--optimizer", "nesterov", "--weight-decay", "5e-4", "--schedule", "one-cycle"],
    "muon-5-iterations": BASE + ["--optimizer", "muon", "--schedule", "triangle"],
    "muon": BASE + MUON,
    "muon-batch-128": BASE + MUON + ["--batch-size", "128", "--learning-rate", "0.03"],
    "muon-rate-0.01": BASE + MUON + ["--learning-rate", "0.01"],
    "muon-rate-0.04": BASE + MUON + ["--learning-rate", "0.04"],
    "muon-cosine": BASE + MUON + ["--schedule", "cosine"],
    "no-smoothing": BASE + MUON + ["--label-smoothing", "0"],
    "ema": BASE + MUON + ["--optimizer", "muon:iterations=3,ema=0.998"],
    "no-augmentation": BASE + MUON + ["--augmentation", "none"],
    "crops": BASE + MUON + ["--augmentation", "crops"],
    "dirac": OWN + MUON + ["--architecture", cat(STEM, " initial dirac")],
    "whitening": OWN + MUON + ["--architecture", cat(WHITE, "")],
    "whitening-dirac": OWN + MUON + ["--architecture", cat(WHITE, " initial dirac")],
    "growing": BASE + MUON + ["--image-sizes", "48:0.5,64", "--epochs", "10"],
    "mixup": BASE + MUON + ["--mixup", "0.2", "--mix-until", "0.8"],
    "cutmix": BASE + MUON + ["--cutmix", "1", "--mix-until", "0.8"],
    "panther": BASE + MUON + ["--model", "panther"],
    "tabby-13": BASE + MUON + ["--epochs", "13"],
    "kitten-25": BASE + MUON + ["--model", "kitten", "--epochs", "25"],
    "long": BASE
    + MUON
    + ["--image-size", "128", "--image-sizes", "64:0.4,96:0.78,128", "--epochs", "21"]
    + ["--augmentation", "crops"],
}


def make_split(program, photos, folder):
    """The split of all rows: without its test images."""
    path = folder / "split.json"
    if not path.exists():
        whole = folder / "whole.json"
        subprocess.run(
            [program, "data", "split", photos, "--out", whole, "--test-split", "0.142857"]
            + ["--validation-split", "0.142857", "--overwrite", "--quiet"],
            check=True,
        )
        split = json.loads(whole.read_text())
        split["entries"] = [entry for entry in split["entries"] if entry["split"] != "test"]
        path.write_text(json.dumps(split))
    return path


def train(program, photos, folder, row, seed):
    """Accuracy and loss on the validation images, and seconds of training."""
    name = f"{row}-{seed}"
    result = folder / f"{name}.json"
    if not result.exists():
        done = subprocess.run(
            [program, "train", photos, "--split-file", make_split(program, photos, folder)]
            + ["--out", folder / "runs", "--name", name, "--seed", str(seed), "--json", "--quiet"]
            + ["--cache", "disk"]
            + ROWS[row],
            check=True,
            capture_output=True,
            text=True,
        )
        result.write_text(done.stdout)
    with open(folder / "runs" / name / "metrics.csv", encoding="utf-8") as table:
        last = list(csv.DictReader(table))[-1]
    columns = ("validation_accuracy", "validation_loss", "seconds")
    return tuple(float(last[column]) for column in columns)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--marbles", default=".build/release/marbles")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    print("| row | seeds | accuracy | loss | seconds |\n| --- | --- | --- | --- | --- |")
    for row in options.rows:
        runs = [
            train(options.marbles, options.photos, options.folder, row, seed)
            for seed in options.seeds
        ]
        mean, loss, seconds = (sum(column) / len(runs) for column in zip(*runs))
        spread = math.sqrt(sum((run[0] - mean) ** 2 for run in runs) / max(1, len(runs) - 1))
        error = f" ± {100 * spread / math.sqrt(len(runs)):.2f}" if len(runs) > 1 else ""
        print(f"| {row} | {len(runs)} | {100 * mean:.2f}{error} | {loss:.3f} | {seconds:.0f} |")


if __name__ == "__main__":
    main()
