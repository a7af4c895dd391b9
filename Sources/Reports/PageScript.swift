/// The one script of a page: shows the values of the point of a figure that a pointer or a finger
/// is near.
///
/// The policy of the page allows what has this digest, and no other script.
enum PageScript {
  /// The source expression of the policy: SHA-256 of the text in base 64.
  static let digest = "sha256-CLwghyK4E3BRU/aj1wMu8D/7NKkSsIlz4X6X5r8nX6k="

  static let text = #"""
    "use strict";
    const reach = 40, margin = 8;
    const tip = document.body.appendChild(document.createElement("div"));
    tip.className = "tip";
    tip.hidden = true;
    let near = null;
    // The browser would show the titles a second time, and later.
    for (const value of document.querySelectorAll(".chart .value")) {
      const title = value.querySelector("title");
      value.dataset.words = title.textContent;
      title.remove();
    }
    function hide() {
      near?.classList.remove("near");
      near = null;
      tip.hidden = true;
    }
    function middle(value) {
      const box = value.getBoundingClientRect();
      return {x: box.x + box.width / 2, y: box.y + box.height / 2, isSeen: box.width > 0};
    }
    function show(event) {
      let found = null, least = reach;
      for (const value of event.currentTarget.querySelectorAll(".value")) {
        const {x, y, isSeen} = middle(value);
        const distance = Math.hypot(event.clientX - x, event.clientY - y);
        if (isSeen && distance < least) [found, least] = [value, distance];
      }
      if (found === near) return;
      hide();
      if (!found) return;
      near = found;
      near.classList.add("near");
      tip.textContent = near.dataset.words;
      tip.hidden = false;
      const {x, y} = middle(near);
      const room = document.documentElement.clientWidth - tip.offsetWidth - margin;
      const above = y - tip.offsetHeight - 2 * margin;
      tip.style.left = `${scrollX + Math.max(margin, Math.min(x - tip.offsetWidth / 2, room))}px`;
      tip.style.top = `${scrollY + (above < 0 ? y + 2 * margin : above)}px`;
    }
    for (const chart of document.querySelectorAll(".chart .scroll")) {
      for (const kind of ["pointermove", "pointerdown"]) chart.addEventListener(kind, show);
      for (const kind of ["pointerleave", "scroll"]) chart.addEventListener(kind, hide);
    }
    addEventListener("keydown", event => { if (event.key === "Escape") hide(); });

    """#
}
