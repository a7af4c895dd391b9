// The loss, what a network sees in a sketch, and one backpropagation, layer by layer.
import {byId, images, make, put, row, short, update} from './text.js';
import {chart} from './chart.js';

/** When the loss was drawn last, milliseconds. */
let lossAt = 0;

/** Draws both losses over the steps; while it plays, not with every picture. */
export function showLoss(shown, isPlaying) {
  if (isPlaying && performance.now() - lossAt < 200) return;
  lossAt = performance.now();
  const rows = [...shown.curve, [shown.step, shown.training.loss, shown.validation?.loss ?? null]];
  const lines = [[1, [6, 4], 'var(--secondary)'], [2, [], 'var(--accent)']].map(
    ([at, dashes, color]) => ({points: rows.map(row => [row[0], row[at]]), dashes, color}));
  chart(byId('loss'), {label: `Loss over steps: ${shown.words}`, lines, x: {name: 'steps'}});
}

/** Shows the filters, and what they make of a sketch. */
export function showSketch({filters, maps, seen, label, words, count}) {
  byId('sketch').max = count;
  put('seen-words', words);
  update(byId('seen'), ...images([seen], `A ${label}, sketch`));
  update(byId('filters'), ...images(filters, 'Filter'));
  update(byId('maps'), ...maps.map((list, at) =>
    make('div', {class: 'chips'}, ...images(list, `Layer ${at + 1}, map`))));
}

/** What the server has written down, and the step of it that is shown. */
export const walk = {ledger: null, at: 0};

/** Shows a step, or that there is none. */
export function showWalk() {
  const {ledger, at} = walk;
  for (const id of ['before', 'after', 'leave', 'equations', 'checks']) byId(id).hidden = !ledger;
  if (!ledger) return put('way', 'Every number of one point, forward and backward.');
  const step = ledger.steps[at];
  byId('before').disabled = at === 0;
  byId('after').disabled = at === ledger.steps.length - 1;
  put('way', `${at + 1} of ${ledger.steps.length}: ${step.title}. ${ledger.words}`);
  put('equations', step.equations.join('\n'));
  update(byId('checks').querySelector('tbody'), ...ledger.checks.map(check => row(
    check.name, null, [...[check.value, check.gradient, check.finite_difference].map(
      value => short(value)), check.verdict])));
}
