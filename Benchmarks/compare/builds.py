"""Two builds of the tool beside each other: speed, memory and allocations of a step.

Runs `bench step` with both executables in turn and prints, per network, number of threads and kind
of work, the median images per second of each and the median of the paired ratios with its range.

    python3 Benchmarks/compare/builds.py BEFORE AFTER [--repeats 5] [--seconds 1.5]
"""

import argparse
import json
import statistics
import subprocess

MODELS = [("lecture", 150), ("tabby", 128), ("kitten", 64), ("resnet9", 128)]
WORK = ["training", "inference"]


def measure(tool, model, size, work, threads, seconds):
    output = subprocess.run(
        [
            tool,
            "bench",
            "step",
            "--model",
            model,
            "--image-size",
            str(size),
            "--work",
            work,
            "--threads",
            str(threads),
            "--seconds",
            str(seconds),
            "--json",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    result = json.loads(output)
    return result[work] | {"peak": result.get("peak_memory")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5)
    options = parser.parse_args()
    print(
        "| network | threads | work | before /s | after /s | after / before | memory MB |"
        " allocations |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for model, size in MODELS:
        for work in WORK:
            for threads in (1, 2):
                pairs = []
                for turn in range(options.repeats):
                    # Which build goes first alternates, so that drift falls on both alike.
                    order = [options.before, options.after][:: 1 if turn % 2 == 0 else -1]
                    results = {
                        tool: measure(tool, model, size, work, threads, options.seconds)
                        for tool in order
                    }
                    pairs.append((results[options.before], results[options.after]))
                print(row(f"{model}@{size}", threads, work, pairs), flush=True)


def row(name, threads, work, pairs):
    rates = [[side["images_per_second"] for side in pair] for pair in pairs]
    ratios = sorted(after / before for before, after in rates)

    def median(values):
        values = list(values)
        return statistics.median(values) if None not in values else float("nan")

    before, after = (median(pair[side] for pair in rates) for side in (0, 1))
    peaks = [median(pair[side]["peak"] for pair in pairs) / 1e6 for side in (0, 1)]
    counts = [pairs[-1][side]["allocations_per_step"] for side in (0, 1)]
    return (
        f"| {name} | {threads} | {work} | {before:.0f} | {after:.0f} |"
        f" {statistics.median(ratios):.3f} ({ratios[0]:.3f}–{ratios[-1]:.3f}) |"
        f" {peaks[0]:.0f} → {peaks[1]:.0f} | {counts[0]} → {counts[1]} |"
    )


if __name__ == "__main__":
    main()
