// The cards on which optimizers and their parameters are chosen.
import {make, parsed, short, written} from './text.js';
import {scene} from './scene.js';
import {optimizerAt, state} from './state.js';

/** Parameters with a slider of their own, by what they do; the others are behind "more". */
const MOMENTUM = ['momentum', 'beta1', 'nu'];
const SQUARES = ['beta2', 'alpha', 'rho'];

let onChange = () => {};
let onRemove = () => {};
let isChanging = false;

export function setUp(change, remove) {
  onChange = change;
  onRemove = remove;
}

/** How a slider from 0 to 1 becomes a value, and back. */
const scales = {
  rate: {
    value: part => Number((10 ** (-5 + part * 7)).toPrecision(3)),
    part: value => (Math.log10(Math.max(value, 1e-5)) + 5) / 7,
  },
  /** Near 1 a small difference is a large one: 0.9, 0.99, 0.999. */
  kept: {
    value: part => Number((1 - 10 ** (-4 * part)).toPrecision(4)),
    part: value => -Math.log10(Math.max(1 - value, 1e-4)) / 4,
  },
  decay: {
    value: part => part === 0 ? 0 : Number((10 ** (-4 + part * 5)).toPrecision(2)),
    part: value => value <= 0 ? 0 : Math.max(0.01, (Math.log10(value) + 4) / 5),
  },
};

/** Builds the cards. */
export function show(container) {
  if (isChanging) {
    refresh(container);
    return;
  }
  const kept = document.activeElement?.getAttribute('aria-label');
  const open = [...container.children].map(element => element.querySelector('details')?.open);
  container.replaceChildren(...state.race.marbles.map((marble, index) => card(index, marble)));
  open.forEach((isOpen, index) => {
    const details = container.children[index]?.querySelector('details');
    if (isOpen && details) details.open = true;
  });
  // A field that had the focus has been made anew.
  if (kept && document.activeElement === document.body) {
    [...container.querySelectorAll('[aria-label]')]
      .find(element => element.getAttribute('aria-label') === kept)?.focus({preventScroll: true});
  }
}

/** Shows colors and messages without taking a slider out of the hand that moves it. */
function refresh(container) {
  [...container.children].forEach((element, index) => {
    element.querySelector('.error').textContent = scene.errors[index] ?? '';
    element.querySelector('.ball').style.background = color(index);
  });
}

const color = index => scene.marbles[index]?.colors[scene.theme] ?? '';

/** Puts the values that hold at the shown step into the fields. */
export function follow(container, step) {
  const isTyping = container.contains(document.activeElement)
    && document.activeElement.matches('input[type=number]');
  if (isChanging || isTyping && scene.isPlaying) return;
  state.race.marbles.forEach((marble, index) => {
    const {values} = parsed(optimizerAt(marble, step));
    for (const field of container.children[index]?.querySelectorAll('[data-parameter]') ?? []) {
      const value = values[field.dataset.parameter] ?? field.dataset.fallback;
      if (field.type === 'checkbox') field.checked = value === 'true' || value === '1';
      else if (field.type === 'range') field.value = scales[field.dataset.scale].part(+value);
      else if (field.value !== value) field.value = value;
    }
  });
}

