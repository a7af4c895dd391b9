"""Shows photos to the page of `marbles serve`: chosen, dropped, pasted, taken and broken ones.

    .build/pages/venv/bin/python Tools/pages/photo.py .build/release/marbles FOLDER
"""

import base64
import sys
from pathlib import Path

from playwright.sync_api import Page
from served import SKETCHES, attempt, check, chromium, entered, look, result, served

CAT, DOG = sorted((SKETCHES / "cat").iterdir())[0], sorted((SKETCHES / "dog").iterdir())[0]

# Brings a file to the page as a person would who drags it there, or has it on the clipboard.
BRING = """([kind, name, type, text]) => {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const data = new DataTransfer();
  if (name) data.items.add(new File([bytes], name, {type}));
  const event = kind === "drop"
    ? new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})
    : new ClipboardEvent(kind, {clipboardData: data, bubbles: true});
  document.body.dispatchEvent(event);
}"""


def bring(page: Page, kind: str, path: Path | None) -> None:
    content = base64.b64encode(path.read_bytes()).decode() if path else ""
    page.evaluate(BRING, [kind, path.name if path else "", "image/jpeg", content])


def answered(page: Page, name: str) -> bool:
    """Whether the photo of a name is answered, before long."""
    for _ in range(60):
        page.wait_for_timeout(250)
        if name in page.inner_text("#live") and page.inner_text("#answer") != "–":
            return True
    return False


def choose(page: Page) -> None:
    page.click("nav a:has-text('photo')")
    page.wait_for_selector("#network:has-text('knows')")
    check("cat, dog" in page.inner_text("#network"), "the page says what the network knows")
    page.set_input_files("#file", str(CAT))
    check(answered(page, CAT.name), "a chosen file is answered")
    rows = page.locator("#rows tr").all_inner_texts()
    check(len(rows) == 2 and "%" in rows[0], f"both classes have a probability {rows}")
    check("JPEG" in page.inner_text("#file-words"), "the file's format and size are told")
    check(len(page.get_attribute("#picture", "alt")) > 5, "the picture has words")


def views(page: Page) -> None:
    seen = set()
    for name in ["photo", "seen", "grad-cam", "occlusion"]:
        page.check(f"#views input[value={name}]")
        page.wait_for_timeout(400 if name != "occlusion" else 6000)
        seen.add(page.get_attribute("#picture", "src"))
        width = page.evaluate("document.querySelector('#picture').naturalWidth")
        check(width > 16, f"{name}: a picture of {width} pixels")
    check(len(seen) == 4, "four views are four pictures")
    check("central half" in page.inner_text("#reading"), "a map says what there is to see")
    page.focus("#views input[value=photo]")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    check(page.is_checked("#views input[value=seen]"), "arrow keys change the view")


def other_ways(page: Page) -> None:
    bring(page, "drop", DOG)
    check(answered(page, DOG.name), "a dropped file is answered")
    bring(page, "paste", CAT)
    check(answered(page, CAT.name), "a pasted picture is answered")
    check(page.locator("#history li").count() == 3, "three photos are kept by the page")
    page.click("#history li:nth-child(2) button")
    page.wait_for_timeout(300)
    check(
        page.get_attribute("#history li:nth-child(2) button", "aria-current") == "true",
        "an earlier photo is shown again")
    bring(page, "paste", None)
    check("no picture" in page.inner_text("#error"), "an empty clipboard is told")


def camera(page: Page) -> None:
    page.click("#camera")
    page.wait_for_selector("#take:visible")
    page.wait_for_timeout(800)
    page.click("#take")
    check(answered(page, "camera.jpg"), "a photo of the camera is answered")
    check(not page.is_visible("#video"), "the camera is closed")


def broken(page: Page, folder: Path) -> None:
    poem = folder / "poem.jpg"
    poem.write_text("no picture, but a <b>poem</b>")
    torn = folder / "torn.jpg"
    torn.write_bytes(CAT.read_bytes()[:400])
    empty = folder / "empty.png"
    empty.write_bytes(b"")
    for path in [poem, torn, empty]:
        page.set_input_files("#file", str(path))
        page.wait_for_timeout(1200)
        text = page.inner_text("#error")
        check(text.startswith(path.name) and len(text) > 20, f"{path.name}: {text}")
    page.set_input_files("#file", str(DOG))
    check(answered(page, DOG.name), "a photo after a broken one is answered")
    check(page.inner_text("#error") == "", "and the message is gone")


def shown(page: Page) -> None:
    page.goto(page.url.split("?")[0].rstrip("/") + "/photo")
    page.wait_for_selector("#network:has-text('knows')")
    page.set_input_files("#file", str(CAT))
    answered(page, CAT.name)
    page.check("#views input[value=grad-cam]")
    page.wait_for_timeout(400)


def main() -> int:
    program, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    errors: list[str] = []
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with served(program) as (_, url), chromium(*fake) as browser:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, permissions=["camera"])
        page = entered(context, url, folder, errors)
        for work in [choose, views, other_ways, camera]:
            attempt(work, page)
        attempt(broken, page, folder)
        attempt(look, browser, url, folder, errors, "photo", shown)
    return result(errors, folder)


if __name__ == "__main__":
    sys.exit(main())
