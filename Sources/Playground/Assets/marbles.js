// The cards on which optimizers and their parameters are chosen.
import {ball, byId, make, parsed, short, update, written} from './text.js';
import {changeMarble, removeMarble} from './changes.js';
import {colorOf, optimizerAt, scene, state} from './scene.js';

/** Parameters with a slider of their own, its scale and its label; others are behind "more". */
const SLIDERS = [
  [['rate'], 'rate', 'learning rate'],
  [['momentum', 'beta1', 'nu'], 'kept', 'momentum'],
  [['beta2', 'alpha', 'rho'], 'kept', 'squares kept'],
  [['decay'], 'decay', 'decay'],
];

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

/** Shows the cards. */
export const showMarbles = () => update(byId('marbles'), ...state.race.marbles.map(card));

/** Puts the values that hold at a step into the fields, but for the one that has the focus. */
export function follow(step) {
  state.race.marbles.forEach((marble, index) => {
    const {values} = parsed(optimizerAt(marble, step));
    const fields = byId('marbles').children[index]?.querySelectorAll('[data-parameter]') ?? [];
    for (const field of fields) {
      if (field === document.activeElement) continue;
      const value = values[field.dataset.parameter] ?? field.dataset.fallback;
      if (field.type === 'checkbox') field.checked = value === 'true';
      else field.value = field.type === 'range' ? scales[field.dataset.scale].part(+value) : value;
    }
  });
}

/** Options of a choice in groups, which `groupOf` names. */
export const grouped = (entries, groupOf) => [...Map.groupBy(entries, groupOf)].map(
  ([label, group]) => make('optgroup', {label}, ...group.map(
    ({name, summary}) => make('option', {value: name, title: summary}, name))));

function card(marble, index) {
  const {name, values} = parsed(optimizerAt(marble, state.step));
  const {optimizers} = scene.all;
  const {parameters = [], summary = ''} = optimizers.find(entry => entry.name === name) ?? {};
  const choice = make('select', {
    'aria-label': `Optimizer of marble ${index + 1}`,
    change: event => changeMarble(index, event.target.value, true),
  }, ...grouped(optimizers, ({family}) => family));
  choice.value = name;
  const rest = new Set(parameters.filter(({kind}) => kind !== 'list'));
  const sliders = SLIDERS.flatMap(([names, scale, label]) => {
    const parameter = [...rest].find(({name}) => names.includes(name));
    return rest.delete(parameter) ? [slider(index, values, parameter, scale, label)] : [];
  });
  return make('section', {class: 'card', 'aria-label': `Marble ${index + 1}`},
    make('div', {class: 'head'}, ball(index + 1, colorOf(index)), choice,
      ...state.race.marbles.length > 1 ? [make('button', {
        class: 'quiet', 'aria-label': `Remove marble ${index + 1}`,
        click: () => removeMarble(index)}, '×')] : []),
    ...sliders,
    ...rest.size ? [make('details', {}, make('summary', {}, 'more'), make('div', {class: 'more'},
      ...[...rest].map(parameter => make(
        'label', {class: parameter.kind === 'flag' && 'check', title: parameter.summary},
        ...parameter.kind === 'flag' ? [box(index, values, parameter), parameter.name]
          : [parameter.name, number(index, values, parameter, parameter.fallback)]))))] : [],
    make('p', {class: 'hint'}, summary),
    make('p', {class: 'error', role: 'status'}, scene.errors[index] ?? ''));
}

function change(index, parameter, value, isDone) {
  const {name, values} = parsed(optimizerAt(state.race.marbles[index], state.step));
  if (value === '' || Number(value) === parameter.fallback && parameter.name !== 'rate') {
    delete values[parameter.name];
  } else {
    values[parameter.name] = value;
  }
  changeMarble(index, written({name, values}), isDone);
}

/** A field for a parameter, whose value is `fallback` unless it is given. */
const number = (index, values, parameter, fallback, attributes) => make('input', {
  'data-parameter': parameter.name, 'data-fallback': fallback, type: 'number',
  step: parameter.kind === 'count' ? 1 : 'any', min: parameter.low, max: parameter.high,
  value: values[parameter.name] ?? fallback,
  change: event => change(index, parameter, event.target.value, true), ...attributes});

/** A slider for a parameter, beside its number. */
function slider(index, values, parameter, scale, label) {
  // A rate of 0 means the default of the surface.
  const isRate = parameter.name === 'rate';
  const fallback = isRate ? scene.marbles[index]?.rate ?? 0.1 : parameter.fallback;
  const value = Number(values[parameter.name] ?? fallback);
  const name = `${label} of marble ${index + 1}`;
  const slide = isDone => event => change(index, parameter,
    String(Math.min(parameter.high, scales[scale].value(event.target.valueAsNumber))), isDone);
  const range = number(index, values, parameter, fallback, {
    'data-scale': scale, type: 'range', min: 0, max: 1, step: 0.005,
    value: scales[scale].part(value), 'aria-label': name, 'aria-valuetext': short(value),
    input: slide(false), change: slide(true)});
  const hint = parameter.name === label || isRate ? '' : ` (${parameter.name})`;
  return make('div', {class: 'slider'}, make('span', {title: parameter.summary}, label + hint),
    range, number(index, values, parameter, fallback, {'aria-label': `${name}, as a number`}));
}

/** A box for a parameter that is true or false. */
function box(index, values, parameter) {
  const usual = String(parameter.fallback === 1);
  return make('input', {
    'data-parameter': parameter.name, 'data-fallback': usual, type: 'checkbox',
    checked: (values[parameter.name] ?? usual) === 'true',
    change: event => {
      const chosen = String(event.target.checked);
      change(index, parameter, chosen === usual ? '' : chosen, true);
    },
  });
}
