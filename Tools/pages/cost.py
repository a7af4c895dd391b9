"""Measures what a page that is open costs the training that it shows.

One training runs on and on, and serves its page. In turns, for some seconds each and in random
order, nobody looks, a light client asks as the page does, and Chromium shows the page. Printed are
by how much training is slower than in the block of the same round in which nobody looks: the median
of all rounds with its 95% interval. Needs a quiet machine; nothing is asserted.

    .build/pages/venv/bin/python Tools/pages/cost.py .build/release/marbles FOLDER [MINUTES]

MINUTES is at most how long it takes: 9 by default.
"""

import http.client
import json
import math
import multiprocessing
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


def processor_seconds(pid: int) -> float:
    """Of a process, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Training:
    def __init__(self, table: Path, pid: int):
        self.table, self.pid = table, pid

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
        return *now, processor_seconds(self.pid)

    def block(self) -> tuple[float, float]:
        """Seconds of a step, and the processor's, over some whole epochs."""
        time.sleep(SETTLING)
        first = self.next()
        end = time.monotonic() + BLOCK - SETTLING
        last = self.next()
        while time.monotonic() < end:
            last = self.next()
        steps = last[0] - first[0]
        return (last[1] - first[1]) / steps, (last[2] - first[2]) / steps


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


def measured(training: Training, kind: str, url: str, folder: Path, browser) -> tuple[float, float]:
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
    rounds: list[dict[str, tuple[float, float]]] = []
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
    first = statistics.median(found["nobody"][0] for found in rounds)
    print(f"a step takes {first * 1000:.1f} ms while nobody looks; with a page it takes longer by")
    for kind in ["client", "browser"]:
        for what, index in [("", 0), (", processor time of the training alone", 1)]:
            values = [
                100 * (found[kind][index] / found["nobody"][index] - 1) for found in rounds]
            print(told(KINDS[kind] + what, values))
    return 0


if __name__ == "__main__":
    sys.exit(main())
