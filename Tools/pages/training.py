"""Works the page of runs of `marbles serve` in a browser, by keyboard and by mouse.

Trains two small runs, follows a third that is started in the page, stops and resumes it, takes
screenshots at three widths in light and dark, and ends with 1 if anything differs from what it
should be, if the browser prints an error, or if an accessibility checker has serious findings.

    .build/pages/venv/bin/python Tools/pages/training.py .build/release/marbles FOLDER
"""

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page
from served import SKETCHES, TINY, attempt, check, chromium, entered, look, result, served


def texts(page: Page, selector: str) -> list[str]:
    return page.locator(selector).all_inner_texts()


def until(page: Page, script: str) -> None:
    """Waits for a script to be true; the page allows none that is a text."""
    for _ in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    check(False, f"waited in vain for {script}")


def run_row(page: Page, name: str):
    return page.locator("#runs li", has=page.locator(f".run-name:text-is('{name}')"))


def work_overlay(page: Page) -> None:
    check(texts(page, ".run-name")[:2] == ["second", "first"], "runs are listed, the latest first")
    check(len(texts(page, "#values tr")) == 1, "the latest run is shown")
    box = run_row(page, "first").locator("input")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(800)
    rows = texts(page, "#values th")
    check(len(rows) == 2 and "momentum" in " ".join(rows), f"two runs are told apart ({rows})")
    check(box.evaluate("box => box === document.activeElement"), "the focus stays on the box")
    check(page.locator("#loss path[stroke]").count() >= 4, "the loss has lines of both")
    choice = page.evaluate("decodeURIComponent(location.hash)")
    check("first" in choice, "the choice is in the address")
    before = page.inner_html("#loss")
    page.check("#logarithmic")
    check(page.inner_html("#loss") != before, "the loss can be logarithmic")
    ticks = page.locator("#loss text.end").all_text_contents()
    check(len(ticks) >= 3, f"and its axis has ticks {ticks}")
    page.uncheck("#logarithmic")
    page.focus("#smoothing")
    page.keyboard.press("Home")
    check("off" in page.inner_text("#smoothing-text"), "smoothing can be turned off")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    said = page.inner_text("#smoothing-text")
    check("half-life 10 steps" in said, f"smoothing says what it does ({said})")
    check(len(texts(page, "#norms tr")) == 3, "every layer has its norms")
    page.select_option("#layers-of", "first")
    page.click("#filters-box summary")
    page.wait_for_selector("#filters img")
    check(page.locator("#filters img").count() == 8, "the filters of the first layer are shown")
    check("3×3×3" in page.inner_text("#filters-words"), "and described")


def work_worst(page: Page) -> None:
    page.click("#worst-box summary")
    page.wait_for_selector("#worst img")
    count = page.locator("#worst figure").count()
    check(count > 0 and page.locator("#worst img").count() == count,
          f"the images with the highest loss are shown ({count})")
    check("epoch 40" in page.inner_text("#worst-text"), "of the last epoch")
    check("loss" in page.inner_text("#worst figcaption >> nth=0"), "with what was said of them")
    page.focus("#worst-epoch")
    page.keyboard.press("Home")
    until(page, "document.querySelector('#worst-text').textContent.startsWith('epoch 1,')")
    check(True, "and of earlier ones")
    page.keyboard.press("End")
    until(page, "document.querySelector('#worst-text').textContent.startsWith('epoch 40,')")


def work_steering(page: Page, folder: Path) -> None:
    """Of the third run, which trains."""
    def record():
        return json.loads((folder / "runs/third/run.json").read_text())

    page.fill("#steer-rate", "-1")
    page.focus("#steer-rate")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#steer-error').textContent.includes('above 0')")
    check(True, "a rate below 0 is refused")
    page.fill("#steer-rate", "0.0005")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#steer-rate').placeholder === '0.0005'")
    changes = record()["configuration"]["learning_rate_changes"]
    check(len(changes) == 1 and abs(changes[0]["rate"] - 0.0005) < 1e-9,
          f"the rate is changed, and recorded ({changes})")
    check(page.input_value("#steer-rate") == "0.0005", "what was typed stays")
    page.focus("#steer-pause")
    page.keyboard.press("Space")
    until(page, "document.querySelector('#steer-words').textContent.includes('saved and waits')")
    check(record()["status"] == "paused", "it pauses")
    check("paused" in page.inner_text("#progress"), "and the page says so")
    check("paused" in page.inner_text("#trainings"), "also where it was started")
    step = record()["last_pause"]["step"]
    page.screenshot(path=folder / "training-paused.png", full_page=True)
    page.reload()
    page.wait_for_selector("#loss svg")
    until(page, "document.querySelector('#steer-pause').textContent === 'Continue'")
    check(record()["last_pause"]["step"] == step, "it still waits after the page was opened again")
    page.click("#steer-pause")
    until(page, "document.querySelector('#steer-pause').textContent === 'Pause'")
    for _ in range(100):
        if record()["status"] == "running":
            break
        page.wait_for_timeout(100)
    check(record()["status"] == "running", "and goes on")


