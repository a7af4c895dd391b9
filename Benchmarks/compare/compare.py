"""Marbles beside PyTorch, Keras, ONNX Runtime and OpenVINO: training, inference, first prediction,
memory, in one run.

    compare.py MARBLES [--models lecture:150 kitten:128] [--rounds 5] [--seconds 2]
               [--results results.json] [--report Performance.md]

First every engine takes ten steps from the same weights on the same batches; one whose losses
differ is not measured, nor one that only infers and whose logits differ. Then blocks take turns:
Marbles, another, Marbles, the next, ...; each block
of another is compared with the mean of the two blocks of Marbles around it, so that a machine whose
speed drifts drifts for both. A process that is not measured is stopped.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import report
from contenders import CONTENDERS, HERE, INFERENCE, PYTHON, Load, Worker, marbles

BATCH = 32
PROOF_STEPS, PROOF_RATE, TOLERANCE = 10, 0.005, 1e-3
SHORT = dict(
    zip(
        ("plain", "best", "compiled", "keras", "onnxruntime", "openvino"),
        (*CONTENDERS, *INFERENCE),
    )
)
# Batches of inference, and those of them on which engines that also train are measured as well.
INFERRED, INFERRED_BY_ALL = (1, 2, 4, 8, 32, 64), (1, 32)
BATCHES = (16, 32, 64)  # PyTorch at its best may choose


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def without_dropout(text):
    """Dropout draws differ from program to program, so the proof goes without; the places of the
    layers stay."""
    return re.sub(r"dropout [0-9.e-]+", "dropout 0", text)


def proof(tool, text, size, folder, log):
    """Losses of every contender, and which of them agree with Marbles."""
    weights = str(folder / "proof.safetensors")
    own = marbles(
        tool,
        ["--architecture", without_dropout(text)],
        size,
        "--batch-size",
        BATCH,
        "--optimizer",
        "sgd",
        "--learning-rate",
        PROOF_RATE,
        "--losses",
        PROOF_STEPS,
        "--seconds",
        0,
        "--work",
        "training",
        "--save",
        weights,
    )
    own, logits = own["losses"], own["logits"]
    found = {"Marbles": {"losses": own, "difference": 0.0}}
    for name in CONTENDERS:
        worker = Worker(name, weights, log)
        try:
            losses = worker.ask(do="losses", batch=BATCH, steps=PROOF_STEPS, rate=PROOF_RATE)[
                "losses"
            ]
            difference = max(abs(a - b) / max(1, abs(a)) for a, b in zip(own, losses))
            found[name] = {"losses": losses, "difference": difference}
            say(f"  losses of {name} differ by at most {difference:.2g}")
        except (RuntimeError, BrokenPipeError) as error:
            found[name] = {"failed": str(error)}
            say(f"  {name} cannot run this network: {error}")
        worker.close()
    for name in INFERENCE:
        worker = Worker(name, weights, log)
        try:
            answer = worker.ask(do="logits", batch=BATCH)["logits"]
            pairs = list(zip(logits, (value for row in answer for value in row), strict=True))
            difference = max(abs(a - b) for a, b in pairs) / max(abs(a) for a in logits)
            found[name] = {"difference": difference}
            say(f"  logits of {name} differ by at most {difference:.2g}")
        except (RuntimeError, BrokenPipeError) as error:
            found[name] = {"failed": str(error)}
            say(f"  {name} cannot run this network: {error}")
        worker.close()
    return found


def turns(tool, model, size, workers, work, batches, seconds, rounds):
    """Blocks in turn; for each contender a list of [Marbles before, contender, Marbles after]."""

    def own_block():
        load = Load()
        result = marbles(
            tool,
            model,
            size,
            "--batch-size",
            batches["Marbles"],
            "--work",
            {"train": "training", "infer": "inference"}[work],
            "--seconds",
            seconds,
            "--learning-rate",
            1e-4,
        )
        results.append(result)
        done = result["training" if work == "train" else "inference"]
        return [done["images_per_second"], load.others()]

    def block(name):
        load = Load(workers[name])
        answer = workers[name].ask(do=work, batch=batches[name], seconds=seconds)
        peaks[name] = answer["peak_memory"]
        return [batches[name] / statistics.median(answer["seconds"]), load.others()]

    results, peaks, triples = [], {}, {name: [] for name in workers}
    for name in workers:  # what is compiled or allocated the first time
        block(name)
    before = own_block()
    for round_number in range(rounds):
        names = list(workers) if round_number % 2 == 0 else list(reversed(workers))
        for name in names:
            other, after = block(name), own_block()
            triples[name].append([before, other, after])
            before = after
    peaks["Marbles"] = max(result["peak_memory"] for result in results)
    best = max(results, key=lambda r: (r.get("training") or r["inference"])["images_per_second"])
    return {"batches": batches, "triples": triples, "peak_memory": peaks, "marbles": best}


def best_batch(name, weights, log, seconds):
    """The batch size at which a contender trains the most images per second."""
    rates = {}
    for batch in BATCHES:
        worker = Worker(name, weights, log)
        answer = worker.ask(do="train", batch=batch, seconds=seconds)
        rates[batch] = batch / statistics.median(answer["seconds"])
        worker.close()
    say("  batches of", name, {batch: round(rate, 1) for batch, rate in rates.items()})
    return max(rates, key=rates.get)


def first_predictions(tool, weights, folder, repeats, log):
    """Seconds from the start of a program to its answer about one image, taking turns."""
    image = str(HERE.parent.parent / "data" / "sketches" / "cat" / "cat-0001.jpg")
    saved = str(folder / "model.keras")
    commands = {
        "Marbles": [tool, "predict", weights, image],
        "PyTorch": PYTHON + [str(HERE / "first_torch.py"), weights, image],
    }
    if (
        subprocess.run(
            PYTHON + [str(HERE / "keras_worker.py"), weights, saved], stderr=log
        ).returncode
        == 0
    ):
        commands["Keras on TensorFlow"] = PYTHON + [str(HERE / "first_keras.py"), saved, image]
    times = {name: [] for name in commands}
    for turn in range(repeats + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=log, check=True)
            if turn > 0:  # the first time reads from the disk
                times[name].append(time.perf_counter() - start)
    return times


def compare(tool, name, size, options, folder, log):
    say(f"{name} at {size}x{size}")
    model, weights = ["--model", name], str(folder / "weights.safetensors")
    described = marbles(
        tool,
        model,
        size,
        "--batch-size",
        2,
        "--seconds",
        0,
        "--work",
        "inference",
        "--save",
        weights,
    )
    result = {
        "model": name,
        "size": size,
        "parameters": described["parameter_count"],
        "multiply_adds": described["multiply_adds"],
        "proof": proof(tool, described["architecture"], size, folder, log),
    }
    agree = lambda names: [
        n for n in names if result["proof"][n].get("difference", 1) <= TOLERANCE
    ]
    equal, inferring = agree(CONTENDERS), agree(INFERENCE)
    batches = {n: BATCH for n in ["Marbles", *equal]}
    if "PyTorch at its best" in equal:
        batches["PyTorch at its best"] = best_batch(
            "PyTorch at its best", weights, log, options.seconds
        )
    plans = [
        ("train", batches),
        *(
            ("infer", {n: size for n in ["Marbles", *others, *inferring]})
            for size in INFERRED
            if (others := equal if size in INFERRED_BY_ALL else []) or inferring
        ),
    ]
    for work, chosen in plans:
        # Fresh processes, so that peak memory is that of this work alone.
        workers = {n: Worker(n, weights, log) for n in chosen if n != "Marbles"}
        key = work if work == "train" else f"infer {chosen['Marbles']}"
        say(f"  {key}")
        seconds = options.seconds if work == "train" else options.seconds / 2
        result[key] = turns(tool, model, size, workers, work, chosen, seconds, options.rounds)
        for worker in workers.values():
            worker.close()
    result["first prediction"] = first_predictions(tool, weights, folder, 2 * options.rounds, log)
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("tool")
    parser.add_argument("--models", nargs="+", default=["lecture:150", "tabby:128", "resnet9:128"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--only", nargs="+", choices=SHORT, help="leave out the others")
    parser.add_argument("--results", default=".build/benchmarks.json")
    parser.add_argument("--report")
    options = parser.parse_args()
    tool = os.path.abspath(options.tool)
    for name in set(SHORT) - set(options.only or SHORT):
        for group in (CONTENDERS, INFERENCE):
            group.pop(SHORT[name], None)
    models = ' '.join(options.models)
    chosen = f"--models {models} --rounds {options.rounds} --seconds {options.seconds:g}"
    if options.only:
        chosen += f" --only {' '.join(options.only)}"
    results = {
        "command": f'make bench OPTIONS="{chosen}"',
        "machine": report.machine(),
        "models": [],
    }
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as log:
        for named in options.models:
            name, size = named.split(":")
            results["models"].append(
                compare(tool, name, int(size), options, pathlib.Path(folder), log)
            )
    pathlib.Path(options.results).write_text(json.dumps(results, indent=1) + "\n")
    text = report.markdown(results)
    print(text)
    if options.report:
        page = pathlib.Path(options.report)
        page.write_text(text + report.kept(page.read_text() if page.exists() else ""))
