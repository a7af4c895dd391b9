#!/usr/bin/env python3
"""One recipe in Marbles and in PyTorch at its best: the time to the same accuracy.

Usage: same_recipe.py PHOTOS SPLIT [--passes 8] [--seeds 1 2 3] [--compile]

Both train the network of a budget of two minutes: tabby at 48 and then 64 pixels, Muon, triangle,
label smoothing, mirrored and shifted images. Times are of training, without loading. PyTorch has
channels_last, fused AdamW, flushed denormals, an allocator that keeps its memory and, with
--compile, its compiler; its images are decoded once and kept, as those of Marbles are.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "compare"))
from contenders import PYTHON, TUNED  # noqa: E402

SIZE, SIZES, BATCH, RATE = 64, [(48, 0.5), (64, 1)], 64, 0.02


def marbles(options, seed):
    """Seconds of training, and images of the test part that are right."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [options.marbles, "train", options.photos, "--split-file", options.split]
            + ["--model", "tabby", "--image-size", str(SIZE), "--image-sizes", "48:0.5,64"]
            + ["--epochs", str(options.passes), "--batch-size", str(BATCH)]
            + ["--optimizer", "muon:iterations=3", "--schedule", "triangle"]
            + ["--label-smoothing", "0.1", "--seed", str(seed), "--out", folder, "--name", "run"]
            + ["--quiet"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        record = json.loads((pathlib.Path(folder) / "run" / "run.json").read_text())
    result = record["result"]
    return result["seconds"], round(result["test_accuracy"] * result["test_count"])


def pytorch(options, request, seed):
    """The same of PyTorch."""
    paths = os.pathsep.join([str(HERE.parent.parent / "Tools" / "reference")])
    done = subprocess.run(
        PYTHON + [str(HERE / "torch_recipe.py")],
        input=json.dumps({**request, "seed": seed}),
        env={**os.environ, **TUNED, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    return result["training"], result["right"]


def request_of(options):
    """What PyTorch is told."""
    split = json.loads(pathlib.Path(options.split).read_text())["entries"]
    names = sorted({entry["class"] for entry in split})

    def part(name):
        entries = [entry for entry in split if entry["split"] == name]
        return {
            "paths": [str(pathlib.Path(options.photos) / entry["path"]) for entry in entries],
            "classes": [names.index(entry["class"]) for entry in entries],
        }

    models = subprocess.run(
        [options.marbles, "models", "--json"], check=True, stdout=subprocess.PIPE, text=True
    )
    texts = {model["name"]: model["architecture"] for model in json.loads(models.stdout)["models"]}
    return {
        "train": part("train"),
        "test": part("test"),
        "architecture": texts["tabby"],
        "size": SIZE,
        "sizes": SIZES,
        "batch": BATCH,
        "rate": RATE,
        "passes": options.passes,
        "threads": os.cpu_count(),
        "compile": options.compile,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos")
    parser.add_argument("split", help="a split file with a test part")
    parser.add_argument("--passes", type=int, default=8)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--marbles", default=".build/release/marbles")
    options = parser.parse_args()
    request = request_of(options)
    count = len(request["test"]["paths"])
    print("| seed | Marbles | right | PyTorch | right | ratio |\n" + "| --- " * 6 + "|")
    ratios = []
    for seed in options.seeds:
        (own, right), (other, other_right) = (
            marbles(options, seed),
            pytorch(options, request, seed),
        )
        ratios.append(other / own)
        print(
            f"| {seed} | {own:.1f} s | {right / count:.2%} | {other:.1f} s "
            f"| {other_right / count:.2%} | {ratios[-1]:.2f} |",
            flush=True,
        )
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
