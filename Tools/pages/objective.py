"""Makes objectives on the page of `marbles serve`, by keyboard, mouse and touch.

    .build/pages/venv/bin/python Tools/pages/objective.py .build/release/marbles FOLDER
"""

import json
import shlex
import subprocess
import sys
import urllib.parse
from pathlib import Path

from playwright.sync_api import Page
from served import attempt, check, chromium, entered, look, result, served


# Questions that are not answered yet.
asked: set = set()


def watch(page: Page) -> None:
    page.on("request", lambda request: asked.add(request))
    page.on("requestfinished", lambda request: asked.discard(request))
    page.on("requestfailed", lambda request: asked.discard(request))


def settled(page: Page) -> None:
    """Waits until nothing is asked any more."""
    page.wait_for_timeout(400)
    for _ in range(200):
        was_quiet = not asked
        page.wait_for_timeout(100)
        if was_quiet and not asked:
            return


def state(page: Page) -> dict:
    settled(page)
    return json.loads(urllib.parse.unquote(page.evaluate("location.hash").lstrip("#")))


def write(page: Page, text: str) -> None:
    page.fill("#formula", text)
    settled(page)


def line(page: Page, number: int) -> list[str]:
    return page.locator(f"#lines tr:nth-child({number}) > *").all_inner_texts()


def opened(page: Page) -> None:
    page.goto(page.url.split("?")[0].split("#")[0].rstrip("/") + "/objective")
    page.wait_for_selector("#lines tr")
    settled(page)


def curves(page: Page) -> None:
    page.click("nav a:has-text('Objective')")
    page.wait_for_selector("#verdicts li")
    check(page.locator("#values path[stroke]").count() == 4, "four curves are drawn")
    label = page.get_attribute("#values svg", "aria-label")
    check("2.5 at the left" in label and "mse: 9 at" in label, f"the curves are told {label}")
    check("pulls hardest" in page.inner_text("#reading"), "there is a sentence on the slopes")
    write(page, "(y-p")
    check("character 5" in page.inner_text("#formula-error"), "a formula that ends early is told")
    check(page.locator("#formula-error mark").inner_text() == "␣", "the wrong place is marked")
    check(page.get_attribute("#formula", "aria-invalid") == "true", "the field says so, too")
    check(page.locator("#stage.old").count() == 1, "what was shown before is dimmed")
    write(page, "(y-p)^2")
    check(page.inner_text("#formula-error") == "", "a right formula clears the message")
    check(page.locator("#stage.old").count() == 0, "and nothing is dimmed")
    check("expr:(y-p)^2: 9 at" in page.get_attribute("#values svg", "aria-label"), "it is drawn")
    names = page.locator("#presets button").all_inner_texts()
    for name in names:
        page.click(f"#presets button:has-text('{name}')")
        settled(page)
        check(len(page.inner_text("#sentence")) > 40, f"{name}: a sentence says what to look at")
        check(page.locator("#verdicts li").count() == 6, f"{name}: it is checked")
    write(page, "cross-entropy")
    check("margin" in page.inner_text("#values"), "an objective of classes is drawn over margins")
    page.select_option("#over", "error")
    settled(page)
    check("compares classes" in page.inner_text("#formula-error"), "an impossible axis is refused")
    page.select_option("#over", "")
    write(page, "(y-p)^2")


def verdicts(page: Page) -> None:
    text = page.inner_text("#verdicts")
    check("d(0, 2) = 4 > d(0, 1) + d(1, 2) = 1 + 1" in text, "a no has its counterexample")
    check("not a metric" in page.inner_text("#conclusion"), "the conclusion is told")
    page.focus("#verdicts li:has-text('triangle inequality') button")
    page.keyboard.press("Enter")
    settled(page)
    check(page.locator("#values .mark.on").count() == 3, "its three points are on the curve")
    check("d(0, 2)" in page.inner_text("#live"), "they are said")
    pressed = page.evaluate("document.activeElement.getAttribute('aria-pressed')")
    check(pressed == "true", "the button keeps the focus")
    page.keyboard.press("Enter")
    check(page.locator("#values .mark").count() == 0, "and taken away again")


