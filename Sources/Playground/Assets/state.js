// What is on the playground: the race, the step that is shown, and the view. It lives in the
// address of the page.
import {fieldsOfLink, keepInAddress, refuseLink} from './keep.js';

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
  const bounded = (value, low, high, otherwise) =>
    Number.isInteger(value) && value >= low && value <= high ? value : otherwise;
  const steps = bounded(read.steps, 1, 10000, 100);
  Object.assign(state, {
    race: read.race, steps, step: bounded(read.step, 0, steps, 0),
    view: ['contour', 'landscape', 'basins'].includes(read.view) ? read.view : 'contour',
    speed: bounded(read.speed, 1, 120, 12), marble: 0,
  });
  return true;
}

/** What the address keeps. */
export function kept() {
  const {race, steps, step, view, speed} = state;
  return {race, steps, step: Math.floor(step), view, speed: Math.max(1, Math.round(speed))};
}

export const save = () => keepInAddress(kept());

/** What moves a marble at a step: its own text, or that of the last change. */
export const optimizerAt = (marble, step) =>
  marble.changes?.findLast(change => change.step <= step)?.optimizer ?? marble.optimizer;

/** Gives a marble another text from a step on. */
export function change(marble, step, text) {
  const changes = (marble.changes ?? []).filter(change => change.step < step);
  if (step === 0) {
    marble.optimizer = text;
  } else if (optimizerAt({...marble, changes}, step) !== text) {
    changes.push({step, optimizer: text});
  }
  marble.changes = changes.length ? changes : undefined;
}
