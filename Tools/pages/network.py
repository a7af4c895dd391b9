"""Works the page of a small network of `marbles serve` in a browser, by keyboard and by mouse.

Plays, steps, changes data, network and rate, walks through a backpropagation, visits a link twice,
trains on sketches, measures the time of a frame, takes screenshots at three widths in light and
dark, and ends with 1 if anything differs from what it should be, if the browser prints an error, or
if an accessibility checker has serious findings.

    .build/pages/venv/bin/python Tools/pages/network.py .build/release/marbles FOLDER
"""

import json
import re
import shutil
import signal
import sys
from pathlib import Path
from urllib.parse import quote, unquote

from playwright.sync_api import Page
from served import attempt, check, chromium, entered, look, result, served

LARGE = {
    "net": {
        "data": "spirals", "count": 300, "noise": 0.1, "validation": 0.3, "seed": 1,
        "layers": [8, 8, 8, 8], "activation": "tanh", "objective": "cross-entropy",
        "optimizer": "adam", "rate": 0.01, "batch": 16},
    "step": 600, "sample": 3, "speed": 5}


def words(page: Page) -> str:
    return page.inner_text("#told")


def step(page: Page) -> int:
    return int(re.match(r"Step (\d+)", words(page))[1])


def until(page: Page, script: str) -> None:
    """Waits for a script to be true; the page allows none that is a text."""
    for _ in range(300):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    check(False, f"waited in vain for {script}")


def at_step(page: Page, number: int) -> None:
    until(page, f"document.querySelector('#told').textContent.startsWith('Step {number},')")


def fill(page: Page, field: str, text: str) -> None:
    page.fill(field, text)
    page.keyboard.press("Tab")


def link(page: Page, state: dict) -> str:
    return f"{page.context.base}/network#{quote(json.dumps(state))}"


def visit(page: Page, state: dict) -> None:
    page.goto("about:blank")
    page.goto(link(page, state))
    at_step(page, state["step"])


def pixels(page: Page, canvas: str) -> str:
    return page.evaluate(f"document.querySelector('{canvas}').toDataURL()")


def work_time(page: Page) -> None:
    at_step(page, 0)
    untrained = pixels(page, "#plane")
    page.keyboard.press(".")
    at_step(page, 1)
    check(True, "a key takes a step")
    page.keyboard.press("e")
    at_step(page, 14)
    check("epoch 1:" in words(page), "a key takes an epoch")
    said = page.inner_text("#live")
    check(said.startswith("Step 14"), f"a step is said to who does not see it ({said[:30]})")
    page.keyboard.press(" ")
    until(page, "parseInt(document.querySelector('#told').textContent.slice(5)) > 300")
    check(page.inner_text("#play") == "Pause", "it plays")
    page.keyboard.press(" ")
    page.wait_for_timeout(500)
    reached = step(page)
    page.wait_for_timeout(700)
    check(step(page) == reached, "a pause stops it")
    share = float(re.search(r"\(([\d.]+)%\)", words(page))[1])
    check(share > 90, f"the circles are learned ({words(page)})")
    check(pixels(page, "#plane") != untrained, "the plane has changed")
    check(page.locator("#loss path[stroke]").count() >= 2, "both losses are drawn")
    label = page.get_attribute("#neurons", "aria-label")
    check("Largest weights" in label, f"the network is told in words ({label})")
    page.click("#restart")
    at_step(page, 0)
    check(pixels(page, "#plane") == untrained, "the same beginning looks the same")


def work_link(page: Page) -> None:
    page.select_option("#speed", "20")
    for _ in range(3):
        page.click("#next")
    at_step(page, 3)
    fill(page, "#rate", "0.05")
    page.click("#epoch")
    at_step(page, 14)
    page.click("#next")
    at_step(page, 15)
    first = words(page), pixels(page, "#plane"), pixels(page, "#neurons")
    until(page, "decodeURIComponent(location.hash).includes('\"step\":15')")
    state = json.loads(unquote(page.url.split("#")[1]))
    check(state["net"]["changes"] == [{"step": 3, "rate": 0.05}], "a rate changes on the way")
    visit(page, state)
    check((words(page), pixels(page, "#plane"), pixels(page, "#neurons")) == first,
          "a link gives the same numbers and pictures again")


