// What is wrong with the layout of a page: how far it scrolls sideways, texts on other texts, and
// tables that are wider than their boxes, with the numbers of their columns.
() => {
  // Boxes of letters reach beyond what is seen of them.
  const above = 0.22, beside = 1, least = 2;
  const page = document.scrollingElement;

  function visible(box, element) {
    let { left, top, right, bottom } = box;
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = at.getBoundingClientRect();
      left = Math.max(left, edge.left);
      right = Math.min(right, edge.right);
      top = Math.max(top, edge.top);
      bottom = Math.min(bottom, edge.bottom);
    }
    return { left, top, right, bottom };
  }

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest("title, desc, metadata, style, script, .skip")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const whole of range.getClientRects()) {
      const box = visible(whole, element);
      const isTall = element.closest("text") && whole.height > whole.width * 1.2;
      const inset = above * (isTall ? whole.width : whole.height);
      const [x, y] = isTall ? [inset, beside] : [beside, inset];
      const text = {
        left: box.left + x, right: box.right - x, top: box.top + y, bottom: box.bottom - y,
        node, words: node.data.trim().slice(0, 40),
      };
      if (text.right - text.left > 1 && text.bottom - text.top > 1) texts.push(text);
    }
  }

  texts.sort((a, b) => a.top - b.top);
  const overlaps = [];
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].top < texts[i].bottom; j++) {
      const [a, b] = [texts[i], texts[j]];
      if (a.node === b.node) continue;
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width >= least && height >= least) overlaps.push([a.words, b.words]);
    }
  }
  const cut = [...document.querySelectorAll("table")]
    .filter(table => table.checkVisibility() && table.offsetWidth > table.parentElement.clientWidth + 1)
    .map(table => [table.caption?.innerText ?? "a table", table.rows[0].cells.length]);
  return { sideways: Math.max(0, page.scrollWidth - page.clientWidth), overlaps, cut };
}