def comparison(page: Page) -> None:
    page.click("#keep")
    check(state(page)["kept"][-1] == "expr:(y-p)^2", "one's own is kept")
    page.select_option("#entries", "log-cosh")
    check(state(page)["kept"][-1] == "log-cosh", "one of Marbles is added")
    check(page.locator("#values path[stroke]").count() == 6, "six curves are drawn")
    page.click("#kept button[aria-label='Remove log-cosh']")
    page.click("#kept button[aria-label^='Remove expr']")
    check(state(page)["kept"] == ["mse", "mae", "huber"], "they are removed")
    page.fill("#range", "6")
    page.keyboard.press("Tab")
    check(state(page)["range"] == 6, "the range is chosen")
    check("−6" in page.get_attribute("#values svg", "aria-label"), "and drawn")
    page.fill("#range", "")
    page.keyboard.press("Tab")
    settled(page)


def readings(page: Page) -> None:
    write(page, "abs(y-p)")
    before = line(page, 2)
    check(before[0] == "2 mse" and "%" in before[3], f"the lines are in a table {before}")
    last = page.locator(".reading").last
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    page.mouse.move(box["x"] + 16, box["y"] + 16)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 16, box["y"] + 16 + 12 * step)
    page.mouse.up()
    moves = state(page)["moves"]
    check(list(moves) == ["16"] and moves["16"] < 5, f"the mouse drags a reading {moves}")
    after = line(page, 2)
    check(after[1] != before[1], f"the line of mse follows {before[1]} to {after[1]}")
    page.locator(".reading").last.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    moves = state(page)["moves"]
    check(set(moves) == {"15", "16"}, f"arrow keys choose and move a reading {moves}")
    focused = page.evaluate("document.activeElement.getAttribute('aria-valuetext')")
    check("m/s²" in focused, f"its value is told: {focused}")
    check("is off by" in page.inner_text("#fit-words"), "the lines are told in words")
    page.click("#back")
    check(state(page)["moves"] == {}, "all readings are put back")
    check(line(page, 2) == before, "and so are the lines")
    write(page, "cross-entropy")
    check("2 mse" in line(page, 1)[0], "an objective of classes fits no line, others do")
    check("cross-entropy compares classes" in page.inner_text("#fit-words"), "and why is told")
    write(page, "y*p")
    check("no minimum" in page.inner_text("#fit-words"), "a line without a minimum is told")
    check("depends on the target" in page.inner_text("#reading"), "and a curve of one target")


