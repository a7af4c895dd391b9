// The fields and words beside the picture.
import {byId, latest, make, put, short} from './text.js';
import {ask} from './server.js';
import {state} from './state.js';
import {moveStart, report} from './changes.js';
import {repaint} from './ground.js';
import {look} from './look.js';
import * as cards from './marbles.js';
import {showRates} from './maps.js';
import {canvas, figureSteps, handle, invalidate, isMap, scene, sceneNow} from './scene.js';

/** Fills every field with what the race is. */
export function showChoices() {
  const {surface} = scene;
  if (!surface) return;
  cards.show(byId('marbles'));
  byId('add').disabled = state.race.marbles.length >= scene.all.most_marbles;
  const isFormula = state.race.surface.startsWith('expr:');
  byId('surface').value = isFormula ? '' : state.race.surface;
  if (document.activeElement !== byId('formula')) {
    byId('formula').value = isFormula ? state.race.surface.slice(5).trim() : '';
  }
  put('printed', `${surface.formula} · ${surface.summary}`);
  byId('steps').value = state.steps;
  byId('step').max = state.steps;
  byId('noise').value = state.race.noise ?? 0;
  byId('seed').value = state.race.seed ?? 1;
  showView();
  showPlaces();
  showHistory();
}

/** Shows what the view is, and how one works with it. */
export function showView() {
  const {surface} = scene;
  const view = isMap() ? state.view : 'contour';
  byId('views').hidden = !isMap();
  byId('arrows').parentElement.hidden = view !== 'contour' || !isMap();
  for (const radio of document.querySelectorAll('[name=view]')) {
    radio.checked = radio.value === view;
  }
  for (const option of byId('figure-kind').options) {
    option.disabled = !isMap() && ['landscape', 'basins'].includes(option.value);
  }
  const choice = byId('basin-marble');
  choice.parentElement.hidden = view !== 'basins';
  choice.replaceChildren(...scene.marbles.map(
    (marble, index) => make('option', {value: index}, `${index + 1} ${marble.name}`)));
  choice.value = Math.min(state.marble, scene.marbles.length - 1);
  canvas.setAttribute('aria-label', `${surface.name}, ${surface.formula}, `
    + (view === 'landscape' ? 'in three dimensions; arrow keys turn it'
      : `with ${scene.marbles.length} marbles; their places are in the table`));
  put('view-hint', hint(view));
}

function hint(view) {
  const start = 'Drag the ring, or click, to choose where the marbles start.';
  if (!isMap()) return start;
  return {
    contour: `${start} Arrows: velocity or mean slope; ellipses: remembered squares. `
      + '★ lowest place.',
    landscape: 'Drag, or use the arrow keys, to turn the surface.',
    basins: 'Each start has the color of the minimum to which the marble rolls from it, fainter '
      + 'the longer it takes; without color: to none.',
  }[view];
}

export function showPlaces() {
  const {variables, start} = scene.surface;
  const fields = byId('places');
  if (fields.children.length !== variables.length) {
    fields.replaceChildren(...variables.map((name, axis) => placeField(name, axis)));
  }
  variables.forEach((_, axis) => {
    fields.children[axis].querySelector('input').value = start[axis];
  });
  handle.setAttribute('aria-label', `Start at ${variables.map((name, axis) =>
    `${name} ${short(start[axis])}`).join(', ')}; arrow keys move it`);
}

function placeField(name, axis) {
  const move = event => {
    const place = [...scene.surface.start];
    place[axis] = Number(event.target.value);
    moveStart(place);
  };
  const input = make('input', {type: 'number', step: 'any', change: move});
  return make('label', {}, `Start ${name} `, input);
}

export function showHistory() {
  const changes = state.race.marbles.flatMap((marble, index) => (marble.changes ?? []).map(
    item => `step ${item.step}, ${index + 1} ${item.optimizer}`));
  byId('anew').hidden = changes.length === 0;
  put('history', changes.length === 0
    ? 'What you change while marbles roll holds from that step on.'
    : `${changes.length} change${changes.length > 1 ? 's' : ''} on the way: `
      + changes.slice(-3).join(' · '));
}

export const showRatesNow = () => { if (scene.marbles.length) showRates(sceneNow()); };

export const showCommand = latest(async () => {
  try {
    const {command} = await ask('/playground/race', {race: state.race, steps: figureSteps()});
    put('command', command);
  } catch (error) {
    report(error);
  }
});

/** Takes the colors that are chosen, or those of the system. */
export function showLook() {
  scene.theme = look();
  scene.look = scene.all.looks[scene.theme];
  repaint();
  if (scene.surface) {
    cards.show(byId('marbles'));
    showRatesNow();
  }
  invalidate();
}