def work_data(page: Page) -> None:
    page.select_option("#data", "xor")
    at_step(page, 0)
    page.locator("#click").select_option("1")
    box = page.locator("#plane").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    until(page, "document.querySelector('#told').textContent.includes('the 211 it trains on')")
    check(True, "a click adds a point")
    fill(page, "#x", "-2.5")
    fill(page, "#y", "1")
    page.locator("#there").focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#told').textContent.includes('the 212 it trains on')")
    check(True, "and so do the keys")
    page.click("#clear")
    until(page, "document.querySelector('#told').textContent.includes('the 210 it trains on')")
    fill(page, "#layers", "3, 9")
    page.wait_for_selector("#error:not(:empty)")
    check("layers: 9, expected 1 to 8" in page.inner_text("#error"), "a wrong field is told")
    check(page.locator("#stage.old").count() == 1, "and what is shown is dimmed")
    fill(page, "#layers", "5 2 7")
    until(page, "document.querySelectorAll('#shown option').length === 17")
    check("dense 7, tanh" in page.inner_text("#layers-words"), "the network is another one")
    check(page.inner_text("#error") == "", "and the message is gone")
    check(page.locator("#stage.old").count() == 0, "and nothing is dimmed")
    page.click("#next")
    at_step(page, 1)
    fill(page, "#layers", "3")
    at_step(page, 0)
    fill(page, "#layers", "5, 2, 7")
    at_step(page, 1)
    check(True, "a network that was left goes on where it was")
    page.click("#restart")
    at_step(page, 0)
    fill(page, "#objective", "(y-p)^4")
    until(page, "decodeURIComponent(location.hash).includes('expr:(y-p)^4')")
    check(page.inner_text("#error") == "", "an objective can be a formula alone")
    fill(page, "#objective", "cross-entropy")
    before = page.input_value("#rate")
    fill(page, "#optimizer", "momentum:momentum=0.8")
    check(page.input_value("#rate") != before, "an optimizer brings its rate")
    fill(page, "#decay", "0.01")
    page.click("#next")
    at_step(page, 1)
    until(page, "decodeURIComponent(location.hash).includes('momentum=0.8,decay=0.01')")
    check(True, "weight decay is a part of the optimizer")
    page.select_option("#shown", "2")
    check("neuron 3 of layer 1" in page.get_attribute("#plane", "aria-label"),
          "a neuron can be seen large")
    box = page.locator("#neurons").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.25)
    check(page.input_value("#shown") == "14", "a click on a neuron chooses it")
    page.select_option("#shown", "")


def work_ledger(page: Page) -> None:
    page.locator("#click").select_option("choose")
    box = page.locator("#plane").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 - 60, box["y"] + box["height"] / 2)
    page.wait_for_selector("#equations:not([hidden])")
    check("gradients are right" in page.inner_text("#way").lower(), "every gradient is checked")
    check("1 of " in page.inner_text("#way"), "the first step is shown")
    forward = page.inner_text("#equations")
    check("x₁" in forward and "=" in forward, f"with its arithmetic ({forward.splitlines()[0]})")
    page.locator("#after").focus()
    count = int(re.search(r"of (\d+):", page.inner_text("#way"))[1])
    for _ in range(count - 1):
        page.keyboard.press("Enter")
    check(f"{count} of {count}: backward" in page.inner_text("#way"), "the keys walk to the end")
    check("∂L/∂" in page.inner_text("#equations"), "the last step has gradients")
    check("∂ " in page.locator("#numbers").text_content(), "and so has the picture")
    page.click("#checks summary")
    check(page.locator("#checks tbody tr").count() > 40, "all gradients are in a table")
    page.click("#leave")
    check(page.is_hidden("#equations"), "one can leave")


