"""Training speed of Marbles and PyTorch on the same network, side by side in one run.

    training_step.py MARBLES [--model kitten] [--image-size 64] [--batch-size 32] [--repeats 5]

Marbles trains for real (reading, augmentation and all) on sketches it draws first; PyTorch runs the
same layers, batch size, objective and optimizer on random pictures that are already in memory, once as most people run it
(NCHW, eager) and once with channels_last. Runs take turns; printed are medians and the median of the
ratios pair by pair, because a shared machine's speed drifts. Every row uses all cores.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tools" / "reference"))

import torch
from torch import nn

from architecture import build
from networks import MODELS

PICTURES = 640
STEPS = 20


def marbles(tool, data, options, epochs):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [tool, "train", data, "--out", folder, "--name", "run", "--quiet", "--epochs", str(epochs)]
            + ["--validation-split", "0", "--test-split", "0", "--model", options.model]
            + ["--image-size", str(options.image_size), "--batch-size", str(options.batch_size)],
            check=True,
        )
        result = json.loads((pathlib.Path(folder) / "run" / "run.json").read_text())["result"]
    return PICTURES * epochs / result["seconds"]


def pytorch(options, channels_last):
    torch.manual_seed(1)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    network = build(MODELS[options.model], 2, options.image_size).train().to(memory_format=layout)
    optimizer = torch.optim.Adam(network.parameters(), lr=4e-3)
    objective = nn.CrossEntropyLoss()
    shape = (options.batch_size, 3, options.image_size, options.image_size)
    images = torch.randn(shape).to(memory_format=layout)
    targets = torch.arange(options.batch_size) % 2

    def step():
        optimizer.zero_grad(set_to_none=True)
        objective(network(images), targets).backward()
        optimizer.step()

    for _ in range(3):
        step()
    start = time.perf_counter()
    for _ in range(STEPS):
        step()
    return STEPS * options.batch_size / (time.perf_counter() - start)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("tool")
parser.add_argument("--model", default="kitten", choices=MODELS)
parser.add_argument("--image-size", type=int, default=64)
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--repeats", type=int, default=5)
options = parser.parse_args()

with tempfile.TemporaryDirectory() as folder:
    data = str(pathlib.Path(folder) / "sketches")
    subprocess.run([options.tool, "data", "sketch", data, "--count", str(PICTURES), "-q"], check=True, stdout=subprocess.DEVNULL)
    rows = {"Marbles": [], "PyTorch": [], "PyTorch, channels_last": []}
    for _ in range(options.repeats):
        rows["Marbles"].append(marbles(options.tool, data, options, epochs=2))
        rows["PyTorch"].append(pytorch(options, channels_last=False))
        rows["PyTorch, channels_last"].append(pytorch(options, channels_last=True))

print(
    f"{options.model} at {options.image_size}x{options.image_size}, batch {options.batch_size}, "
    f"{torch.get_num_threads()} threads, torch {torch.__version__}, {options.repeats} repeats"
)
for name, rates in rows.items():
    ratio = statistics.median(a / b for a, b in zip(rows["Marbles"], rates))
    print(
        f"{name:24} {statistics.median(rates):8.0f} images/s  ({min(rates):.0f} to {max(rates):.0f})"
        f"   Marbles is {ratio:.2f}x as fast"
    )
