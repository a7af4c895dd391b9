// The curves of the chosen runs, and their last values.
import {byId, make, percent, row, short, update} from './text.js';
import {chart} from './chart.js';
import {css, mixed} from './pen.js';

/** Columns of the rows of an epoch, as in metrics.csv. */
const COLUMN = {step: 1, rate: 3, trainLoss: 4, trainAccuracy: 5, loss: 6, accuracy: 7};

/** Half-lives that the slider offers, in steps. */
export const HALF_LIVES = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** About a hundredth of the steps, as `marbles plot` smooths. */
export function automaticHalfLife(steps) {
  if (steps < 10) return 0;
  const wanted = Math.max(2, steps / 100);
  return HALF_LIVES.slice(1).reduce((best, value) =>
    Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best);
}

/** An exponential average without the pull toward zero; `halfLife` in steps. */
function smoothed(rows, halfLife) {
  let [sum, weights, last] = [0, 0, null];
  return rows.map(([step, loss, , count]) => {
    if (loss === null || !halfLife) return [step, loss];
    const decay = 2 ** (-(step - (last ?? step)) / halfLife);
    [sum, weights, last] = [sum * decay + loss * count, weights * decay + count, step];
    return [step, sum / weights];
  });
}

function drawLines(id, label, lines, y = {}) {
  const isMeasured = lines.some(({points}) => points.some(point => Number.isFinite(point[1])));
  if (isMeasured) chart(byId(id), {label, lines, x: {name: 'steps'}, y});
  else byId(id).replaceChildren(make('p', {class: 'hint'}, 'Nothing was measured yet.'));
}

const column = (run, name) => run.epochs.map(row => [row[COLUMN.step], row[COLUMN[name]]]);

/** Draws loss, accuracy and learning rate of runs, which are `{run, key, place}`. */
export function drawRuns(shown, {look, halfLife, isLogarithmic}) {
  const draw = (id, name, lines, scale) => drawLines(
    id, `${name} over steps; the values are in the table`, shown.flatMap(lines), scale);
  const style = ({key, place}) => ({color: key.colors[look], number: place + 1});
  /** Of training, dashed, and of validation; alone, training is solid. */
  const pair = (item, train, name) => {
    const points = column(item.run, name);
    return points.some(point => point[1] !== null)
      ? [{points: train, color: item.key.colors[look], dashes: [5, 4]}, {points, ...style(item)}]
      : [{points: train, ...style(item)}];
  };
  draw('loss', 'Loss', item => {
    const {run, key} = item;
    const train = run.steps.length > 0 ? smoothed(run.steps, halfLife) : column(run, 'trainLoss');
    const pale = {points: smoothed(run.steps, 0), color: `${key.colors[look]}38`, isPale: true};
    return [...halfLife > 0 ? [pale] : [], ...pair(item, train, 'loss')];
  }, {log: isLogarithmic});
  draw('accuracy', 'Accuracy', item =>
    pair(item, column(item.run, 'trainAccuracy'), 'accuracy'), {low: 0, high: 1});
  draw('rate', 'Learning rate', item =>
    [{points: item.run.steps.map(row => [row[0], row[2]]), ...style(item)}], {low: 0});
}

/** The last values of the charts of runs, as a table. */
export function tabulateRuns(shown, {look, halfLife}) {
  update(byId('values'), ...shown.map(({run, key, place}) => {
    const epoch = run.epochs.at(-1) ?? [];
    const step = run.steps.at(-1) ?? [];
    return row(`${place + 1} ${key.label}`, key.colors[look], [
      step[0] ?? epoch[COLUMN.step] ?? '–',
      short(smoothed(run.steps, halfLife).at(-1)?.[1] ?? epoch[COLUMN.trainLoss]),
      short(epoch[COLUMN.loss]), percent(epoch[COLUMN.trainAccuracy]),
      percent(epoch[COLUMN.accuracy]), short(step[2] ?? epoch[COLUMN.rate]),
    ]);
  }));
}

const ENDS = {light: [[46, 91, 255], [199, 83, 0]], dark: [[69, 162, 255], [255, 158, 61]]};

/** Draws the gradient norms of the layers of a run, and their last values as a table. */
export function drawLayers(run, look) {
  const layers = (run?.layers ?? []).map((layer, index, {length}) => (
    {...layer, color: css(mixed(...ENDS[look], length > 1 ? index / (length - 1) : 0))}));
  drawLines('gradients', 'Norms of the gradient over steps; the values are in the table',
    layers.map(({norms, color}, index) => ({
      points: norms.map(([step, gradient]) => [step, gradient]), number: index + 1, color,
    })), {log: true});
  update(byId('norms'), ...layers.map(({name, norms, color}, index) => {
    const [step, gradient, ratio] = norms.at(-1) ?? [];
    return row(`${index + 1} ${name}`, color, [step ?? '–', short(gradient), short(ratio, 2)]);
  }));
}
