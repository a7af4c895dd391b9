"""Measures what a page that is open costs the training that it shows.

One training runs on and on, and serves its page. In turns, for some seconds each and in random
order, nobody looks, a light client asks as the page does, and Chromium shows the page. Printed are
by how much training is slower than in the block of the same round in which nobody looks, and how
much of the machine's cores serving and the browser take, which says it also where the machine is
not quiet: the median of all rounds with its 95% interval. Nothing is asserted.

    .build/pages/venv/bin/python Tools/pages/cost.py .build/release/marbles FOLDER [MINUTES]

MINUTES is at most how long it takes: 9 by default.
"""

import http.client
import json
import math
import multiprocessing
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from served import chromium, entered, trained

KINDS = {"nobody": "nobody", "client": "a light client", "browser": "headless Chromium"}
BLOCK = 13.0
# Seconds after a change that do not count.
SETTLING = 2.0
BOUND = 1.0
TICKS = 100


def processor_seconds(task: Path) -> float:
    """Of a process in all its threads, or of a thread."""
    try:
        fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / TICKS


def is_named(task: Path, name: str) -> bool:
    try:
        return name in (task / "comm").read_text()
    except OSError:
        return False


def serving_seconds(process: Path) -> float:
    """Of the threads that neither train nor load images, which have the name of the program."""
    return sum(
        processor_seconds(task) for task in (process / "task").iterdir()
        if not is_named(task, "marbles"))


def browser_seconds() -> float:
    return sum(
        processor_seconds(process) for process in Path("/proc").iterdir()
        if process.name.isdigit() and is_named(process, "chrom"))


class Training:
    def __init__(self, table: Path, pid: int):
        self.table, self.process = table, Path(f"/proc/{pid}")

    def last(self) -> tuple[int, float]:
        """Steps and seconds at the end of the last epoch."""
        if not self.table.exists():
            return 0, 0.0
        row = self.table.read_text().rsplit("\n", 2)[-2].split(",")
        return (int(row[1]), float(row[2])) if row[1].isdigit() else (0, 0.0)

    def next(self) -> tuple[int, float, float]:
        """The same, right after an epoch has ended, and the processor's seconds so far."""
        before = self.last()
        while (now := self.last()) == before:
            time.sleep(0.005)
        return *now, processor_seconds(self.process)

    def block(self) -> dict[str, float]:
        """Over some whole epochs: seconds of a step, and the processor's; parts of all cores."""
        time.sleep(SETTLING)
        first = self.next()
        start = time.monotonic()
        others = serving_seconds(self.process), browser_seconds()
        end = start + BLOCK - SETTLING
        last = self.next()
        while time.monotonic() < end:
            last = self.next()
        steps = last[0] - first[0]
        cores = (time.monotonic() - start) * (os.cpu_count() or 1)
        return {
            "step": (last[1] - first[1]) / steps,
            "processor": (last[2] - first[2]) / steps,
            "serving": (serving_seconds(self.process) - others[0]) / cores,
            "browser": (browser_seconds() - others[1]) / cores}


def client(url: str, run: str) -> None:
    """Asks what the page asks, whenever it is told that a file has changed."""
    port, token = re.search(r":(\d+)/\?token=(\w+)", url).groups()
    cookie = {"Cookie": f"marbles-{port}={token}"}
    events = http.client.HTTPConnection("127.0.0.1", int(port))
    events.request("GET", "/training/events", headers=cookie)
    stream = events.getresponse()
    asking = http.client.HTTPConnection("127.0.0.1", int(port))
    known = {}

    def ask(name: str, question: dict):
        asking.request(
            "POST", f"/training/{name}", json.dumps(question),
            cookie | {"Content-Type": "application/json"})
        return json.loads(asking.getresponse().read())

    while True:
        ask("runs", {})
        for found in ask("curves", {"runs": [run], "known": known})["runs"]:
            known[found["name"]] = found["version"]
        while b"changed" not in stream.readline():
            pass


def measured(
        training: Training, kind: str, url: str, folder: Path, browser) -> dict[str, float]:
    if kind == "client":
        process = multiprocessing.get_context("fork").Process(
            target=client, args=(url, "cost"), daemon=True)
        process.start()
        found = training.block()
        process.terminate()
        process.join()
    elif kind == "browser":
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = entered(context, url, folder, [])
        page.wait_for_selector("#loss svg")
        found = training.block()
        context.close()
    else:
        found = training.block()
    return found


def interval(values: list[float]) -> tuple[float, float]:
    """Order statistics between which the median lies in 95 of 100 cases (sign test)."""
    count, below, rank = len(values), 0.0, 0
    while (below + math.comb(count, rank) / 2**count) * 2 <= 0.05:
        below += math.comb(count, rank) / 2**count
        rank += 1
    values = sorted(values)
    return (values[rank - 1], values[count - rank]) if rank else (-math.inf, math.inf)


def told(name: str, values: list[float]) -> str:
    low, high = interval(values)
    verdict = (
        f"at most {BOUND:.0f}%" if high <= BOUND else f"more than {BOUND:.0f}%" if low > BOUND
        else "cannot be told; is the machine quiet?")
    return (f"{name}: {statistics.median(values):+.2f}% (95% {low:+.2f} to {high:+.2f}, "
            f"{len(values)} rounds): {verdict}")


def main() -> int:
    program, folder = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    minutes = float(sys.argv[3]) if len(sys.argv) > 3 else 9
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    start = time.monotonic()
    subprocess.run(
        [program, "data", "sketch", "images", "--count", "600", "--quiet"], cwd=folder, check=True)
    words = ["images", "--name", "cost", "--model", "kitten", "--epochs", "1000000"]
    draw = random.Random(20261128)
    rounds: list[dict[str, dict[str, float]]] = []
    with trained(program, *words, cwd=folder) as (tool, url), chromium() as browser:
        training = Training(folder / "runs/cost/metrics.csv", tool.pid)
        while training.last()[0] == 0:
            time.sleep(0.1)
        while time.monotonic() + len(KINDS) * (BLOCK + 3) < start + 60 * minutes:
            kinds = list(KINDS)
            draw.shuffle(kinds)
            rounds.append({
                kind: measured(training, kind, url, folder, browser) for kind in kinds})
        tool.kill()
    if not rounds:
        sys.exit("there was no time for a round; give it more minutes")
    first = statistics.median(found["nobody"]["step"] for found in rounds)
    print(f"a step takes {first * 1000:.1f} ms while nobody looks; with a page it takes longer by")
    for kind in ["client", "browser"]:
        for what, name in [("", "step"), (", processor time of the process", "processor")]:
            print(told(KINDS[kind] + what, [
                100 * (found[kind][name] / found["nobody"][name] - 1) for found in rounds]))
    print("and of all cores are taken, more than while nobody looks, by")
    for kind, name in [("client", "serving"), ("browser", "serving"), ("browser", "browser")]:
        print(told(f"{KINDS[kind]}: {name}", [
            100 * (found[kind][name] - found["nobody"][name]) for found in rounds]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
