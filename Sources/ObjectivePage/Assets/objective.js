// Objectives as they are made: joins the field, the curves, the verdicts and the rest.
import {
  ball, byId, latest, make, objective, offer, on, put, say, update, warn,
} from './text.js';
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

/** A question whose answer is shown; where there is none, what is shown is that of before. */
const asking = (path, show) => latest(async () => {
  show(await ask(path, question()));
  put('error', '');
  byId('stage').classList.remove('old');
}, error => {
  if (error.field) byId('stage').classList.add('old');
  report(error);
});

const renewCurves = asking('/objective/curves', found => {
  put('formula-error', '');
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
  if (!error.field) return warn(error);
  if (error.field === 'objectives.1') {
    byId('formula').setAttribute('aria-invalid', true);
    pointAt('formula-error', state.text, error);
  } else {
    put('error', `${error.field}: ${error.message}`);
  }
}

// MARK: Showing

export function showCommands(changed) {
  const {plot, check, fit, train = []} = Object.assign(commands, changed);
  put('command', [plot, check, fit, ...train].filter(Boolean).join('\n'));
}

function showCurves() {
  const {axis, places, curves: found} = curves;
  const x = {name: axis, low: places[0], high: places.at(-1)};
  const draw = (key, label, [low, high], marks) => {
    const lines = found.map((curve, index) => {
      const points = places.flatMap((at, sample) => [
        ...key === 'slopes' && curve.jumps.includes(sample) ? [[at, null]] : [],
        [at, curve[key][sample]]]);
      const dot = points[Math.round(points.length * (0.96 - 0.055 * index))];
      return {points, color: curve.colors[look()], dashes: curve.dashes, number: index + 1,
        dot: dot[1] === null ? null : dot};
    });
    chart(byId(key), {label, lines, x, y: {low, high}, marks});
  };
  draw('values', curves.value_words, curves.value_range,
    verdicts?.verdicts.find(({property}) => property === marked)?.marks);
  draw('slopes', curves.slope_words, curves.slope_range);
  put('reading', curves.reading);
  showKept();
}

function showKept() {
  update(byId('kept'), ...['yours', ...state.kept].map((text, index) => make('div', {class: 'head'},
    ball(index + 1, curves?.curves[index]?.colors[look()]), make('span', {}, text),
    ...index ? [make('button', {class: 'quiet', 'aria-label': `Remove ${text}`, click: () => {
      state.kept.splice(index - 1, 1);
      say(`${text} removed.`);
      renew();
    }}, '×')] : [])));
  byId('keep').disabled = byId('entries').disabled = state.kept.length + 1 >= all.most_objectives;
}

function showVerdicts() {
  const found = verdicts.verdicts;
  const markedOne = found.find(({property, marks}) => property === marked && marks.length);
  marked = markedOne?.property ?? null;
  update(byId('verdicts'), ...found.map(({property, holds, words, marks}) => make('li', {},
    make('b', {}, holds ? 'yes' : 'no'), ` ${property} `,
    ...marks.length ? [make('button', {
      'aria-pressed': String(marked === property), click: () => mark(property, words),
    }, marked === property ? 'marked' : 'mark')] : [],
    ...words ? [make('div', {class: 'hint'}, words)] : [])));
  put('conclusion', `It compares ${verdicts.compares}; ${verdicts.conclusion}. `
    + '“Yes” means that no counterexample was found.'
    + (markedOne?.marks.some(one => !one.is_on_curve)
      ? ' Open circles: for another target than that of the curve.' : ''));
}

function mark(property, words) {
  marked = marked === property ? null : property;
  showVerdicts();
  showCurves();
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

function showAll({starts, entries, words}) {
  byId('presets').append(...starts.map(start =>
    make('button', {click: () => choose(start)}, start.name)));
  offer('entries', ['', ...entries.map(({name}) => name)], name => name || 'choose');
  put('functions', words);
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
  listenToKeeping(
    '/objective/figure', {plot: 'curves', fit: 'lines'}, () => ({state: question()}), () => state);
}

const all = await fetched('/objective/catalogue');
showAll(all);
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
