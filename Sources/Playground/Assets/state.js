// What is on the playground: the race, the step that is shown, and the view. It lives in the
// address of the page.
import {fieldsOfLink, refuseLink} from './keep.js';

export const state = {
  race: {surface: 'bowl', marbles: [{optimizer: 'sgd'}]},
  /** The most steps, and the one that is shown. */
  steps: 100, step: 0,
  view: 'contour', speed: 12,
  /** The marble whose basins are shown. */
  marble: 0,
};

/** Takes the state out of the address; tells whether there was one. */
export function load() {
  const read = fieldsOfLink(['race', 'steps', 'step', 'view', 'speed']);
  if (!read) return false;
  if (typeof read.race?.surface !== 'string' || !Array.isArray(read.race.marbles)
      || !read.race.marbles.every(marble => typeof marble?.optimizer === 'string')) {
    refuseLink('it has no surface and marbles');
    return false;
  }
  state.race = read.race;
  state.steps = bounded(read.steps, 1, 10000, 100);
  state.step = bounded(read.step, 0, state.steps, 0);
  state.view = ['contour', 'landscape', 'basins'].includes(read.view) ? read.view : 'contour';
  state.speed = bounded(read.speed, 1, 120, 12);
  state.marble = 0;
  return true;
}

const bounded = (value, low, high, otherwise) =>
  Number.isInteger(value) && value >= low && value <= high ? value : otherwise;

let timer = null;

/** Writes the state into the address, not more often than browsers allow. */
export function save() {
  clearTimeout(timer);
  timer = setTimeout(() => history.replaceState(null, '', address()), 300);
}

export function address() {
  const {race, steps, step, view, speed} = state;
  const text = JSON.stringify({
    race, steps, step: Math.floor(step), view, speed: Math.max(1, Math.round(speed))});
  return '#' + encodeURIComponent(text);
}

/** What moves a marble at a step: its own text, or that of the last change. */
export function optimizerAt(marble, step) {
  let text = marble.optimizer;
  for (const change of marble.changes ?? []) if (change.step <= step) text = change.optimizer;
  return text;
}

/** Gives a marble another text from a step on. */
export function change(marble, step, text) {
  const kept = (marble.changes ?? []).filter(change => change.step < step);
  if (step === 0) {
    marble.optimizer = text;
  } else if (optimizerAt({...marble, changes: kept}, step) !== text) {
    kept.push({step, optimizer: text});
  }
  if (kept.length) marble.changes = kept;
  else delete marble.changes;
}
