"""The other side of a benchmark: answers one JSON line on standard output for each on standard
input.

    {"do": "losses", "batch": 32, "steps": 10, "rate": 0.01}   -> {"losses": [...]}
    {"do": "train" or "infer", "batch": 32, "seconds": 2}
        -> {"seconds": [of each step], "peak_memory": bytes}
    {"do": "logits", "batch": 32}   -> {"logits": [[of each class] of each image]}

An engine offers `losses(batches, targets, rate)`, `trainer(images, targets)` and
`predictor(images)`; the last two return a function that does one step. One that only infers offers
`logits(images)` and `predictor(images)`. Images are NHWC, uniform in
[-1, 1), the same that `marbles bench step` makes.
"""

import json
import pathlib
import resource
import struct
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tools" / "reference"))

import numpy as np

from hashed import hashed


def checkpoint(path):
    """What the checkpoint says about itself, without reading its arrays."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    return json.loads(header["__metadata__"]["marbles"])


def images(step, batch, size):
    return hashed(10_000 + step, batch * size * size * 3).reshape(batch, size, size, 3)


def targets(batch):
    return np.arange(batch) % 2


def steps(work, seconds):
    """Seconds of each step, until the time is over, at least three."""
    times, start = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        work()
        times.append(time.perf_counter() - before)
    return times


def serve(engine, size):
    # Whatever a library prints belongs to the errors.
    answers, sys.stdout = sys.stdout, sys.stderr
    ready = {}
    for line in sys.stdin:
        request = json.loads(line)
        batch = request["batch"]
        if request["do"] == "losses":
            batches = [images(step, batch, size) for step in range(request["steps"])]
            answer = {"losses": engine.losses(batches, targets(batch), request["rate"])}
        elif request["do"] == "logits":
            answer = {"logits": engine.logits(images(0, batch, size))}
        else:
            key = (request["do"], batch)
            if key not in ready:
                ready.clear()
                given = images(0, batch, size)
                training = request["do"] == "train"
                ready[key] = (
                    engine.trainer(given, targets(batch)) if training else engine.predictor(given)
                )
                for _ in range(3):
                    ready[key]()
            times = steps(ready[key], request["seconds"])
            usage = resource.getrusage(resource.RUSAGE_SELF)
            answer = {"seconds": times, "peak_memory": usage.ru_maxrss * 1024}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