def work_start(page: Page) -> None:
    page.fill("#start [name=data]", str(SKETCHES))
    page.fill("#start [name=length]", "")
    page.fill("#start [name=name]", "third")
    page.fill("#start [name=optimizer]", "adamm")
    page.fill("#start [name=more]", "--epochs=100000 " + " ".join(
        f"'{word}'" if " " in word else word for word in TINY))
    until(page, "document.querySelector('#start-command').textContent.includes('global-pool')")
    shown = page.inner_text("#start-command")
    is_whole = "train --out " in shown and "--name=third" in shown
    check(is_whole, f"the command is shown ({shown[:80]})")
    page.click("#start button[type=submit]")
    page.wait_for_selector("#trainings .said")
    said = texts(page, "#trainings .said")
    check("adam" in said[0] and "error" in said[0], f"the tool's own words are shown ({said})")
    page.fill("#start [name=more]", "'open")
    until(page, "document.querySelector('#start-error').textContent.includes('not closed')")
    check(True, "a quotation that does not end is said")
    page.fill("#start [name=optimizer]", "adam")
    page.fill("#start [name=more]", "--epochs=100000 " + " ".join(
        f"'{word}'" if " " in word else word for word in TINY))
    page.focus("#start [name=more]")
    page.keyboard.press("Enter")
    run_row(page, "third").locator("text=training").first.wait_for()
    until(page, "document.querySelectorAll('#values tr').length === 3")
    check(True, "a run that was started is shown by itself")
    until(page, "document.querySelector('#progress').innerText.includes('left')")
    check("epoch" in page.inner_text("#progress"), "its progress and time left are shown")
    steps = "[...document.querySelectorAll('#values tr')].at(-1).children[1].textContent"
    before = page.evaluate(steps)
    until(page, f"{steps} !== '{before}'")
    check(True, "its curves grow by themselves")
    log = "document.querySelector('#trainings .said')"
    until(page, f"{log}.scrollHeight > {log}.clientHeight + 40")
    at_end = f"{log}.scrollTop + {log}.clientHeight > {log}.scrollHeight - 5"
    check(page.evaluate(at_end), "the log shows its end")
    page.evaluate(f"{log}.scrollTop = 0")
    text = page.evaluate(f"{log}.textContent")
    until(page, f"{log}.textContent !== {json.dumps(text)}")
    check(page.evaluate(f"{log}.scrollTop") == 0, "and can be scrolled back")
    until(page, "document.querySelector('#live').textContent.includes('third')")
    check(True, "what is new is said to who does not see it")
    row = run_row(page, "third")
    row.locator("button", has_text="Save and stop").focus()
    page.keyboard.press("Enter")
    row.locator("text=stopped, can go on").wait_for()
    check(True, "it can be stopped")
    row.locator("button", has_text="Go on").click()
    row.locator("button", has_text="Save and stop").wait_for()
    check(True, "and goes on")


def shown(page: Page) -> None:
    page.goto(re.match(r"http://[^/]*", page.url)[0] + '/training#["second","first"]')
    page.wait_for_selector("#loss svg")
    page.click("#filters-box summary")
    page.wait_for_selector("#filters img")
    page.click("#worst-box summary")
    page.wait_for_selector("#worst img")


def work_end(page: Page, tool: subprocess.Popen, folder: Path) -> None:
    tool.send_signal(signal.SIGINT)
    check(tool.wait(timeout=60) == 130, "Ctrl-C ends the tool with 130")
    record = json.loads((folder / "runs/third/run.json").read_text())
    check(record["status"] == "interrupted", "the training that it started is saved")
    page.wait_for_selector("#gone:not(:empty)", timeout=20000)
    check(True, "the page says that the tool has ended")


def main() -> int:
    program, folder = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, optimizer in [("first", "adam"), ("second", "momentum")]:
        subprocess.run(
            [program, "train", SKETCHES, "--name", name, "--optimizer", optimizer,
             "--epochs", "40", "--quiet", *TINY], cwd=folder, check=True)
    errors: list[str] = []
    with served(program, "--runs", "runs", cwd=folder) as (tool, url), chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = entered(context, url, folder, errors)
        page.set_default_timeout(20000)
        page.goto(context.base + "/training")
        page.wait_for_selector("#loss svg")
        attempt(work_overlay, page)
        attempt(work_worst, page)
        attempt(look, browser, url, folder, errors, "training", shown)
        attempt(work_start, page)
        attempt(work_steering, page, folder)
        page.screenshot(path=folder / "training-live.png", full_page=True)
        expected = list(errors)
        attempt(work_end, page, tool, folder)
        errors[:] = expected
    return result(errors, folder)


if __name__ == "__main__":
    sys.exit(main())
