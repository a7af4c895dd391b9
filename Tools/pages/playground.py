"""Works the playground of `marbles serve` in a browser, by keyboard and by mouse.

Starts the tool, drives every control, takes screenshots at three widths in light and dark, and ends
with 1 if anything differs from what it should be, if the browser prints an error, or if an
accessibility checker has serious findings.

    .build/pages/venv/bin/python Tools/pages/playground.py .build/release/marbles FOLDER
"""

import json
import signal
import subprocess
import sys
import urllib.parse
from pathlib import Path

from playwright.sync_api import Page
from served import attempt, check, chromium, entered, listen, look, result, served


def hash_of(page: Page) -> dict:
    page.wait_for_timeout(450)
    return json.loads(urllib.parse.unquote(page.evaluate("location.hash").lstrip("#")))


def marbles_of(page: Page) -> list[dict]:
    return hash_of(page)["race"]["marbles"]


def cells(page: Page) -> list[list[str]]:
    return page.evaluate(
        """[...document.querySelectorAll('#rows tr')].map(
        row => [...row.children].map(cell => cell.textContent))"""
    )


def step(page: Page) -> int:
    return int(page.inner_text("#step-text"))


def settled(page: Page) -> None:
    for _ in range(40):
        page.wait_for_timeout(500)
        if page.inner_text("#command").startswith("marbles roll"):
            return


def pause_in(page: Page, preset: str) -> None:
    """Chooses a preset and pauses after a moment."""
    page.click(f"#presets button:has-text('{preset}')")
    page.wait_for_timeout(800)
    page.click("#play")
    settled(page)


def canvas_sum(page: Page) -> int:
    """A number that changes with what the canvas shows."""
    return page.evaluate(
        """() => { const c = document.querySelector('#ground');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let sum = 0; for (let i = 0; i < d.length; i += 7) sum = (sum * 31 + d[i]) % 1000000007;
        return sum; }"""
    )


def work_presets(page: Page) -> None:
    names = page.locator("#presets button").all_inner_texts()
    check(len(names) >= 6, f"there are {len(names)} presets")
    for name in names:
        page.click(f"#presets button:has-text(\"{name}\")")
        settled(page)
        check(len(page.inner_text("#sentence")) > 60, f"{name}: a sentence says what to look at")
        check(page.get_attribute("#play", "aria-label") == "Pause", f"{name}: the marbles roll")
        check(len(cells(page)) >= 1 and cells(page)[0][3] != "", f"{name}: the table has heights")
    page.click("#play")


def work_time(page: Page) -> None:
    pause_in(page, "The saddle")
    paused = step(page)
    check(paused > 0, "play takes steps, and pause stops")
    page.wait_for_timeout(300)
    check(step(page) == paused, "after pause the step stays")
    words = page.inner_text("#words")
    check("velocity" in words and "slope" in words, "the arithmetic of the step is in words")
    page.click("#next")
    page.wait_for_timeout(400)
    check(step(page) == paused + 1, "one step forward")
    page.click("#back")
    page.click("#back")
    page.wait_for_timeout(400)
    check(step(page) == paused - 1, "two steps back")
    page.click("#first")
    page.wait_for_timeout(400)
    check(step(page) == 0, "back to the start")
    page.focus("#stage")
    page.keyboard.press(".")
    page.keyboard.press(".")
    page.keyboard.press(",")
    page.wait_for_timeout(400)
    check(step(page) == 1, "the keys . and , step forward and back")
    page.keyboard.press(" ")
    page.wait_for_timeout(500)
    page.keyboard.press(" ")
    page.wait_for_timeout(300)
    check(step(page) > 1, "the space bar plays and pauses")
    page.keyboard.press("0")
    page.wait_for_timeout(300)
    check(step(page) == 0, "the key 0 goes to the start")
    page.focus("#step")
    page.keyboard.press("End")
    page.wait_for_timeout(900)
    check(step(page) == 100, "the slider of steps goes to the end")
    check("minimum" in " ".join(row[5] for row in cells(page)), "the table tells the results")
    check("Step 100." in page.inner_text("#live"), "what happened is said to screen readers")
    page.fill("#steps", "250")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    check(page.get_attribute("#step", "max") == "250", "the most steps can be changed")
    page.focus("#speed")
    before = page.inner_text("#speed-text")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    check(page.inner_text("#speed-text") != before, "the speed can be changed")


