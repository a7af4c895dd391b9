"""What checks of the pages of `marbles serve` have in common."""

import contextlib
import json
import os
import re
import subprocess
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, sync_playwright

WIDTHS = [360, 800, 1280]
SKETCHES = Path(__file__).resolve().parents[2] / "data/sketches"
# Flags of a training whose epochs take a moment.
TINY = [
    "--architecture",
    "conv 8 3x3, pool 2, batchnorm, relu, conv 8 3x3, relu, global-pool, flatten, dense",
    "--image-size", "16", "--batch-size", "8"]
# What a browser remarks of fields that are refused, and of this script reading the canvas.
USUAL = ["status of 400", "willReadFrequently"]

LAYOUT = (Path(__file__).parent / "layout.js").read_text()

problems: list[str] = []


def check(holds: bool, sentence: str) -> None:
    print(("ok      " if holds else "PROBLEM ") + sentence)
    if not holds:
        problems.append(sentence)


def attempt(work, *given) -> None:
    """Does a part of the work; what stops it halfway is a problem, and the next part follows."""
    print(f"{work.__name__}:")
    try:
        work(*given)
    except Error as error:
        check(False, f"{work.__name__} stopped: {error.message.splitlines()[0]}")


def listen(page: Page, errors: list[str]) -> None:
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text)
        if message.type in ("error", "warning")
        and not any(usual in message.text for usual in USUAL) else None)


def look(browser, url: str, folder: Path, errors: list[str], name: str, prepare) -> None:
    """Screenshots and the accessibility checker, at every width in light and dark.

    `prepare` brings a page that was opened into the state to look at.
    """
    for width in WIDTHS:
        for scheme in ["light", "dark"]:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            listen(page, errors)
            page.goto(url)
            arrived(page)
            prepare(page)
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            check(overflow <= 0, f"{width} {scheme}: nothing is wider than the window")
            cut = [
                caption for caption, columns in page.evaluate(LAYOUT)["cut"]
                if columns <= (5 if width >= 1200 else 4)]
            check(not cut, f"{width} {scheme}: no small table is cut {cut}")
            results = Axe().run(page)
            serious = [
                (item["id"], item["nodes"][0]["html"][:90])
                for item in results.response["violations"]
                if item["impact"] in ("serious", "critical")]
            check(not serious, f"{width} {scheme}: no serious accessibility findings {serious}")
            context.close()


def arrived(page: Page) -> None:
    """Waits until the address with the token has led to the first page."""
    page.wait_for_url(lambda address: address.startswith("http") and "token" not in address)
    page.wait_for_load_state()


@contextlib.contextmanager
def served(program: str, *options: str, cwd: Path | None = None):
    """The tool while it serves, and the address that opens its pages."""
    tool = subprocess.Popen(
        [program, "serve", "--json", "--no-open", *options], stdout=subprocess.PIPE, text=True,
        cwd=cwd)
    try:
        yield tool, json.loads(tool.stdout.readline())["url"]
    finally:
        if tool.poll() is None:
            tool.kill()


@contextlib.contextmanager
def trained(program: str, *words: str, cwd: Path):
    """The tool while it trains with a page of its run, and the address that opens that."""
    tool = subprocess.Popen(
        [program, "train", *words, "--serve", "--quiet"], stdout=subprocess.PIPE, text=True,
        cwd=cwd)
    try:
        yield tool, tool.stdout.readline().strip()
    finally:
        if tool.poll() is None:
            tool.kill()


@contextlib.contextmanager
def chromium(*options: str):
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", *options])
        yield browser
        browser.close()


def entered(context, url: str, folder: Path, errors: list[str]) -> Page:
    """A page that was opened as the tool opens it: by a file that leads to the address."""
    context.base = re.match(r"http://[^/]*", url)[0]
    page = context.new_page()
    listen(page, errors)
    door = folder / "open.html"
    door.write_text(f'<meta http-equiv="refresh" content="0; url={url}">')
    page.goto(door.absolute().as_uri())
    arrived(page)
    return page


def result(errors: list[str], folder: Path) -> int:
    """The exit code of a check."""
    check(not errors, f"the browser prints no errors {errors[:5]}")
    print(f"{len(problems)} problems; screenshots in {folder}")
    return 1 if problems else 0
