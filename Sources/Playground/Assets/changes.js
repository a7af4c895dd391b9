// What becomes of the race when something is changed.
import {byId, latest, parsed, put, reducesMotion, say, warn} from './text.js';
import {pointAt} from './keep.js';
import {ask} from './server.js';
import * as race from './race.js';
import {settle, setPlaying} from './clock.js';
import {showChoices, showHistory, showPlaces} from './fields.js';
import {basins, showRates} from './maps.js';
import {
  change, invalidate, isMap, optimizerAt, question, save, scene, state, wholeStep,
} from './scene.js';

/** Asks for everything that follows from the race. */
const refresh = latest(async isGroundNew => {
  const asked = question();
  const [{surface, marbles, command}, ground] = await Promise.all([
    ask('/playground/race', asked),
    isGroundNew || !scene.ground ? ask('/playground/ground', asked) : null]);
  Object.assign(scene, {surface, marbles, errors: {}});
  put('command', command);
  if (ground) {
    Object.assign(scene, {ground, basins: null});
    scene.version++;
  }
  put('formula-error', '');
  put('ground-error', '');
  byId('stage').classList.remove('old');
  showChoices();
  showRates();
  refreshBasins();
  invalidate();
}, report);

export const refreshBasins = latest(async () => {
  if (!isMap() || state.view !== 'basins') return;
  scene.basins = await basins();
  invalidate();
}, report);

/** The race is another from its start on: its paths are made anew. */
export async function renew({isGroundNew = false, isSettled = true} = {}) {
  refresh(isGroundNew);
  await race.replace(wholeStep());
  if (!race.has(wholeStep())) race.want(state.step);
  if (isSettled && !scene.isPlaying) settle();
  else showRates();
  invalidate();
}

/** Says beside a field what is wrong with it; what is shown is that of before. */
export function report(error) {
  if (!error.field) return warn(error);
  setPlaying(false);
  byId('stage').classList.add('old');
  const marble = error.field.match(/^marbles\.(\d+)/);
  // Before the first race there are no cards to say it on.
  if (marble && scene.surface) {
    scene.errors[Number(marble[1]) - 1] = error.message;
    showChoices();
  } else if (error.field === 'surface' && Number.isInteger(error.position)) {
    pointAt('formula-error', byId('formula').value, error);
  } else {
    put('ground-error', ['request', 'surface'].includes(error.field)
      ? error.message : `${error.field}: ${error.message}`);
  }
}

/** Gives a marble another optimizer, or other parameters from the shown step on. */
export function changeMarble(index, text, isDone) {
  const marble = state.race.marbles[index];
  const step = wholeStep();
  const isOther = parsed(text).name !== parsed(marble.optimizer).name;
  change(marble, isOther ? 0 : step, text);
  scene.errors = {};
  save();
  if (isOther || step === 0) {
    renew({isSettled: isDone});
  } else {
    refresh(false);
    race.forget(step);
    race.want(state.step);
    showRates();
  }
  showHistory();
}

/** Adds the first optimizer of the lecture that does not roll yet. */
export function addMarble() {
  const used = state.race.marbles.map(marble => parsed(marble.optimizer).name);
  const next = ['sgd', 'momentum', 'adam', 'rmsprop', 'adagrad', 'nesterov']
    .find(name => !used.includes(name)) ?? 'sgd';
  state.race.marbles.push({optimizer: next});
  renew();
  say(`Marble ${state.race.marbles.length} added: ${next}.`);
}

export function removeMarble(index) {
  state.race.marbles.splice(index, 1);
  state.marble = 0;
  renew();
  say(`Marble ${index + 1} removed.`);
}

/** Forgets changes on the way; every marble has its present parameters from the start. */
export function beginAnew() {
  for (const marble of state.race.marbles) change(marble, 0, optimizerAt(marble, wholeStep()));
  state.step = 0;
  renew();
}

export function moveStart(place, isDone = true) {
  state.race.start = place.map(value => Number(value.toPrecision(4)));
  if (scene.surface) scene.surface.start = state.race.start;
  showPlaces();
  renew({isSettled: isDone});
}

export function chooseSurface(surface) {
  Object.assign(state.race, {surface, start: undefined, window: undefined});
  put('sentence', '');
  renew({isGroundNew: true});
}

export async function choosePreset(preset) {
  state.race = structuredClone(preset.state);
  Object.assign(state, {step: 0, steps: 100, marble: 0});
  put('sentence', preset.sentence);
  await renew({isGroundNew: true});
  setPlaying(!reducesMotion());
}