SELECTED = "getSelection().toString()"
SELECT = """() => {
  const rows = document.getElementById('rows');
  const [first, last] = [rows.firstChild, rows.lastChild].map(row => row.querySelector('th'));
  getSelection().setBaseAndExtent(first, 0, last, 1);
}"""


def work_selection(page: Page) -> None:
    pause_in(page, "The saddle")
    page.click("#first")
    page.click("#play")
    page.wait_for_timeout(300)
    page.evaluate(SELECT)
    before, first = page.evaluate(SELECTED), step(page)
    page.wait_for_timeout(900)
    after, last = page.evaluate(SELECTED), step(page)
    page.click("#play")
    names = [text for text in before.split() if text.isalpha()]
    kept = len(names) >= 2 and all(name in after for name in names)
    check(kept and last > first and before != after,
          f"what is selected of the table stays while it changes ({before!r}, {after!r})")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#command'))")
    page.select_option("#look", "dark")
    page.wait_for_timeout(500)
    command = page.inner_text("#command")
    check(page.evaluate(SELECTED) == command, "and a command that stays the same stays selected")
    page.select_option("#look", "auto")
    page.evaluate("getSelection().removeAllRanges()")


def work_start(page: Page) -> None:
    pause_in(page, "The saddle")
    page.focus("#start")
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(500)
    moved = hash_of(page)["race"]["start"]
    is_moved = moved[0] == -2.5 and abs(moved[1] - 0.082) < 1e-6
    check(is_moved, f"an arrow key moves the start ({moved})")
    box = page.locator("#start").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in range(12):
        page.mouse.move(box["x"] + 17 + 12 * part, box["y"] + 17 + 4 * part)
        page.wait_for_timeout(20)
    page.mouse.up()
    settled(page)
    dragged = hash_of(page)["race"]["start"]
    check(dragged[0] > moved[0] and dragged[1] < moved[1], f"the start can be dragged ({dragged})")
    page.locator("#ground").click(position={"x": 200, "y": 200})
    settled(page)
    check(hash_of(page)["race"]["start"] != dragged, "a click moves the start")
    page.fill("#places input >> nth=0", "1.5")
    page.keyboard.press("Tab")
    settled(page)
    check(hash_of(page)["race"]["start"][0] == 1.5, "the start can be typed")
    check("--start=1.5," in page.inner_text("#command"), "the command has the start")


def work_views(page: Page) -> None:
    pause_in(page, "Four valleys")
    flat = canvas_sum(page)
    page.click("#views input[value=landscape]")
    settled(page)
    solid = canvas_sum(page)
    check(solid != flat and page.is_hidden("#start"), "3-D shows another picture")
    page.focus("#ground")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(200)
    turned = canvas_sum(page)
    check(turned != solid, "arrow keys turn the surface")
    box = page.locator("#ground").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 190, steps=5)
    page.mouse.up()
    page.wait_for_timeout(200)
    check(canvas_sum(page) != turned, "the mouse turns the surface")
    check("start" not in hash_of(page)["race"], "turning does not move the start")
    page.focus("#views input:checked")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(4000)
    check(hash_of(page)["view"] == "basins", "views are changed by arrow keys")
    basins = canvas_sum(page)
    check(basins not in (flat, solid), "basins show another picture")
    page.select_option("#basin-marble", "1")
    page.wait_for_timeout(4000)
    check(canvas_sum(page) != basins, "the marble whose basins are shown can be chosen")
    page.click("#views input[value=contour]")
    page.wait_for_timeout(300)
    shown = canvas_sum(page)
    page.uncheck("#arrows")
    page.wait_for_timeout(300)
    check(canvas_sum(page) != shown, "the memory of optimizers can be hidden")
    page.check("#arrows")


