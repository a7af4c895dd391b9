// The heights over learning rates, and the basins.
import {byId, latest, make, put, short} from './text.js';
import {ask} from './server.js';
import {chart} from './chart.js';
import {state} from './state.js';

/** Steps of each marble of a basin map while one drags, and of the rates; more would be felt. */
const BASIN_STEPS = 150;
const RATE_STEPS = 400;

/** Draws the final height over learning rates for the marbles of a scene. */
export const showRates = latest(async scene => {
  const steps = Math.min(state.steps, RATE_STEPS);
  try {
    const {rates, heights, start_height: start, ceiling} = await ask(
      '/playground/rates', {race: state.race, steps});
    const shown = heights.filter(Boolean).flat();
    const bottom = 10 ** Math.floor(Math.log10(Math.min(...shown, start / 10)));
    const lines = heights.flatMap((list, index) => {
      const marble = scene.marbles[index];
      if (!list || !marble) return [];
      return [{
        points: rates.map((rate, at) => [rate, list[at]]), color: marble.colors[scene.theme],
        dashes: marble.dashes, number: index + 1,
        dot: [marble.rate, list[nearest(rates, marble.rate)]],
      }];
    });
    const best = lines.map(({points, number}) => [
      short(points.reduce((low, point) => point[1] < low[1] ? point : low)[0], 3), number]);
    chart(byId('rates'), {
      label: `Height above the lowest place after ${steps} steps, over learning rates from `
        + `${short(rates[0])} to ${short(rates.at(-1))}; best rates: `
        + best.map(([rate, number]) => `marble ${number} ${rate}`).join(', '),
      lines, reference: start,
      x: {name: 'learning rate', low: rates[0], high: rates.at(-1), log: true},
      y: {low: bottom, high: ceiling, log: true},
    });
    byId('rates').append(make('p', {class: 'hint'},
      `Height above the lowest place after ${steps} steps; dotted: the start. Lowest at `
        + `${best.map(([rate, number]) => `${rate} (${number})`).join(', ')}.`));
  } catch (error) {
    if (!error.field) throw error;
    put('rates', error.field === 'marbles' ? 'These methods have no learning rate.' : '');
  }
});

const nearest = (rates, rate) => rates.reduce((best, value, at) =>
  Math.abs(Math.log(value / rate)) < Math.abs(Math.log(rates[best] / rate)) ? at : best, 0);

let version = 0;

/** The basins of the chosen marble; nil for a curve. */
export async function basins() {
  const found = await ask('/playground/basins', {
    race: {...state.race, start: undefined}, steps: Math.min(state.steps, BASIN_STEPS),
    marble: Math.min(state.marble, state.race.marbles.length - 1)});
  return {...found, version: ++version};
}
