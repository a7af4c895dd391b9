"""What compare.py found, as Documentation/Performance.md.

report.py RESULTS.json writes it again.
"""

import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import statistics
import sys
import textwrap

from statistics_of_pairs import QUIET, interval, quartiles, ratios

INTRODUCTION = """# Performance

Written by `make bench`. Rates belong to the machine they were measured on; only ratios within one
run mean much.

Engines first take ten steps from the same weights on the same batches; one whose losses differ by
more than 0.001 is not measured. Then blocks take turns (Marbles, another, Marbles, the next, …). A
ratio is the mean of the two blocks of Marbles around a block, over that block, in images per
second; the tables show the median over all blocks and its 95% bootstrap interval. Pairs during
which other programs used more than 10% of the machine are left out if at least four pairs remain.
Processes that are not measured are stopped. Everything uses all cores; batches are in memory.

*As most people run it*: NCHW, eager, nothing tuned. *At its best*: channels_last, fused Adam,
denormals flushed, malloc told to keep its memory, the batch size of 16, 32 and 64 that is fastest.
*torch.compile*: the same at batch 32, compiled. Marbles and the rest run at batch 32. Inference is
in the mode each library has for it.

*ONNX Runtime* and *OpenVINO* only infer. They get the same weights as an ONNX model with a fixed
batch size, NCHW, and choose the layout inside themselves; all graph optimizations, float32, all
cores on one batch (OpenVINO: one stream, hint LATENCY), denormals flushed, memory of inputs and
outputs bound once, three batches to warm up. One whose logits differ by more than a thousandth of
the largest is not measured.
"""


# What follows this line in the page was written by hand and stays.
BY_HAND = "<!-- What follows is kept by make bench. -->"


def kept(page):
    _, mark, rest = page.partition(BY_HAND)
    return f"\n{mark}{rest}" if mark else ""


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = next(
        line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name")
    )
    flags = next(
        line.split(":")[1].split() for line in info.splitlines() if line.startswith("flags")
    )
    wide = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "SSE2"
    version = lambda name: importlib.metadata.version(name)
    packages = {
        name: version(name)
        for name in ("torch", "keras", "tensorflow-cpu", "onnxruntime", "openvino", "numpy")
        if _has(name)
    }
    return {
        "processor": f"{model}, {os.cpu_count()} cores, {wide}",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": packages,
        "date": datetime.date.today().isoformat(),
    }


def _has(name):
    try:
        importlib.metadata.version(name)
        return True
    except importlib.metadata.PackageNotFoundError:
        return False


def wrapped(text):
    """A paragraph whose lines have at most 120 characters, as Markdown here has."""
    return textwrap.fill(text, 118, break_long_words=False, break_on_hyphens=False) + "\n"


def table(header, rows):
    lines = [
        "| " + " | ".join(header) + " |",
        "| " + " | ".join(["---"] + ["---:"] * (len(header) - 1)) + " |",
    ]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def digits(rate):
    return f"{rate:.1f}" if rate < 100 else f"{rate:.0f}"


def work(found):
    """Rates, spread, ratios and memory of one kind of work."""
    own = [
        block
        for triples in found["triples"].values()
        for before, _, after in triples
        for block in (before, after)
    ]
    unique = {json.dumps(block): block for block in own}.values()
    rates = {"Marbles": [block[0] for block in unique]}
    rates.update({name: [t[1][0] for t in triples] for name, triples in found["triples"].items()})
    rows = []
    for name, values in rates.items():
        low, middle, high = quartiles(values)
        row = [
            name,
            str(found["batches"][name]),
            digits(middle),
            f"{digits(low)} to {digits(high)}",
        ]
        if name == "Marbles":
            row.append("")
        else:
            ratio, left_out = ratios(found["triples"][name])
            low, high = interval(ratio)
            row.append(
                f"{statistics.median(ratio):.2f} ({low:.2f} to {high:.2f})"
                + (f", {left_out} left out" if left_out else "")
            )
        rows.append(row + [f"{found['peak_memory'][name] / 2**20:.0f} MB"])
    return table(
        ["", "batch", "images/s", "quartiles", "Marbles is faster by", "peak memory"], rows
    )


