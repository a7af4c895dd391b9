// Objectives as they are made: joins the field, the curves, the verdicts and the rest.
import {byId, latest, make, objective, on, put, say, short} from './text.js';
import {ask, fetched} from './server.js';
import {chart} from './chart.js';
import {fieldsOfLink, keepInAddress, listenToKeeping, pointAt, refuseLink} from './keep.js';
import {followLook, look} from './look.js';
import {showFit, showReadings} from './readings.js';
import {listenToPractice, showPractice} from './practice.js';

/** What is on the page, and in its address. */
export const state = {
  text: 'huber(y-p, 1)', kept: ['mse', 'mae', 'huber'], over: '', range: null,
  /** Values of readings that were moved, by their numbers from 1. */
  moves: {},
};

let all = null;
let curves = null;
let verdicts = null;
/** The property whose counterexample is marked. */
let marked = null;
const commands = {};

// MARK: State

function load() {
  const read = fieldsOfLink(Object.keys(state)) ?? {};
  const wrong = Object.entries(read).find(([name, value]) =>
    Array.isArray(value) !== Array.isArray(state[name])
      || typeof value !== typeof state[name] && !(name === 'range' && typeof value === 'number'));
  if (wrong) refuseLink(`its field “${wrong[0]}” cannot be used`);
  else Object.assign(state, read);
}

const own = () => objective(state.text, all.entries.map(({name}) => name));

/** What the server is asked about. */
export const question = () => ({
  objectives: [own(), ...state.kept], over: state.over || null, range: state.range,
  readings: {...all.readings, moves: Object.entries(state.moves).map(
    ([reading, value]) => ({reading: Number(reading), value}))},
});

// MARK: Asking

/** A question whose answer `show` is given. */
const asking = (path, show) => latest(async () => {
  try {
    show(await ask(path, question()));
    byId('stage').classList.remove('old');
  } catch (error) {
    // What is shown is that of before.
    if (error.field) byId('stage').classList.add('old');
    report(error);
  }
});

const renewCurves = asking('/objective/curves', found => {
  put('formula-error', '');
  put('error', '');
  byId('formula').removeAttribute('aria-invalid');
  curves = found;
  verdicts = null;
  showCommands({plot: found.command});
  showCurves();
  showPractice(curves.curves[0]);
  renewCheck();
  renewFit();
});

const renewCheck = asking('/objective/check', found => {
  verdicts = found;
  showCommands({check: verdicts.command});
  showVerdicts();
  showCurves();
});

const renewFit = asking('/objective/fit', found => {
  showCommands({fit: found.lines.length ? found.command : null});
  showFit(found, curves.curves);
});

/** Everything follows from the state again. */
export function renew(isFitOnly = false) {
  keepInAddress(state);
  if (isFitOnly) return renewFit();
  showKept();
  renewCurves();
}

/** Says beside the field, or above the curves, what is wrong. */
export function report(error) {
  if (!error.field) throw error;
  if (error.field === 'objectives.1') {
    byId('formula').setAttribute('aria-invalid', true);
    pointAt('formula-error', state.text, error);
  } else {
    put('error', `${error.field}: ${error.message}`);
  }
}

// MARK: Showing

export function showCommands(changed) {
  Object.assign(commands, changed);
  const {plot, check, fit, train = []} = commands;
  put('command', [plot, check, fit, ...train].filter(Boolean).join('\n'));
}

function showCurves() {
  const {place, axis, places, curves: found} = curves;
  const theme = look();
  const x = {name: axis, low: places[0], high: places.at(-1)};
  const marks = verdicts?.verdicts.find(({property}) => property === marked)?.marks ?? [];
  const draw = (key, name, [low, high], marks) => {
    const lines = found.map((curve, index) => {
      const points = broken(places.map((at, sample) => [at, curve[key][sample]]), key);
      const dot = points[Math.round(points.length * (0.96 - 0.055 * index))];
      return {points, color: curve.colors[theme], dashes: curve.dashes, number: index + 1,
        dot: dot?.[1] === null ? null : dot};
    });
    const at = (curve, part) => short(curve[key][Math.round(part * (places.length - 1))], 3);
    chart(byId(key), {
      label: `${name} over the ${place} from ${short(x.low)} to ${short(x.high)}. `
        + found.map((curve, index) => `${index + 1} ${curve.objective}: ${at(curve, 0)} at the `
          + `left, ${at(curve, 0.5)} at 0, ${at(curve, 1)} at the right`).join('; '),
      lines, x, y: {low, high}, marks,
    });
  };
  draw('values', 'Loss', curves.value_range, marks);
  draw('slopes', 'Slope', curves.slope_range, []);
  put('reading', curves.reading);
  showKept();
}

