"""Leaves a tab open beside a training, closes and opens it again and again, and compares the files.

Trains twice with the same flags, both times with a page of the run: once nobody looks, once
Chromium does. All files of both runs must be the same but for times.

    .build/pages/venv/bin/python Tools/pages/tab.py .build/release/marbles FOLDER [SECONDS]

SECONDS is about how long each training takes: 30 by default, 600 for ten minutes.
"""

import csv
import io
import json
import random
import shutil
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

from playwright.sync_api import Error
from served import SKETCHES, TINY, check, chromium, entered, result, trained

# What says when or how long, in files of JSON and in tables.
TIMES = {"seconds", "started", "time", "ended", "working_directory"}
# Pixels at the bottom of a figure.
FOOTER = 70
EPOCHS_TO_TIME = 60


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(one) for key, one in value.items() if key not in TIMES}
    return [without_times(one) for one in value] if isinstance(value, list) else value


def figure(data: bytes) -> bytes:
    """The rows of a figure but for its footer, which says how long the run took."""
    place, packed = 8, b""
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place:place + 8])
        chunk = data[place + 8:place + 8 + size]
        if kind == b"IHDR":
            height = struct.unpack(">I", chunk[4:8])[0]
        packed += chunk if kind == b"IDAT" else b""
        place += size + 12
    rows = zlib.decompress(packed)
    return rows[:len(rows) // height * (height - FOOTER)]


def checkpoint(data: bytes):
    """The texts and the values of a checkpoint; its checksum is of times, too."""
    size = struct.unpack("<Q", data[:8])[0]
    head = json.loads(data[8:8 + size])
    texts = head.pop("__metadata__")
    texts.pop("marbles_sha256", None)
    texts = {key: without_times(json.loads(text)) for key, text in texts.items()}
    return head, texts, data[8 + size:]


def content(path: Path):
    """What a file holds but for times."""
    data = path.read_bytes()
    if path.suffix == ".png":
        return figure(data)
    if path.suffix == ".safetensors":
        return checkpoint(data)
    if path.suffix == ".csv":
        rows = list(csv.DictReader(io.StringIO(data.decode())))
        return [{key: value for key, value in row.items() if key not in TIMES} for row in rows]
    if path.suffix in (".json", ".jsonl"):
        lines = data.decode().splitlines() if path.suffix == ".jsonl" else [data]
        return [without_times(json.loads(line)) for line in lines]
    return data


def files(run: Path) -> dict[str, Path]:
    return {str(path.relative_to(run)): path for path in run.rglob("*") if path.is_file()}


def flags(epochs: int) -> list[str]:
    return [str(SKETCHES), *TINY, "--name", "run", "--seed", "5", "--epochs", str(epochs)]


def disturb(browser, url: str, folder: Path, tool, errors: list[str]) -> tuple[int, float]:
    """Opens and closes tabs until the training ends; gives how many, and for how long they were."""
    draw = random.Random(20261128)
    context, tabs, looked = None, 0, 0.0
    while tool.poll() is None:
        try:
            if context is None:
                context = browser.new_context(viewport={"width": 1280, "height": 900})
                page = entered(context, url, folder, errors)
            else:
                page = context.new_page()
                # Some are closed before they have loaded.
                page.goto(context.base, wait_until=draw.choice(["commit", "load"]))
            tabs += 1
            start = time.monotonic()
            if draw.random() < 0.5:
                page.click("#filters-box summary", timeout=2000)
                page.click("#worst-box summary", timeout=2000)
            page.wait_for_timeout(draw.choice([0, 100, 500, 2000, 4000]))
            if draw.random() < 0.3:
                page.reload(wait_until="commit")
            # Some stay open behind the next one.
            if draw.random() < 0.7:
                page.close()
            looked += time.monotonic() - start
            if draw.random() < 0.2:
                context.close()
                context = None
        except Error:
            # The training may have ended meanwhile.
            if tool.poll() is None:
                raise
    return tabs, looked


def main() -> int:
    program, folder = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 30
    shutil.rmtree(folder, ignore_errors=True)
    errors: list[str] = []
    for name in ["pace", "alone", "watched"]:
        (folder / name).mkdir(parents=True)
    start = time.monotonic()
    subprocess.run(
        [program, "train", *flags(EPOCHS_TO_TIME), "--quiet"], cwd=folder / "pace", check=True)
    epochs = int(EPOCHS_TO_TIME * seconds / (time.monotonic() - start)) + 1
    with trained(program, *flags(epochs), cwd=folder / "alone") as (tool, _):
        check(tool.wait() == 0, f"a training of {epochs} epochs ends, and nobody looks")
    start = time.monotonic()
    with trained(program, *flags(epochs), cwd=folder / "watched") as (tool, url):
        with chromium() as browser:
            tabs, looked = disturb(browser, url, folder, tool, errors)
        check(tool.wait() == 0, f"and the same, watched for {looked:.0f} s of "
              f"{time.monotonic() - start:.0f} s in {tabs} tabs")
    check(tabs > 1, "there was more than one tab")
    alone, watched = (files(folder / name / "runs/run") for name in ["alone", "watched"])
    check(set(alone) == set(watched), f"both have the same {len(alone)} files")
    different = [name for name in alone if content(alone[name]) != content(watched[name])]
    check(not different, f"but for times, they hold the same {different}")
    # Errors are those of a page whose training has ended.
    return result([], folder)


if __name__ == "__main__":
    sys.exit(main())