def first(times):
    rows = []
    for name, values in times.items():
        low, middle, high = quartiles(values)
        ratio = statistics.median(a / b for a, b in zip(values, times["Marbles"]))
        rows.append(
            [
                name,
                f"{middle:.3f} s",
                f"{low:.3f} to {high:.3f}",
                "" if name == "Marbles" else f"{ratio:.0f}",
            ]
        )
    return table(["", "median", "quartiles", "Marbles is sooner by"], rows)


def layers(report, kind):
    """Where the time of a step of Marbles goes."""
    done = report[kind]
    parts = [
        (f"{part['index']} {part['layer']}", part["output"], part["forward"], part["backward"])
        for part in done["layers"]
    ]
    parts += [("objective", "", done["objective"], 0), ("optimizer", "", 0, done["optimizer"])]
    total = sum(forward + backward for _, _, forward, backward in parts)
    rows = [
        [
            name,
            output,
            f"{1000 * forward:.2f}",
            f"{1000 * backward:.2f}",
            f"{100 * (forward + backward) / total:.1f}%",
        ]
        for name, output, forward, backward in parts
    ]
    rate = done["operations_per_second"] / 1e9
    summary = (
        f"{rate:.0f} effective GFLOP/s, {100 * done['part_of_peak']:.0f}% of the "
        f"{report['peak_operations_per_second'] / 1e9:.0f} that multiply-adds in registers reached "
        f"beside it; {done['page_faults_per_step']:.1f} page faults a step. Milliseconds:"
    )
    header = ["layer", "output", "forward", "backward", "share"]
    return wrapped(summary) + "\n" + table(header, rows)


def measured(found):
    """The kinds of work that were measured, in their order."""
    return [key for key in found if key == "train" or key.startswith("infer ")]


def title(key):
    size = key.removeprefix("infer ")
    if key == "train":
        return "Training step"
    return "Inference, one image" if size == "1" else f"Inference, batch {size}"


def markdown(results):
    about = results["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    text = [
        INTRODUCTION,
        wrapped(
            f"{about['processor']}; {about['system']}; Python {about['python']}, {packages}; "
            f"{about['date']}. `{results['command']}`"
        ),
    ]
    for found in results["models"]:
        text.append(
            f"## {found['model']} at {found['size']}×{found['size']}\n\n"
            f"{found['parameters']:,} parameters, "
            f"{found['multiply_adds'] / 1e6:.0f} million multiply-adds an image.\n"
        )
        differences = [
            f"{name} "
            + (f"{proof['difference']:.1g}" if "difference" in proof else "could not run it")
            for name, proof in found["proof"].items()
            if name != "Marbles"
        ]
        first_loss, last_loss = (
            found["proof"]["Marbles"]["losses"][0],
            found["proof"]["Marbles"]["losses"][-1],
        )
        text.append(
            wrapped(
                f"Ten steps of gradient descent from the same weights, "
                f"loss {first_loss:.4f} to {last_loss:.4f}; "
                f"largest difference of a loss, or of a logit: {'; '.join(differences)}."
            )
        )
        for key in measured(found):
            text.append(f"### {title(key)}\n\n{work(found[key])}")
        text.append(
            "### From the start of the program to its first prediction\n\n"
            + first(found['first prediction'])
        )
        text.append(
            f"### Where a step of Marbles goes\n\n{layers(found['train']['marbles'], 'training')}"
        )
    loads = sorted(
        block[1]
        for found in results["models"]
        for key in measured(found)
        for triples in found[key]["triples"].values()
        for triple in triples
        for block in triple
    )
    busy = statistics.median(loads)
    text.append(
        f"While a block ran, other programs used {100 * busy:.0f}% of the machine (median)"
        + ("; run it again on a quiet one before quoting anything.\n" if busy > QUIET else ".\n")
    )
    return "\n".join(text)


if __name__ == "__main__":
    print(markdown(json.loads(pathlib.Path(sys.argv[1]).read_text())))