def touched(browser, url: str, folder: Path, errors: list[str]) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)
    page = entered(context, url, folder, errors)
    watch(page)
    opened(page)
    element = page.locator(".reading").nth(4)
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    x, y = box["x"] + 16, box["y"] + 16
    touch = context.new_cdp_session(page)
    send = lambda kind, points: touch.send(
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    send("touchStart", [{"x": x, "y": y}])
    for step in range(1, 6):
        send("touchMove", [{"x": x, "y": y - 8 * step}])
    send("touchEnd", [])
    check("5" in state(page)["moves"], "a finger drags a reading")
    context.close()


def practice(page: Page) -> None:
    write(page, "-y*logp")
    page.click("#train")
    page.wait_for_selector("#practice:not([hidden])")
    check(page.inner_text("#train") == "Stop", "the button stops now")
    page.wait_for_selector("#train:has-text('Train with it')", timeout=35000)
    words = page.inner_text("#practice-words")
    check("It learns" in words and "Cross-entropy gets" in words, f"the end is told: {words}")
    check("right after epoch" in words, "and which network is meant")
    check("not yet" not in page.get_attribute("#accuracy svg", "aria-label"), "both are drawn")
    page.click("#presets button:has-text('Explosive')")
    settled(page)
    page.click("#train")
    page.wait_for_selector("#practice-words:has-text('It fails')", timeout=35000)
    check("at step 1" in page.inner_text("#practice-words"), "a failure says at which step")
    page.wait_for_selector("#train:has-text('Train with it')", timeout=35000)
    page.click("#presets button:has-text('Blind')")
    settled(page)
    page.focus("#train")
    page.keyboard.press("Enter")
    page.wait_for_selector("#train:has-text('Stop')")
    page.wait_for_selector("#practice-words:has-text('epoch')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#practice-words:has-text('on request')", timeout=10000)
    check(True, "the keyboard stops it")
    page.wait_for_selector("#train:has-text('Train with it')")


def kept(page: Page, program: str, folder: Path) -> None:
    write(page, "huber(y-p, 0.7)")
    commands = page.inner_text("#command").splitlines()
    check(len(commands) >= 3, f"there are commands {commands}")
    for command in commands[:3]:
        words = [str(Path(program).absolute()), *shlex.split(command)[1:]]
        if words[2] != "check":
            words += ["--out", "figure.svg", "--overwrite"]
        run = subprocess.run(words, cwd=folder, capture_output=True, text=True)
        check(run.returncode == 0, f"it runs: {command} {run.stderr}")
    for kind, name in [("plot", "objectives"), ("fit", "fit")]:
        page.select_option("#figure-kind", kind)
        for kind_of_file in ["png", "svg", "pdf"]:
            page.select_option("#figure-format", kind_of_file)
            with page.expect_download() as download:
                page.click("#save")
            path = folder / f"saved-{name}.{kind_of_file}"
            download.value.save_as(path)
            check(path.stat().st_size > 2000, f"{path.name} is saved")
    before = page.get_attribute("#values svg", "aria-label")
    page.reload()
    page.wait_for_selector("#lines tr")
    settled(page)
    check(page.get_attribute("#values svg", "aria-label") == before, "the address keeps it all")
    place = page.url.split("#")[0]
    for text in ['{"text":"mae","colour":1}', '{"kept":"mse"}', "{", "%E0%A4%A"]:
        page.goto("about:blank")
        page.goto(f"{place}#{text}")
        page.wait_for_selector("#lines tr")
        settled(page)
        problem = page.inner_text("#problem")
        check(problem.startswith("The link was not followed"), f"{text}: {problem}")
    page.goto("about:blank")
    page.goto(f'{place}#{urllib.parse.quote(json.dumps({"text": "mae", "kept": ["foo"]}))}')
    page.wait_for_selector("#error:has-text('foo')")
    page.click("#kept button[aria-label='Remove foo']")
    page.wait_for_selector("#lines tr")
    check(page.inner_text("#error") == "", "what a link brings along can be removed")


def left(page: Page) -> None:
    """Who leaves ends the training."""
    write(page, "mse")
    page.click("#train")
    page.wait_for_selector("#train:has-text('Stop')")
    page.reload()
    page.wait_for_selector("#lines tr")
    page.click("#train")
    page.wait_for_selector("#train:has-text('Stop')")
    check("another page" not in page.inner_text("#practice-words"), "a reload ends the training")
    page.click("#train")
    page.wait_for_selector("#train:has-text('Train with it')", timeout=10000)


def shown(page: Page) -> None:
    watch(page)
    opened(page)
    page.click("#presets button:has-text('Square root')")
    settled(page)
    page.click("#verdicts li:has-text('convex') button")
    settled(page)


def main() -> int:
    program, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    errors: list[str] = []
    with served(program) as (_, url), chromium() as browser:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, accept_downloads=True)
        page = entered(context, url, folder, errors)
        watch(page)
        for work in [curves, verdicts, comparison, readings, practice]:
            attempt(work, page)
        page.screenshot(path=folder / "practice.png", full_page=True)
        attempt(kept, page, program, folder)
        attempt(left, page)
        attempt(touched, browser, url, folder, errors)
        attempt(look, browser, url, folder, errors, "objective", shown)
    return result(errors, folder)


if __name__ == "__main__":
    sys.exit(main())
