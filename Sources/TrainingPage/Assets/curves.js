// The curves of the chosen runs, and their last values.
import {byId, css, make, mixed, row, short} from './text.js';
import {chart} from './chart.js';
import {number} from './training-server.js';

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
  return rows.map(([step, loss, , , , count]) => {
    if (!Number.isFinite(loss)) return [step, NaN];
    if (!halfLife) return [step, loss];
    const decay = 2 ** (-(step - (last ?? step)) / halfLife);
    [sum, weights, last] = [sum * decay + loss * count, weights * decay + count, step];
    return [step, sum / weights];
  });
}

/** Lines without what is not a number, or cannot be on the axis. */
function pieces(points, isLogarithmic) {
  const found = [[]];
  for (const point of points) {
    if (Number.isFinite(point[1]) && (!isLogarithmic || point[1] > 0)) found.at(-1).push(point);
    else if (found.at(-1).length > 0) found.push([]);
  }
  return found.filter(piece => piece.length > 0);
}

function drawLines(id, label, series, {log = false, low, high} = {}) {
  const lines = series.flatMap(({points, ...style}) => {
    const all = pieces(points, log);
    return all.map((piece, at) => ({
      ...style, points: piece.length > 1 ? piece : [piece[0], [piece[0][0] + 1e-6, piece[0][1]]],
      dot: style.number && at === all.length - 1 ? piece.at(-1) : null,
    }));
  });
  const container = byId(id);
  const values = lines.flatMap(line => line.isPale ? [] : line.points.map(point => point[1]));
  if (values.length === 0) {
    container.replaceChildren(make('p', {class: 'hint'}, 'Nothing was measured yet.'));
    return;
  }
  let [least, most] = [low ?? Math.min(...values), high ?? Math.max(...values)];
  if (least === most) [least, most] = log ? [least / 2, most * 2] : [least - 0.5, most + 0.5];
  const last = Math.max(1, ...lines.flatMap(line => line.points.map(point => point[0])));
  chart(container, {
    label, lines, x: {name: 'steps', low: 0, high: last},
    y: {low: log ? least / 1.2 : least, high: log ? most * 1.2 : most, log},
  });
}

const column = (run, name) => run.epochs.map(row => [row[COLUMN.step], row[COLUMN[name]]]);

/** The values of a run with what is not finite as numbers. */
export const readable = run => ({
  ...run, epochs: run.epochs.map(row => row.map(number)),
  steps: run.steps.map(row => row.map(number)),
  layers: run.layers.map(layer => ({...layer, norms: layer.norms.map(row => row.map(number))})),
});

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
    [{points: item.run.steps.map(row => [row[0], row[4]]), ...style(item)}], {low: 0});
}

const percent = value => Number.isFinite(value) ? `${(value * 100).toFixed(1)}%` : '–';

/** The last values of the charts of runs, as a table. */
export function tabulateRuns(shown, {look, halfLife}) {
  byId('values').replaceChildren(...shown.map(({run, key, place}) => {
    const epoch = run.epochs.at(-1) ?? [];
    const step = run.steps.at(-1) ?? [];
    return row(`${place + 1} ${key.label}`, key.colors[look], [
      step[0] ?? epoch[COLUMN.step] ?? '–',
      short(smoothed(run.steps, halfLife).at(-1)?.[1] ?? epoch[COLUMN.trainLoss]),
      short(epoch[COLUMN.loss]), percent(epoch[COLUMN.trainAccuracy]),
      percent(epoch[COLUMN.accuracy]), short(step[4] ?? epoch[COLUMN.rate]),
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
  byId('norms').replaceChildren(...layers.map(({name, norms, color}, index) => {
    const [step, gradient, ratio] = norms.at(-1) ?? [];
    return row(`${index + 1} ${name}`, color, [step ?? '–', short(gradient), short(ratio, 2)]);
  }));
}
