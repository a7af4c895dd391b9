#!/usr/bin/env python3
"""Trains one network for every row and seed, and prints the table of Documentation/Recipe.md.

Usage: ablations.py PHOTOS FOLDER [--rows NAME ...] [--seeds 1 2 3] [--marbles PROGRAM]

Every row is judged on the 2,000 validation images of one split, whose test images no row sees.
The interval is that of a row's difference from the first. Runs that are already in FOLDER are not
made again, so the script can be stopped at any time; it prints what there is. One run takes one
core.
"""

import argparse
import concurrent.futures
import csv
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess

SHORT = ["--image-size", "48", "--epochs", "5", "--label-smoothing", "0.1"]
BASE = ["--model", "tabby"] + SHORT
MUON = ["--optimizer", "muon:iterations=3", "--batch-size", "64", "--schedule", "triangle"]


def cat(stem, initial):
    """tabby with another stem and other initial weights."""
    layers = [stem]
    for channels in (64, 128, 256):
        conv = f"conv {channels} 3x3 no-bias{initial}"
        layers += [conv, "pool 2, batchnorm, relu", conv, "batchnorm, relu"]
    return ", ".join(layers + ["global-pool, flatten, dense"])


STEM = "conv 24 2x2 stride 2 no-bias, batchnorm, relu"
WHITE = "conv 24 2x2 stride 2 initial whitening frozen, relu"


def muon(parameters="iterations=3"):
    return ["--optimizer", f"muon:{parameters}"] + MUON[2:]


# Later words take the place of earlier ones.
ROWS = {
    "base": BASE + MUON,
    "adam": BASE,
    "adam-one-cycle": BASE + ["--schedule", "one-cycle"],
    "nesterov": BASE
    + ["--optimizer", "nesterov", "--weight-decay", "5e-4", "--schedule", "one-cycle"],
    "muon-5-iterations": BASE + muon("iterations=5"),
    "batch-32": BASE + MUON + ["--batch-size", "32"],
    "batch-128": BASE + MUON + ["--batch-size", "128", "--learning-rate", "0.03"],
    "rate-0.01": BASE + MUON + ["--learning-rate", "0.01"],
    "rate-0.04": BASE + MUON + ["--learning-rate", "0.04"],
    "vector-rate-1": BASE + muon("iterations=3,vector-rate=1"),
    "momentum-0.9": BASE + muon("iterations=3,momentum=0.9"),
    "cosine": BASE + MUON + ["--schedule", "cosine"],
    "warmup-stable-decay": BASE + MUON + ["--schedule", "warmup-stable-decay"],
    "no-smoothing": BASE + MUON + ["--label-smoothing", "0"],
    "smoothing-0.2": BASE + MUON + ["--label-smoothing", "0.2"],
    "ema": BASE + muon("iterations=3,ema=0.998"),
    "lookahead": BASE + muon("iterations=3,lookahead=5"),
    "no-augmentation": BASE + MUON + ["--augmentation", "none"],
    "standard": BASE + MUON + ["--augmentation", "standard"],
    "crops": BASE + MUON + ["--augmentation", "crops"],
    "dirac": SHORT + MUON + ["--architecture", cat(STEM, " initial dirac")],
    "whitening": SHORT + MUON + ["--architecture", cat(WHITE, "")],
    "mixup": BASE + MUON + ["--mixup", "0.2", "--mix-until", "0.8"],
    "cutmix": BASE + MUON + ["--cutmix", "1", "--mix-until", "0.8"],
    "growing": BASE + MUON + ["--image-sizes", "32:0.5,48", "--epochs", "7"],
    "kitten": BASE + MUON + ["--model", "kitten", "--epochs", "10"],
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


def merged(words):
    """Options without those that come again."""
    pairs = list(zip(words[::2], words[1::2]))
    return [word for pair in dict(pairs).items() for word in pair]


def train(program, photos, folder, row, seed):
    """Trains a row, unless that is done."""
    name = f"{row}-{seed}"
    run = folder / "runs" / name
    if result(folder, row, seed):
        return
    # What a run that was stopped has left.
    shutil.rmtree(run, ignore_errors=True)
    subprocess.run(
        [program, "train", photos, "--split-file", make_split(program, photos, folder)]
        + ["--out", folder / "runs", "--name", name, "--seed", str(seed), "--quiet"]
        + ["--cache", "disk", "--threads", "1"]
        + merged(ROWS[row]),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def result(folder, row, seed):
    """Accuracy and loss on the validation images after the last epoch; None if not trained."""
    run = folder / "runs" / f"{row}-{seed}"
    record = run / "run.json"
    if not record.exists() or json.loads(record.read_text())["status"] != "finished":
        return None
    with open(run / "metrics.csv", encoding="utf-8") as table:
        last = list(csv.DictReader(table))[-1]
    return float(last["validation_accuracy"]), float(last["validation_loss"])


# Student's t for an interval of 95%, from one degree of freedom on; then the normal distribution.
T = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13)
T += (2.12, 2.11, 2.10, 2.09, 2.09, 2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04)


def deviation(rows):
    """The standard deviation of runs of one row, pooled, and its t; all rows vary alike."""
    squares = freedom = 0
    for runs in rows.values():
        accuracies = [accuracy for accuracy, _ in runs]
        squares += sum((value - statistics.mean(accuracies)) ** 2 for value in accuracies)
        freedom += len(runs) - 1
    if freedom == 0:
        return math.nan, math.nan
    return math.sqrt(squares / freedom), T[freedom - 1] if freedom <= len(T) else 1.96


def report(folder, names, seeds):
    """Prints the table of the runs that there are."""
    rows = {}
    for name in names:
        runs = [found for seed in seeds if (found := result(folder, name, seed))]
        if runs:
            rows[name] = runs
    if names[0] not in rows:
        return
    spread, t = deviation(rows)
    base = rows[names[0]]
    print(f"runs of a row differ by {100 * spread:.2f} points (pooled standard deviation)")
    print(f"| row | seeds | accuracy | against {names[0]} | loss |\n" + "| --- " * 5 + "|")
    for name, runs in rows.items():
        accuracy, loss = (statistics.mean(column) for column in zip(*runs))
        change = accuracy - statistics.mean(value for value, _ in base)
        half = t * spread * math.sqrt(1 / len(runs) + 1 / len(base))
        print(
            f"| {name} | {len(runs)} | {accuracy:.2%} | {100 * change:+.2f} ± {100 * half:.2f} "
            f"| {loss:.3f} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--marbles", default=".build/release/marbles")
    parser.add_argument("--lanes", type=int, default=os.cpu_count(), help="runs at once")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    make_split(options.marbles, options.photos, options.folder)
    # Seed by seed, so that a table of fewer seeds is whole when it is stopped.
    jobs = [(row, seed) for seed in options.seeds for row in options.rows]
    try:
        with concurrent.futures.ThreadPoolExecutor(options.lanes) as lanes:
            list(
                lanes.map(
                    lambda job: train(options.marbles, options.photos, options.folder, *job), jobs
                )
            )
    finally:
        report(options.folder, options.rows, options.seeds)


if __name__ == "__main__":
    main()
