"""Two processes of one thread against one process of two threads, in pairs, one after the other.

Prints for every network the median of the ratios of their steps, and how much of the time of the
processes is communication. Above 1, the processes are faster.

    python3 Tools/cluster/pairs.py .build/release/marbles [--pairs 7] [--seconds 3]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

LAUNCHERS = {
    "openmpi": ["/usr/bin/mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "--bind-to",
                "none"],
    "mpich": ["/usr/bin/mpirun.mpich"]}


def measured(words: list[str]) -> dict:
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--networks", default="tabby:128,lecture:150", help="model:size, …")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--mpi", choices=LAUNCHERS, default="openmpi")
    choice = parser.parse_args()
    if not os.access(LAUNCHERS[choice.mpi][0], os.X_OK):
        sys.exit(f"{LAUNCHERS[choice.mpi][0]} is missing: 'make setup-mpi'")
    for network in choice.networks.split(","):
        model, size = network.split(":")
        common = ["--json", "--model", model, "--image-size", size, "--seconds",
                  str(choice.seconds), "--batch-size", str(choice.batch_size), "--threads"]
        ratios, shares = [], []
        for _ in range(choice.pairs):
            one = measured([choice.program, "bench", "step", "--work", "training", *common, "2"])
            two = measured([*LAUNCHERS[choice.mpi], "-np", "2", choice.program, "bench",
                            "scaling", *common, "1"])["results"][1]
            threads, ranks = one["training"]["seconds"]["median"], two["step"]["median"]
            ratios.append(threads / ranks)
            shares.append(two["communication"] / ranks)
            print(f"{model}@{size}: {threads * 1000:.1f} ms by two threads, {ranks * 1000:.1f} ms "
                  f"by two ranks: {ratios[-1]:.3f}, communication {100 * shares[-1]:.1f}%",
                  flush=True)
        print(f"{model}@{size}, batch {choice.batch_size}, {choice.mpi}: median of {choice.pairs} "
              f"pairs {statistics.median(ratios):.3f}, communication "
              f"{100 * statistics.median(shares):.1f}%", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