function card(index, marble) {
  const {name, values} = parsed(optimizerAt(marble, state.step));
  const entry = scene.all.optimizers.find(optimizer => optimizer.name === name);
  const ball = make('span', {class: 'ball', 'aria-hidden': 'true'}, String(index + 1));
  ball.style.background = color(index);
  const choice = make('select', {
    'aria-label': `Optimizer of marble ${index + 1}`,
    change: event => onChange(index, event.target.value, true),
  }, ...families());
  choice.value = name;
  const head = make('div', {class: 'head'}, ball, choice);
  if (state.race.marbles.length > 1) {
    head.append(make('button', {
      class: 'quiet', 'aria-label': `Remove marble ${index + 1}`, click: () => onRemove(index),
    }, '×'));
  }
  const result = make('section', {class: 'card', 'aria-label': `Marble ${index + 1}`}, head);
  if (entry) {
    const parameters = entry.parameters.filter(parameter => parameter.kind !== 'list');
    const find = names => parameters.find(parameter => names.includes(parameter.name));
    const main = [
      [find(['rate']), 'rate', 'learning rate'], [find(MOMENTUM), 'kept', 'momentum'],
      [find(SQUARES), 'kept', 'squares kept'], [find(['decay']), 'decay', 'decay'],
    ].filter(([parameter]) => parameter);
    result.append(...main.map(given => slider(index, values, ...given)));
    const rest = parameters.filter(parameter => !main.some(([shown]) => shown === parameter));
    if (rest.length) {
      result.append(make('details', {}, make('summary', {}, 'more'),
        make('div', {class: 'more'}, ...rest.map(parameter => field(index, values, parameter)))));
    }
    result.append(make('p', {class: 'hint'}, entry.summary));
  }
  result.append(make('p', {class: 'error', role: 'status'}, scene.errors[index] ?? ''));
  return result;
}

function families() {
  const groups = Map.groupBy(scene.all.optimizers, optimizer => optimizer.family);
  return [...groups].map(([label, entries]) => make('optgroup', {label},
    ...entries.map(({name}) => make('option', {value: name}, name))));
}

function update(index, parameter, value, isDone) {
  const {name, values} = parsed(optimizerAt(state.race.marbles[index], state.step));
  if (value === '' || Number(value) === parameter.fallback && parameter.name !== 'rate') {
    delete values[parameter.name];
  } else {
    values[parameter.name] = value;
  }
  isChanging = !isDone;
  onChange(index, written({name, values}), isDone);
}

/** A field for a parameter, whose value is `fallback` unless it is given. */
const input = (parameter, values, fallback, attributes) => make('input', {
  'data-parameter': parameter.name, 'data-fallback': fallback, type: 'number',
  step: parameter.kind === 'count' ? 1 : 'any', min: parameter.low, max: parameter.high,
  value: values[parameter.name] ?? fallback, ...attributes});

function slider(index, values, parameter, scale, label) {
  // A rate of 0 means the default of the surface.
  const isRate = parameter.name === 'rate';
  const fallback = isRate ? scene.marbles[index]?.rate ?? 0.1 : parameter.fallback;
  const {part, value: valueAt} = scales[scale];
  const name = `${label} of marble ${index + 1}`;
  const number = input(parameter, values, fallback, {
    'aria-label': `${name}, as a number`,
    change: event => {
      range.value = part(Number(event.target.value));
      update(index, parameter, event.target.value, true);
    },
  });
  const range = input(parameter, values, fallback, {
    'data-scale': scale, type: 'range', min: 0, max: 1, step: 0.005,
    value: part(number.valueAsNumber), 'aria-label': name,
    'aria-valuetext': short(number.valueAsNumber),
    input: event => {
      number.value = Math.min(parameter.high, valueAt(Number(event.target.value)));
      event.target.setAttribute('aria-valuetext', short(number.valueAsNumber));
      update(index, parameter, number.value, false);
    },
    change: () => update(index, parameter, number.value, true),
  });
  const hint = parameter.name === label || isRate ? '' : ` (${parameter.name})`;
  return make('div', {class: 'slider'},
    make('span', {title: parameter.summary}, label + hint), range, number);
}

function field(index, values, parameter) {
  const {name, summary, fallback} = parameter;
  if (parameter.kind !== 'flag') {
    return make('label', {title: summary}, name, input(parameter, values, fallback, {
      change: event => update(index, parameter, event.target.value, true)}));
  }
  const usual = String(fallback === 1);
  return make('label', {class: 'check', title: summary}, make('input', {
    'data-parameter': name, 'data-fallback': usual, type: 'checkbox',
    checked: (values[name] ?? usual) === 'true',
    change: event => {
      const chosen = String(event.target.checked);
      update(index, parameter, chosen === usual ? '' : chosen, true);
    },
  }), name);
}
