// The loss, and what a network sees in a sketch.
import {byId, make, put} from './text.js';
import {chart} from './chart.js';

/** When the loss was drawn last, milliseconds. */
let lossAt = 0;

/** Draws both losses over the steps; while it plays, not with every picture. */
export function showLoss(shown, isPlaying) {
  if (isPlaying && performance.now() - lossAt < 200) return;
  lossAt = performance.now();
  const rows = [...shown.curve, [shown.step, shown.training.loss, shown.validation?.loss ?? null]];
  const style = getComputedStyle(document.documentElement);
  const lines = [[1, [6, 4], '--secondary'], [2, [], '--accent']].map(([at, dashes, color]) => ({
    points: rows.filter(row => Number.isFinite(row[at])).map(row => [row[0], row[at]]),
    dashes, color: style.getPropertyValue(color),
  })).filter(line => line.points.length);
  const values = lines.flatMap(line => line.points.map(point => point[1]));
  const [low, high] = [Math.min(0, ...values), Math.max(0.1, ...values)];
  chart(byId('loss'), {
    label: `Loss over steps: ${byId('told').textContent}`, lines,
    x: {name: 'steps', low: 0, high: Math.max(10, shown.step)},
    y: {low, high: high + (high - low) * 0.04},
  });
}

const row = (sources, name) => sources.map(
  (src, at) => make('img', {src, alt: `${name} ${at + 1}`}));

/** Shows the filters, and what they make of a sketch. */
export function showSketch({filters, maps, seen, label, answer: said, probability, part, count}) {
  byId('sketch').max = count;
  put('seen-words', `of ${count}, a ${label} that is ${part}; the network says `
    + `${said}${probability ? `, ${(100 * probability).toFixed(0)}% sure` : ''}.`);
  byId('seen').replaceChildren(...row([seen], `A ${label}, sketch`));
  byId('filters').replaceChildren(...row(filters, 'Filter'));
  byId('maps').replaceChildren(...maps.map((list, at) =>
    make('div', {class: 'chips'}, ...row(list, `Layer ${at + 1}, map`))));
}