def work_marbles(page: Page) -> None:
    pause_in(page, "The bowl")
    page.click("#first")
    page.click("#add")
    settled(page)
    check(len(cells(page)) == 2, "a marble can be added")
    page.select_option("select[aria-label='Optimizer of marble 2']", "adam")
    settled(page)
    check(cells(page)[1][0] == "2 adam", "its optimizer can be chosen")
    page.fill("input[aria-label='learning rate of marble 1, as a number']", "0.25")
    page.keyboard.press("Tab")
    settled(page)
    check(marbles_of(page)[0]["optimizer"] == "sgd:rate=0.25", "a rate can be typed")
    page.focus("input[aria-label='momentum of marble 1']")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    settled(page)
    check("momentum=" in marbles_of(page)[0]["optimizer"], "momentum has a slider")
    page.click("section[aria-label='Marble 2'] summary")
    epsilon = page.locator("section[aria-label='Marble 2'] .more label:has-text('epsilon') input")
    epsilon.first.fill("0.01")
    page.keyboard.press("Tab")
    settled(page)
    check("epsilon=0.01" in marbles_of(page)[1]["optimizer"], "so has every parameter")
    page.click("#next")
    page.click("#next")
    page.click("#next")
    settled(page)
    before = cells(page)
    page.fill("input[aria-label='learning rate of marble 1, as a number']", "0.05")
    page.keyboard.press("Tab")
    settled(page)
    race = marbles_of(page)[0]
    changes = race.get("changes", [{}])
    check(changes[0].get("step") == 3, f"a change while it rolls is remembered ({changes})")
    check(cells(page)[0][2] == before[0][2], "what was before a change stays")
    page.click("#next")
    settled(page)
    check(cells(page)[0][1] == "0.05", "the next step has the new rate")
    command = page.inner_text("#command").replace("'", "")
    check("--change 3,1," in command, "the command has the change")
    page.click("#back")
    page.click("#back")
    settled(page)
    rate = page.input_value("input[aria-label='learning rate of marble 1, as a number']")
    check(rate == "0.25", "stepping back shows the rate that held then")
    page.click("#next")
    page.click("#next")
    page.click("#anew")
    settled(page)
    check("changes" not in marbles_of(page)[0], "one can start anew with these values")
    page.click("button[aria-label='Remove marble 2']")
    settled(page)
    check(len(cells(page)) == 1, "a marble can be removed")
    for _ in range(5):
        page.click("#add")
        page.wait_for_timeout(150)
    settled(page)
    check(page.is_disabled("#add") and len(cells(page)) == 6, "there are six marbles at most")


def work_ground(page: Page) -> None:
    page.select_option("#surface", "rosenbrock")
    settled(page)
    check(hash_of(page)["race"]["surface"] == "rosenbrock", "a surface can be chosen")
    page.fill("#formula", "x^2 + * y")
    page.wait_for_timeout(900)
    marked = page.inner_text("#formula-error mark")
    check(marked == "*", "the wrong character of a formula is marked")
    check("character 7" in page.inner_text("#formula-error"), "and named")
    check(page.locator("#stage.old").count() == 1, "what was shown before is dimmed")
    page.fill("#formula", "x^2 + 3*y^2 + sin(3*x)")
    settled(page)
    page.wait_for_timeout(600)
    check(page.inner_text("#formula-error") == "", "a right formula has no error")
    check(page.locator("#stage.old").count() == 0, "and nothing is dimmed")
    check("expr:" in page.inner_text("#command"), "the command has the formula")
    page.fill("#noise", "2")
    page.keyboard.press("Tab")
    settled(page)
    page.fill("#seed", "5")
    page.keyboard.press("Tab")
    settled(page)
    command = page.inner_text("#command")
    check("--noise 2" in command and "--seed 5" in command, "noise and its seed can be given")
    page.fill("#places input >> nth=0", "1e400")
    page.keyboard.press("Tab")
    page.fill("input[aria-label='learning rate of marble 1, as a number']", "-1")
    page.keyboard.press("Tab")
    page.wait_for_timeout(700)
    said = page.inner_text("section[aria-label='Marble 1'] .error")
    check("rate" in said, f"a rate that cannot be is refused on its card ({said})")
    page.click("#presets button:has-text('The bowl')")
    settled(page)
    check(page.is_hidden("#views"), "a curve has one view")


