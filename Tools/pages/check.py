"""Opens pages in a headless Chromium and says what is wrong with them.

Each page is opened at several widths, light and dark, with everything folded and unfolded, and on
paper. Wrong are: an error on the console, a request that fails (of a file: any request), a page
that scrolls sideways, text on other text, a table of three columns that is cut, any that is on a
wide screen, and what axe-core calls serious or critical.

  check.py [--widths 360,800,1280] [--out FOLDER] PAGE-OR-ADDRESS...
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
from urllib.parse import urlparse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, sync_playwright

HERE = pathlib.Path(__file__).parent
SEVERE = {"serious", "critical"}
# A4 without the margins that pages ask for, in CSS pixels.
PAPER_WIDTH = 680


class Check:
    """One page in one kind of window."""

    def __init__(self, browser, address, name, out, width, scheme, media="screen"):
        self.problems = []
        self.address, self.name, self.out = address, name, out
        self.label = f"{media}-{width}-{scheme}"
        self.media, self.width = media, width
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            device_scale_factor=1,
        )
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._say(f"script error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)
        self.page.on("requestfailed", lambda request: self._say(f"request fails: {request.url}"))

    def _say(self, text):
        problem = f"{self.name} {self.label}: {text}"
        if problem not in self.problems:
            self.problems.append(problem)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self._say(f"console: {message.text}")

    def _dialog(self, dialog):
        self._say(f"a dialog was opened: {dialog.message}")
        dialog.dismiss()

    def _request(self, request):
        is_file = self.address.startswith("file:")
        if is_file and request.url != self.address and not request.url.startswith("data:"):
            self._say(f"loads {request.url[:120]}")

    def run(self):
        """Returns what is wrong."""
        self.page.goto(self.address, wait_until="load")
        self.page.emulate_media(media=self.media)
        self._look("folded")
        if self.media == "screen":
            self._point()
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        self._look("unfolded")
        self.context.close()
        return self.problems

    def _point(self):
        """Points at a value of a figure, which must be shown at once, inside the window."""
        place = self.page.evaluate("""() => {
          const values = [...document.querySelectorAll('.chart .value')];
          const value = values.find(one => one.getBoundingClientRect().width > 0);
          value?.scrollIntoView({block: 'center', inline: 'center'});
          const box = value?.getBoundingClientRect();
          return box && [box.x + box.width / 2, box.y + box.height / 2];
        }""")
        if not place:
            return
        self.page.mouse.move(*place)
        tip = self.page.locator(".tip")
        if not tip.is_visible() or not tip.inner_text():
            self._say("no value is shown under the pointer")
            return
        box = tip.bounding_box()
        if box["x"] < 0 or box["x"] + box["width"] > self.page.viewport_size["width"]:
            self._say("a value under the pointer leaves the window")
        self.page.screenshot(path=self.out / f"{self.name}-{self.label}-value.png")
        self.page.mouse.move(0, 0)

    def _look(self, state):
        if state == "folded":
            self.page.screenshot(path=self.out / f"{self.name}-{self.label}.png", full_page=True)
        found = self.page.evaluate((HERE / "layout.js").read_text())
        if found["sideways"]:
            self._say(f"{state}: scrolls sideways by {found['sideways']} pixels")
        for one, other in found["overlaps"][:5]:
            self._say(f"{state}: '{one}' lies on '{other}'")
        for caption, columns in found["cut"]:
            if self.media == "screen" and (columns <= 3 or self.width >= 1200):
                self._say(f"{state}: '{caption}' is cut, a table of {columns} columns")
        if state == "folded":
            return
        # Behind a gradient, no contrast is measured.
        self.page.add_style_tag(content=".scroll { background-image: none !important; }")
        for violation in Axe().run(self.page).response["violations"]:
            places = [node["target"] for node in violation["nodes"]]
            text = f"{state}: {violation['id']} ({violation['impact']}): {violation['help']}"
            if violation["impact"] in SEVERE:
                self._say(f"{text} at {json.dumps(places[:3])}")
            else:
                print(f"note: {self.name} {self.label}: {text}")


def print_on_paper(browser, address, name, out):
    """Writes the page as PDF and its sheets as images."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address, wait_until="load")
    page.pdf(path=out / f"{name}.pdf", format="A4", print_background=False, tagged=True)
    context.close()
    subprocess.run(
        ["pdftoppm", "-r", "70", "-png", out / f"{name}.pdf", out / f"{name}-paper"], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", help="HTML files or addresses")
    parser.add_argument("--widths", default="360,800,1280", help="pixels, with commas")
    parser.add_argument("--out", default=".build/pages/screenshots", type=pathlib.Path)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    widths = [int(width) for width in options.widths.split(",")]
    problems = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=options.browser, args=["--no-sandbox", "--disable-gpu"])
        names = set()
        for index, page in enumerate(options.pages):
            is_address = urlparse(page).scheme in ("http", "https", "file")
            address = page if is_address else pathlib.Path(page).resolve().as_uri()
            last = page.split("://")[-1] if is_address else pathlib.Path(page).stem
            stem = re.sub(r"[^A-Za-z0-9]+", "-", last).strip("-")[-60:]
            name = stem if stem not in names else f"{stem}-{index}"
            names.add(name)
            kinds = [(width, scheme, "screen") for width in widths for scheme in ("light", "dark")]
            for width, scheme, media in kinds + [(PAPER_WIDTH, "light", "print")]:
                try:
                    check = Check(browser, address, name, options.out, width, scheme, media)
                    problems += check.run()
                except Error as error:
                    problems.append(f"{page}: cannot be opened: {error.message.splitlines()[0]}")
                    break
            else:
                print_on_paper(browser, address, name, options.out)
        browser.close()
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    print(
        f"{len(options.pages)} pages, {len(problems)} problems; screenshots are in {options.out}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
