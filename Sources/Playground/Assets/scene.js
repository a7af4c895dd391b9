// What is on the playground, and what is drawn of it now.
import {byId, parsed, reducesMotion} from './text.js';
import {fieldsOfLink, keepInAddress, refuseLink} from './keep.js';

// MARK: State

/** The race, the step that is shown, and the view, which live in the address of the page. */
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

// MARK: Scene

export const canvas = byId('ground');
export const handle = byId('start');

/** The server's words on surface and marbles, the colors, and what the marbles are doing. */
export const scene = {
  surface: null, marbles: [], ground: null, version: 0, basins: null, arrows: true,
  theme: 'light', look: null,
  /** All that one can choose. */
  all: null,
  /** Messages by the index of a marble. */
  errors: {},
  isPlaying: false, isTurning: false,
  /** Whether the picture no longer shows what it should. */
  isDirty: true,
};

/** Has everything drawn again. */
export function invalidate() {
  scene.isDirty = true;
}

/** The whole step that is shown. */
export const wholeStep = () => Math.floor(state.step);

/** The step that is drawn; who wants no motion sees whole ones. */
export const shownStep = () => reducesMotion() ? wholeStep() : state.step;

/** The steps that a figure or a command is for: those that are shown, or all. */
export const figureSteps = () => Math.max(1, wholeStep() || state.steps);

/** What the server is asked about. */
export const question = () => ({race: state.race, steps: figureSteps()});

/** Whether the surface has two dimensions. */
export const isMap = () => scene.surface?.window.length === 2;

/** The color of a marble; none before the server has given it one. */
export const colorOf = index => scene.marbles[index]?.colors[scene.theme];

/** The number and the name of a marble. */
export const nameOf = index => `${index + 1} ${scene.marbles[index]?.name ?? ''}`;

/** The learning rate of a marble that holds at the shown step. */
export function rateOf(index) {
  const given = state.race.marbles[index];
  const rate = given && parsed(optimizerAt(given, wholeStep())).values.rate;
  return Number(rate ?? scene.marbles[index].rate);
}