def work_saving(page: Page, folder: Path) -> None:
    pause_in(page, "The ravine")
    for kind in ["map", "landscape", "rates", "basins"]:
        page.select_option("#figure-kind", kind)
        page.select_option("#figure-format", "png" if kind == "map" else "svg")
        with page.expect_download(timeout=30000) as download:
            page.click("#save")
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        start = path.read_bytes()[:5]
        check(start in (b"\x89PNG\r", b"<?xml", b"<svg "), f"{path.name} is saved")
    page.click("#copy")
    page.wait_for_timeout(200)
    copied = page.evaluate("navigator.clipboard.readText()")
    check(copied == page.inner_text("#command"), "the command can be copied")
    page.click("#link")
    page.wait_for_timeout(200)
    link = page.evaluate("navigator.clipboard.readText()")
    before = cells(page)
    shown = step(page)
    page.goto("about:blank")
    page.goto(link)
    settled(page)
    page.wait_for_timeout(2000)
    check(
        step(page) == shown and cells(page) == before,
        f"a link brings the same state back ({step(page)}, {shown}, {cells(page)}, {before})")
    page.select_option("#look", "dark")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    check(background == "rgb(18, 10, 42)", "dark colors can be chosen")
    page.select_option("#look", "auto")


def measure(page: Page) -> None:
    """Prints what paint and frames cost; other programs may slow them down."""
    page.evaluate("location.hash = ''")
    page.reload()
    page.wait_for_timeout(800)
    paint = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1")
    print(f"        first paint after {paint:.0f} ms")
    state = {
        "race": {"surface": "saddle", "marbles": [
            {"optimizer": name} for name in
            ["sgd", "momentum", "adagrad", "rmsprop", "adam", "lion"]]},
        "steps": 2000, "step": 0, "view": "contour", "speed": 60}
    for view in ["contour", "landscape"]:
        state["view"] = view
        page.goto("about:blank")
        page.goto(page.context.base + "/#" + urllib.parse.quote(json.dumps(state)))
        settled(page)
        page.click("#play")
        times = page.evaluate(
            """() => new Promise(done => {
            const raf = window.requestAnimationFrame; const times = [];
            const ends = performance.now() + 3000;
            window.requestAnimationFrame = work => raf(now => {
              const start = performance.now(); work(now); times.push(performance.now() - start); });
            setTimeout(() => { window.requestAnimationFrame = raf; done(times); }, 3000); })""")
        page.click("#play")
        times.sort()
        median, late = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(
            f"        {view}: {len(times)} frames in 3 s, {median:.1f} ms, 95% below {late:.1f} ms")


def rolling(page: Page) -> None:
    page.wait_for_timeout(2500)
    page.click("#play")
    settled(page)
    page.wait_for_timeout(600)


def work_calmly(browser, url: str, errors: list[str]) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    listen(page, errors)
    page.goto(url)
    page.wait_for_timeout(2000)
    check(step(page) == 0, "with reduced motion nothing rolls by itself")
    page.click("#next")
    page.wait_for_timeout(400)
    check(step(page) == 1, "with reduced motion one can step")
    context.close()


def work_end(page: Page, tool: subprocess.Popen, errors: list[str]) -> None:
    tool.send_signal(signal.SIGINT)
    check(tool.wait(timeout=20) == 130, "Ctrl-C ends the tool with 130")
    expected = len(errors)
    page.click("#next")
    page.wait_for_timeout(800)
    page.click("#first")
    page.select_option("#surface", "hills")
    page.wait_for_timeout(800)
    check(page.is_visible("#gone"), "the page says that the tool has ended")
    del errors[expected:]


def main() -> int:
    program, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    errors: list[str] = []
    with served(program) as (tool, url), chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = entered(context, url, folder, errors)
        settled(page)
        page.wait_for_timeout(500)
        check("token" not in page.url, "the address loses its token")
        for work in [
            work_presets, work_time, work_selection, work_start, work_views, work_marbles,
            work_ground]:
            attempt(work, page)
        attempt(work_saving, page, folder)
        attempt(measure, page)
        attempt(look, browser, url, folder, errors, "playground", rolling)
        attempt(work_calmly, browser, url, errors)
        attempt(work_end, page, tool, errors)
    return result(errors, folder)


if __name__ == "__main__":
    sys.exit(main())
