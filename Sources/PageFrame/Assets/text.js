// Small helpers for numbers, texts and elements.

/** Few digits and a true minus sign: 0.0293, −1.2e−5. */
export function short(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e6 || size < 1e-4
    ? value.toExponential(Math.min(2, digits - 1)).replace('e+', 'e')
    : String(Number(value.toPrecision(digits)));
  return text.replaceAll('-', '−');
}

/** A part of 1 as a percentage. */
export const percent = (part, digits = 1) =>
  Number.isFinite(part) ? `${(100 * part).toFixed(digits)}%` : '–';

// MARK: Elements

/** Creates an element; keys of `attributes` that are functions are listeners. */
export function make(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Creates an element of an SVG picture. */
export function draw(name, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function filled(element, attributes, children) {
  element.listeners = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.listeners[`on${key}`] = value;
    else if (value !== false && (value ?? null) !== null) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children);
  return Object.assign(element, element.listeners);
}

/**
 * Makes the children of an element like others that `make` has made.
 *
 * What is alike stays, and with it the focus, what is selected, scrolled or unfolded. A field that
 * has the focus keeps its value. Elements with an id are known by it.
 */
export function update(element, ...wanted) {
  const ids = new Set(wanted.map(({id}) => id));
  for (const child of [...element.children]) if (!ids.has(child.id)) child.remove();
  wanted.forEach((next, at) => {
    const child = element.childNodes[at];
    if (['nodeName', 'id', 'type'].some(name => child?.[name] !== next[name])) {
      element.insertBefore(next, child ?? null);
    } else if (child.nodeType === Node.TEXT_NODE) {
      if (child.data !== next.data) child.data = next.data;
    } else {
      follow(child, next);
    }
  });
  while (element.childNodes.length > wanted.length) element.lastChild.remove();
}

/** Makes an element like another one of the same kind. */
function follow(element, next) {
  for (const {name} of [...element.attributes]) {
    if (!next.hasAttribute(name) && name !== 'open') element.removeAttribute(name);
  }
  for (const {name, value} of next.attributes) {
    // A policy of the page forbids styles that are given as a text.
    if (name === 'style') element.style.cssText = next.style.cssText;
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  Object.assign(element, next.listeners);
  update(element, ...next.childNodes);
  if (!next.matches('input, select')) return;
  element.checked = next.checked;
  if (element !== document.activeElement) element.value = next.value;
}

export const byId = id => document.getElementById(id);

/** Shows a text in an element; one that it shows already stays selected, and is not said again. */
export function put(id, text) {
  if (byId(id).textContent !== String(text)) byId(id).textContent = text;
}

/** Calls `act` with the events of an element. */
export const on = (id, kind, act) => byId(id).addEventListener(kind, act);

/** A row of a table, with the color of a line in a chart. */
export function row(name, color, cells) {
  const head = make('th', {scope: 'row'}, name);
  head.style.setProperty('--color', color ?? '');
  return make('tr', {}, head, ...cells.map(cell => make('td', {}, cell)));
}

/** The number of a line in a disc of its color; a ring before it has one. */
export function ball(number, color = '') {
  const disc = make('span', {class: color ? 'ball' : 'ball empty', 'aria-hidden': 'true'}, number);
  disc.style.background = color;
  return disc;
}

/** Images in a row. */
export const images = (sources, name, first = 1) => sources.map(
  (src, at) => make('img', {src, alt: `${name} ${at + first}`}));

/** Options of a choice, which keeps what is chosen if it is among them. */
export function offer(id, names, label = name => name) {
  const [select, before] = [byId(id), byId(id).value];
  update(select, ...names.map((name, at) => make('option', {value: name}, label(name, at))));
  if (names.includes(before)) select.value = before;
}

/**
 * Follows a pointer over an element from where it is pressed until it is let go.
 *
 * `begin` tells whether it is followed.
 */
export function listenToDrag(element, begin, move, end) {
  let isHeld = false;
  element.addEventListener('pointerdown', event => {
    if (event.button !== 0 || !begin(event)) return;
    isHeld = true;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', event => { if (isHeld) move(event); });
  for (const kind of ['pointerup', 'pointercancel']) {
    element.addEventListener(kind, () => {
      if (isHeld) end();
      isHeld = false;
    });
  }
}

/** Has keys press buttons while nothing that takes them has the focus. */
export function listenToKeys(buttons) {
  addEventListener('keydown', event => {
    const isTaken = event.target.matches('input, select, button, summary, a, pre');
    if (isTaken || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.key in buttons)) return;
    event.preventDefault();
    byId(buttons[event.key]).click();
  });
}

/** Says something to who does not see the page. */
export const say = text => { byId('live').textContent = text; };

export const reducesMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

// MARK: Work

/** What is said of a field stands beside it already, and that nobody answers above all. */
export const warn = error => {
  if (!error.field && !error.isGone) console.warn(error.message);
};

/** Calls the latest of what is asked once the last call has ended. */
export function latest(work, report = warn) {
  let isBusy = false;
  let waiting = null;
  return async (...given) => {
    waiting = given;
    if (isBusy) return;
    isBusy = true;
    while (waiting) {
      const next = waiting;
      waiting = null;
      try {
        await work(...next);
      } catch (error) {
        report(error);
      }
    }
    isBusy = false;
  };
}

/** Does something; an element says what is wrong with it. Tells whether all went well. */
export async function attempt(id, work) {
  put(id, '');
  try {
    await work();
    return true;
  } catch (error) {
    if (!error.isGone) put(id, error.message);
    return false;
  }
}

// MARK: Texts of choices

/** An optimizer's text in its name and its parameters. */
export function parsed(text) {
  const [name, rest = ''] = text.split(/:(.*)/s);
  return {name, values: Object.fromEntries(
    rest.split(',').filter(Boolean).map(pair => pair.split('=')))};
}

export function written({name, values}) {
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  return pairs.length ? `${name}:${pairs.join(',')}` : name;
}

/** A text as an objective: the name of one, maybe with parameters, or else a formula. */
export const objective = (text, names) =>
  [...names, 'expr'].includes(text.split(':')[0]) ? text : `expr:${text}`;