function showKept() {
  byId('kept').replaceChildren(...['yours', ...state.kept].map((text, index) => {
    const ball = make('span', {class: 'ball', 'aria-hidden': 'true'}, String(index + 1));
    ball.style.background = curves?.curves[index]?.colors[look()] ?? '';
    const row = make('div', {class: 'head'}, ball, make('span', {}, text));
    if (index) {
      row.append(make('button', {
        class: 'quiet', 'aria-label': `Remove ${text}`, click: () => {
          state.kept.splice(index - 1, 1);
          say(`${text} removed.`);
          renew();
        },
      }, '×'));
    }
    return row;
  }));
  byId('keep').disabled = byId('entries').disabled = state.kept.length + 1 >= all.most_objectives;
}

/** Slopes jump; a line through a jump would be wrong. */
function broken(points, key) {
  if (key === 'values') return points;
  const heights = points.map(point => point[1]).filter(Number.isFinite);
  const jump = 0.1 * (Math.max(...heights) - Math.min(...heights));
  const jumps = (point, index) => index && Math.abs(point[1] - points[index - 1][1]) > jump;
  return points.flatMap((point, index) =>
    jumps(point, index) ? [[point[0], null], point] : [point]);
}

function showVerdicts() {
  const isMarked = ({property, marks}) => property === marked && marks.length;
  if (!verdicts.verdicts.some(isMarked)) marked = null;
  const focused = document.activeElement.dataset.property;
  byId('verdicts').replaceChildren(...verdicts.verdicts.map(({property, holds, words, marks}) => {
    const item = make('li', {}, make('b', {}, holds ? 'yes' : 'no'), `${property} `);
    if (marks.length) {
      item.append(make('button', {'data-property': property,
        'aria-pressed': String(marked === property), click: () => mark(property)},
      marked === property ? 'marked' : 'mark'));
    }
    if (words) item.append(make('div', {class: 'hint'}, words));
    return item;
  }));
  if (focused) document.querySelector(`[data-property="${focused}"]`)?.focus();
  const isOpen = verdicts.verdicts.some(({property, marks}) =>
    property === marked && marks.some(one => !one.is_on_curve));
  put('conclusion', `It compares ${verdicts.compares}; ${verdicts.conclusion}. `
    + '“Yes” means that no counterexample was found.'
    + (isOpen ? ' Open circles: for another target than that of the curve.' : ''));
}

function mark(property) {
  marked = marked === property ? null : property;
  showVerdicts();
  showCurves();
  const {words} = verdicts.verdicts.find(verdict => verdict.property === property);
  if (marked) say(`Marked: ${words}`);
}

function keep(text) {
  if (!state.kept.includes(text)) state.kept.push(text);
  say(`${text} is kept for comparison.`);
  renew();
}

function choose({formula, sentence}) {
  state.text = formula;
  byId('formula').value = formula;
  put('sentence', sentence);
  renew();
}

// MARK: Beginning

function offer({starts, entries, functions, variables}) {
  byId('presets').append(...starts.map(start =>
    make('button', {click: () => choose(start)}, start.name)));
  byId('entries').append(...entries.map(({name, summary}) =>
    make('option', {value: name, title: summary}, name)));
  put('functions', `${variables.join(', ')}: the target of a class, its probability, its logit, `
    + 'the logarithm of p, the number of classes; for a line, z and p are the number that is '
    + 'predicted. Numbers, pi, e, + − * / ^, comparisons, && || !, and '
    + `${functions.join(', ')}.`);
}

function listen() {
  on('formula', 'input', event => {
    put('sentence', '');
    if (!event.target.value.trim()) return;
    state.text = event.target.value.trim();
    renew();
  });
  on('keep', 'click', () => keep(own()));
  on('entries', 'change', event => {
    if (event.target.value) keep(event.target.value);
    event.target.value = '';
  });
  on('over', 'change', event => {
    state.over = event.target.value;
    renew();
  });
  on('range', 'change', event => {
    state.range = event.target.value === '' ? null : event.target.valueAsNumber;
    renew();
  });
  listenToKeeping('/objective/figure', () => ({state: question()}), () => state, report);
}

all = await fetched('/objective/catalogue');
offer(all);
load();
byId('formula').value = state.text;
byId('over').value = state.over;
byId('range').value = state.range ?? '';
listen();
listenToPractice();
followLook(() => {
  if (!curves) return;
  showCurves();
  showReadings(curves.curves);
  showPractice();
});
renew();
