#!/usr/bin/env python3
"""Trains one network for every row and seed, and prints the table of Documentation/Recipe.md.

Usage: ablations.py PHOTOS FOLDER [--rows NAME ...] [--seeds 1 2 3] [--marbles PROGRAM]

Every row is judged on the 2,000 validation images of one split, whose test images no row sees.
The interval is that of a row's difference from the first. Runs that are already in
FOLDER are not made again, so the script can be stopped at any time. One run takes one core.
"""

import argparse
import concurrent.futures
import csv
import json
import math
import os
import pathlib
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
    """Accuracy and loss on the validation images, and seconds of training."""
    name = f"{row}-{seed}"
    result = folder / f"{name}.json"
    if not result.exists():
        done = subprocess.run(
            [program, "train", photos, "--split-file", make_split(program, photos, folder)]
            + ["--out", folder / "runs", "--name", name, "--seed", str(seed), "--json", "--quiet"]
            + ["--cache", "disk", "--threads", "1"]
            + merged(ROWS[row]),
            check=True,
            capture_output=True,
            text=True,
        )
        result.write_text(done.stdout)
    with open(folder / "runs" / name / "metrics.csv", encoding="utf-8") as table:
        last = list(csv.DictReader(table))[-1]
    columns = ("validation_accuracy", "validation_loss", "seconds")
    return tuple(float(last[column]) for column in columns)


def half_width(results, rows, seeds):
    """Half the 95% interval of a difference of two rows.

    All rows vary alike from seed to seed, so their variances are pooled; a normal distribution is
    close enough to Student's from 15 degrees of freedom on.
    """
    if len(seeds) < 2:
        return math.nan
    variances = [
        statistics.variance([results[row, seed][0] for seed in seeds]) for row in rows
    ]
    return 100 * 1.96 * math.sqrt(statistics.mean(variances) * 2 / len(seeds))


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
    with concurrent.futures.ThreadPoolExecutor(options.lanes) as lanes:
        runs = lanes.map(
            lambda job: train(options.marbles, options.photos, options.folder, *job), jobs
        )
        results = dict(zip(jobs, runs))
    base = statistics.mean(results[options.rows[0], seed][0] for seed in options.seeds)
    half = half_width(results, options.rows, options.seeds)
    print(f"| row | accuracy | against {options.rows[0]} | loss |\n| --- | --- | --- | --- |")
    for row in options.rows:
        runs = [results[row, seed] for seed in options.seeds]
        accuracies, losses = ([run[column] for run in runs] for column in (0, 1))
        mean = statistics.mean(accuracies)
        print(
            f"| {row} | {100 * mean:.2f}% | {100 * (mean - base):+.2f} ± {half:.2f} "
            f"| {statistics.mean(losses):.3f} |"
        )


if __name__ == "__main__":
    main()
