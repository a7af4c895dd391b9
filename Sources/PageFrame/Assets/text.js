// Small helpers for numbers, elements and canvases.

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

/** Creates an element; keys of `attributes` that are functions are listeners. */
export function make(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Creates an element of an SVG picture. */
export function draw(name, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && (value ?? null) !== null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

export const byId = id => document.getElementById(id);

/** Shows a text in an element. */
export const put = (id, text) => { byId(id).textContent = text; };

/** Calls `act` with the events of an element. */
export const on = (id, kind, act) => byId(id).addEventListener(kind, act);

/** A row of a table, with the color of a line in a chart. */
export function row(name, color, texts) {
  const head = make('th', {scope: 'row'}, name);
  head.style.setProperty('--color', color ?? '');
  return make('tr', {}, head, ...texts.map(text => make('td', {}, text)));
}

/** Options of a choice, which keeps what is chosen if it is among them. */
export function offer(id, names, label = name => name) {
  const [select, before] = [byId(id), byId(id).value];
  if ([...select.options].map(option => option.value).join('/') === names.join('/')) return;
  select.replaceChildren(
    ...names.map((name, at) => make('option', {value: name}, label(name, at))));
  if (names.includes(before)) select.value = before;
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

/** A color between two, which are lists of red, green and blue. */
export const mixed = (a, b, part) => a.map((value, at) => value + (b[at] - value) * part);
export const css = color => `rgb(${color.map(Math.round).join()})`;

/** Fits a canvas to its box in device pixels; returns its context in CSS pixels. */
export function prepared(canvas) {
  const {clientWidth: width, clientHeight: height} = canvas;
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return {context, width, height};
}

/** Round values of an axis, about `count` of them. */
export function ticks(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 2.5, 5, 10].find(factor => factor * power >= raw * 0.8);
  const values = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++) {
    values.push(Number((index * step).toPrecision(12)));
  }
  return values;
}

/** What is said of a field stands beside it already. */
const warn = error => {
  if (!error.field && error.name !== 'TypeError') console.warn(error.message);
};

/** Calls the latest of what is asked once the last call has ended. */
export function latest(work) {
  let isBusy = false;
  let waiting = null;
  const run = async () => {
    while (waiting) {
      const next = waiting;
      waiting = null;
      try {
        await work(...next);
      } catch (error) {
        warn(error);
      }
    }
    isBusy = false;
  };
  return (...given) => {
    waiting = given;
    if (isBusy) return;
    isBusy = true;
    run();
  };
}

/** Says something to who does not see the page. */
export const say = text => put('live', text);

export const reducesMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** An optimizer's text in its name and its parameters. */
export function parsed(text) {
  const [name, rest = ''] = text.split(/:(.*)/s);
  const values = {};
  for (const pair of rest.split(',').filter(Boolean)) {
    const [key, value] = pair.split('=');
    values[key] = value;
  }
  return {name, values};
}

/** A text as an objective: the name of one, maybe with parameters, or else a formula. */
export const objective = (text, names) =>
  [...names, 'expr'].includes(text.split(':')[0]) ? text : `expr:${text}`;

export function written({name, values}) {
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  return pairs.length ? `${name}:${pairs.join(',')}` : name;
}
