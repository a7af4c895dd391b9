// The fields and words beside the picture.
import {byId, latest, make, offer, put, short, update} from './text.js';
import {ask} from './server.js';
import {moveStart, report} from './changes.js';
import {repaint} from './ground.js';
import {look} from './look.js';
import {showMarbles} from './marbles.js';
import {showRates} from './maps.js';
import {canvas, handle, invalidate, isMap, nameOf, question, scene, state} from './scene.js';

/** Fills every field with what the race is. */
export function showChoices() {
  const {surface} = scene;
  if (!surface) return;
  showMarbles();
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
  const {surface, marbles} = scene;
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
  offer('basin-marble', marbles.map((_, index) => `${index}`), index => nameOf(Number(index)));
  choice.value = Math.min(state.marble, marbles.length - 1);
  canvas.setAttribute('aria-label', `${surface.name}, ${surface.formula}, `
    + (view === 'landscape' ? 'in three dimensions; arrow keys turn it'
      : `with ${marbles.length} marbles; their places are in the table`));
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
  update(byId('places'), ...variables.map((name, axis) => make('label', {}, `Start ${name} `,
    make('input', {type: 'number', step: 'any', value: start[axis], change: event =>
      moveStart(scene.surface.start.with(axis, Number(event.target.value)))}))));
  handle.setAttribute('aria-label', `Start at ${variables.map((name, axis) =>
    `${name} ${short(start[axis])}`).join(', ')}; arrow keys move it`);
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

export const showCommand = latest(async () => {
  put('command', (await ask('/playground/race', question())).command);
}, report);

/** Takes the colors that are chosen, or those of the system. */
export function showLook() {
  scene.theme = look();
  scene.look = scene.all.looks[scene.theme];
  repaint();
  showChoices();
  showRates();
  invalidate();
}
