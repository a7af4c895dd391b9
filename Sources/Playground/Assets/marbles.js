// The cards on which optimizers and their parameters are chosen.
import {exact, make, parsed, short, written} from './text.js';
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
    paint(element.querySelector('.ball'), index);
  });
}

function paint(ball, index) {
  const color = scene.marbles[index]?.colors[scene.theme];
  if (color) ball.style.setProperty('background', color);
}

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
      else if (field.type === 'range') field.value = partOf(field, value);
      else if (field.value !== value) field.value = value;
    }
  });
}

const partOf = (field, value) => scales[field.dataset.scale].part(Number(value));

function card(index, marble) {
  const text = optimizerAt(marble, state.step);
  const {name, values} = parsed(text);
  const described = scene.marbles[index];
  const entry = scene.all.optimizers.find(optimizer => optimizer.name === name);
  const ball = make('span', {class: 'ball', 'aria-hidden': 'true'}, String(index + 1));
  paint(ball, index);
  const title = `marble ${index + 1}`;
  const choice = make('select', {
    'aria-label': `Optimizer of ${title}`,
    change: event => onChange(index, event.target.value, true),
  }, ...families());
  choice.value = name;
  const head = make('div', {class: 'head'}, ball, choice);
  if (state.race.marbles.length > 1) {
    head.append(make('button', {
      type: 'button', class: 'quiet', 'aria-label': `Remove ${title}`, click: () => onRemove(index),
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
    for (const [parameter, scale, label] of main) {
      result.append(slider(index, name, values, parameter, scale, label, described));
    }
    const rest = parameters.filter(parameter => !main.some(([shown]) => shown === parameter));
    if (rest.length) {
      const fields = rest.map(parameter => field(index, name, values, parameter));
      result.append(make('details', {}, make('summary', {}, 'more'),
        make('div', {class: 'more'}, ...fields)));
    }
    result.append(make('p', {class: 'hint'}, entry.summary));
  }
  result.append(make('p', {class: 'error', role: 'status'}, scene.errors[index] ?? ''));
  return result;
}

function families() {
  const groups = new Map();
  for (const {name, family} of scene.all.optimizers) {
    if (!groups.has(family)) groups.set(family, make('optgroup', {label: family}));
    groups.get(family).append(make('option', {value: name}, name));
  }
  return groups.values();
}

function update(index, name, parameter, value, isDone) {
  const {values} = parsed(optimizerAt(state.race.marbles[index], state.step));
  if (value === null || Number(value) === parameter.fallback && parameter.name !== 'rate') {
    delete values[parameter.name];
  } else {
    values[parameter.name] = value;
  }
  isChanging = !isDone;
  onChange(index, written({name, values}), isDone);
}

function slider(index, name, values, parameter, scale, label, described) {
  // A rate of 0 means the default of the surface.
  const isRate = parameter.name === 'rate';
  const fallback = isRate ? described?.rate ?? 0.1 : parameter.fallback;
  const value = values[parameter.name] ?? exact(fallback);
  const {part, value: valueAt} = scales[scale];
  const shared = {'data-parameter': parameter.name, 'data-fallback': exact(fallback)};
  const number = make('input', {
    ...shared, type: 'number', step: 'any', value,
    min: exact(parameter.low), max: exact(parameter.high),
    'aria-label': `${label} of marble ${index + 1}, as a number`,
    change: event => {
      range.value = part(Number(event.target.value));
      update(index, name, parameter, event.target.value || null, true);
    },
  });
  const range = make('input', {
    ...shared, 'data-scale': scale, type: 'range', min: 0, max: 1, step: 0.005,
    value: part(Number(value)),
    'aria-label': `${label} of marble ${index + 1}`, 'aria-valuetext': short(Number(value)),
    input: event => {
      const chosen = exact(Math.min(parameter.high, valueAt(Number(event.target.value))));
      number.value = chosen;
      event.target.setAttribute('aria-valuetext', short(Number(chosen)));
      update(index, name, parameter, chosen, false);
    },
    change: () => update(index, name, parameter, number.value, true),
  });
  const hint = parameter.name === label || isRate ? '' : ` (${parameter.name})`;
  return make('div', {class: 'slider'},
    make('span', {title: parameter.summary}, label + hint), range, number);
}

function field(index, name, values, parameter) {
  const shared = {'data-parameter': parameter.name, 'data-fallback': exact(parameter.fallback)};
  if (parameter.kind === 'flag') {
    const isOn = (values[parameter.name] ?? String(parameter.fallback === 1)) === 'true';
    return make('label', {class: 'check', title: parameter.summary}, make('input', {
      ...shared, 'data-fallback': String(parameter.fallback === 1), type: 'checkbox', checked: isOn,
      change: event => {
        const isDefault = event.target.checked === (parameter.fallback === 1);
        update(index, name, parameter, isDefault ? null : String(event.target.checked), true);
      },
    }), parameter.name);
  }
  return make('label', {title: parameter.summary}, parameter.name, make('input', {
    ...shared, type: 'number', step: parameter.kind === 'count' ? 1 : 'any',
    min: exact(parameter.low), max: exact(parameter.high),
    value: values[parameter.name] ?? exact(parameter.fallback),
    change: event => update(index, name, parameter, event.target.value || null, true),
  }));
}
