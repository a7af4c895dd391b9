// The heights over learning rates, and the basins.
import {byId, latest, short} from './text.js';
import {ask} from './questions.js';
import {FieldError} from './server.js';
import {chart} from './chart.js';
import {state} from './state.js';

/** Steps of each marble of a basin map while one drags; more would be felt. */
const BASIN_STEPS = 150;

/** Draws the final height over learning rates for the marbles of a scene. */
export const showRates = latest(async scene => {
  const container = byId('rates');
  try {
    const {rates, heights, start_height: start, ceiling} = await ask(
      'rates', {race: state.race, steps: Math.min(state.steps, 400)});
    const shown = heights.filter(Boolean).flat();
    const bottom = 10 ** Math.floor(Math.log10(Math.min(...shown, start / 10)));
    const lines = heights.flatMap((list, index) => list && scene.marbles[index] ? [{
      points: rates.map((rate, at) => [rate, list[at]]),
      color: scene.marbles[index].colors[scene.theme], dashes: scene.marbles[index].dashes,
      dot: [scene.marbles[index].rate, nearest(rates, list, scene.marbles[index].rate)],
      number: index + 1,
    }] : []);
    chart(container, {
      label: `Height above the lowest place after ${state.steps} steps, over learning rates from `
        + `${short(rates[0])} to ${short(rates.at(-1))}; best rates: `
        + lines.map(line => `marble ${line.number} ${short(best(line.points))}`).join(', '),
      lines, reference: start,
      x: {name: 'learning rate', low: rates[0], high: rates.at(-1), log: true},
      y: {low: bottom, high: ceiling, log: true},
    });
    const words = document.createElement('p');
    words.className = 'hint';
    const lows = lines.map(line => `${short(best(line.points), 2)} (${line.number})`);
    words.textContent = `Height above the lowest place after ${Math.min(state.steps, 400)} steps; `
      + `dotted: the start. Lowest at ${lows.join(', ')}.`;
    container.append(words);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    container.textContent = error.field === 'marbles' ? 'These methods have no learning rate.' : '';
  }
});

function nearest(rates, heights, rate) {
  let at = 0;
  rates.forEach((value, index) => {
    if (Math.abs(Math.log(value / rate)) < Math.abs(Math.log(rates[at] / rate))) at = index;
  });
  return heights[at];
}

const best = points => points.reduce((low, point) => point[1] < low[1] ? point : low)[0];

let version = 0;

/** The basins of the chosen marble; nil for a curve. */
export async function basins() {
  const found = await ask('basins', {
    race: {...state.race, start: undefined}, steps: Math.min(state.steps, BASIN_STEPS),
    marble: Math.min(state.marble, state.race.marbles.length - 1)});
  return {...found, version: ++version};
}