def work_refused_walk(page: Page) -> None:
    def refuse(route) -> None:
        route.fulfill(
            status=400, content_type="application/json",
            body=json.dumps({"field": "sample", "message": "it cannot be written down"}))

    page.route("**/network/ledger", refuse)
    page.click("#walk")
    page.wait_for_selector("#error:has-text('cannot be written down')")
    check(page.locator("#stage.old").count() == 0, "what is shown beside a refused walk is right")
    check(page.is_hidden("#equations") and "Moves" not in page.inner_text("#way"),
          f"and no walk is waited for ({page.inner_text('#way')})")
    page.unroute("**/network/ledger")
    page.route("**/network/step", refuse)
    page.click("#walk")
    page.wait_for_selector("#stage.old")
    check(page.is_hidden("#equations"), "there is no walk through what could not be computed")
    page.unroute("**/network/step")
    page.click("#walk")
    page.wait_for_selector("#equations:not([hidden])")
    check(page.locator("#stage.old").count() == 0 and page.inner_text("#error") == "",
          "the next one is not dimmed")
    page.click("#leave")


def work_sketches(page: Page) -> None:
    page.select_option("#data", "sketches")
    page.wait_for_selector("#sketch-view:not([hidden])", timeout=60000)
    before = page.get_attribute("#filters img", "src")
    fill(page, "#layers", "8, 8")
    until(page, "document.querySelectorAll('#maps img').length === 16")
    page.select_option("#speed", "5")
    page.click("#play")
    until(page, "parseInt(document.querySelector('#told').textContent.slice(5)) >= 40")
    page.click("#play")
    check(page.get_attribute("#filters img", "src") != before, "filters change as it learns")
    fill(page, "#sketch", "2")
    until(page, "document.querySelector('#seen-words').textContent.includes('of ')")
    check("the network says" in page.inner_text("#seen-words"), page.inner_text("#seen-words"))


def measure_frames(page: Page) -> None:
    """Prints what a picture of all neurons takes while it plays; nothing is asserted."""
    visit(page, LARGE | {"step": 0})
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")

    def metrics() -> dict[str, float]:
        found = tools.send("Performance.getMetrics")["metrics"]
        return {item["name"]: item["value"] for item in found}

    page.click("#play")
    page.wait_for_timeout(1000)
    before, first = metrics(), step(page)
    page.wait_for_timeout(4000)
    after, last = metrics(), step(page)
    page.click("#play")
    pictures = (last - first) / LARGE["speed"]
    task = (after["TaskDuration"] - before["TaskDuration"]) * 1000 / pictures
    print(f"        a picture of 34 neurons and the plane takes {task:.1f} ms of the page's "
          f"thread; {pictures / 4:.0f} pictures a second")


def shown(page: Page) -> None:
    page.goto("about:blank")
    page.goto(link(page, LARGE))
    at_step(page, LARGE["step"])
    page.click("#walk")
    page.wait_for_selector("#equations:not([hidden])")
    for _ in range(14):
        page.click("#after")


def shown_sketches(page: Page) -> None:
    net = LARGE["net"] | {"data": "sketches", "layers": [8, 8], "activation": "relu", "count": 80}
    page.goto("about:blank")
    page.goto(link(page, {"net": net, "step": 60, "sample": 3, "speed": 1}))
    at_step(page, 60)
    page.wait_for_selector("#maps img")


def work_end(page: Page, tool) -> None:
    visit(page, LARGE | {"step": 5})
    tool.send_signal(signal.SIGINT)
    check(tool.wait(timeout=60) == 130, "Ctrl-C ends the tool with 130")
    page.click("#next")
    page.wait_for_selector("#gone:not(:empty)", timeout=20000)
    check(True, "the page says that the tool has ended")


def main() -> int:
    program, folder = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    errors: list[str] = []
    with served(program, cwd=folder) as (tool, url), chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = entered(context, url, folder, errors)
        page.set_default_timeout(20000)
        page.goto(context.base + "/network")
        for work in [
            work_time, work_link, work_data, work_ledger, work_refused_walk, work_sketches,
            measure_frames]:
            attempt(work, page)

        def based(prepare):
            def prepared(page: Page) -> None:
                page.context.base = context.base
                prepare(page)
            return prepared

        attempt(look, browser, url, folder, errors, "network", based(shown))
        attempt(look, browser, url, folder, errors, "sketches", based(shown_sketches))
        expected = list(errors)
        attempt(work_end, page, tool)
        errors[:] = expected
    return result(errors, folder)


if __name__ == "__main__":
    sys.exit(main())
