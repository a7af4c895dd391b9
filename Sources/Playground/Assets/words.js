// The arithmetic of a step in words, and the table of all marbles.
import {byId, latest, make, put, row, short, update} from './text.js';
import {ask} from './server.js';
import {has, indexAt, paths} from './race.js';
import {colorOf, nameOf, scene, state} from './scene.js';

const vector = values => values.length === 1
  ? short(values[0]) : `(${values.map(value => short(value)).join(', ')})`;

/** How the marbles fare at a step, once the server has said so. */
let told = {step: -1, outcomes: []};

/** Fills the table with what is known of a step. */
export function showTable(step) {
  put('table-step', step);
  update(byId('rows'), ...scene.marbles.flatMap((marble, index) => {
    const path = paths[index];
    if (!path?.place.length) return [];
    const at = indexAt(path, step);
    const remembered = Object.entries(path.memory[at]).map(
      ([name, values]) => `${name.replaceAll('_', ' ')} ${vector(values)}`).join(', ');
    const hasLeft = path.lastStep !== null && step > path.lastStep;
    const isTold = told.step === step && step > 0;
    return [row(nameOf(index), colorOf(index), [
      marble.has_rate ? short(path.rate[at]) : '–', vector(path.place[at]),
      short(path.height[at]), vector(path.gradient[at]),
      hasLeft ? `left the map after step ${path.lastStep}` : isTold && told.outcomes[index] || '',
      remembered || '–'])];
  }));
}

/** Says why there is no arithmetic while marbles roll fast. */
export function hideWords() {
  update(byId('words'), make('p', {class: 'hint'},
    'While the marbles roll this fast there is nothing to read: pause, or slow down to 4 steps '
      + 'a second.'));
}

/** Fetches and shows how the step was computed, and how each marble fares. */
export const showWords = latest(async (step, onOutcomes) => {
  if (!has(step)) return;
  const {marbles} = await ask(
    '/playground/steps', {race: state.race, steps: step, first: step, isExplained: true});
  if (step !== Math.floor(state.step)) return;
  update(byId('words'), ...marbles.map(({words, outcome}, index) => make(
    'section', {}, make('h3', {}, nameOf(index)),
    make('pre', {tabindex: 0, 'aria-label': `Arithmetic of marble ${index + 1}`},
      words?.[0] || (step === 0 ? 'At the start nothing has been computed.'
        : words?.length ? 'This method does not explain its steps.' : outcome)))));
  told = {step, outcomes: marbles.map(({outcome}) => outcome)};
  onOutcomes(told.outcomes);
});
