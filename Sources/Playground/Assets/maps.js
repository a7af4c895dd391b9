// The heights over learning rates, and the basins.
import {byId, latest, make, put, short, warn} from './text.js';
import {ask} from './server.js';
import {chart} from './chart.js';
import {colorOf, rateOf, scene, state} from './scene.js';

/** Steps of each marble of a basin map while one drags, and of the rates; more would be felt. */
const BASIN_STEPS = 150;
const RATE_STEPS = 400;

/** Draws the final height over learning rates for the marbles. */
export const showRates = latest(async () => {
  if (!scene.marbles.length) return;
  const steps = Math.min(state.steps, RATE_STEPS);
  const {rates, heights, start_height: start, ceiling} = await ask(
    '/playground/rates', {race: state.race, steps});
  const shown = heights.filter(Boolean).flat();
  const bottom = 10 ** Math.floor(Math.log10(Math.min(...shown, start / 10)));
  const lines = heights.flatMap((list, index) => {
    const marble = scene.marbles[index];
    if (!list || !marble) return [];
    const rate = rateOf(index);
    return [{
      points: rates.map((rate, at) => [rate, list[at]]), color: colorOf(index),
      dashes: marble.dashes, number: index + 1, dot: [rate, list[nearest(rates, rate)]],
    }];
  });
  const best = lines.map(({points, number}) => [
    short(points.reduce((low, point) => point[1] < low[1] ? point : low)[0], 3), number]);
  const words = `Height above the lowest place after ${steps} steps`;
  chart(byId('rates'), {
    label: `${words}, over learning rates from ${short(rates[0])} to ${short(rates.at(-1))}; best `
      + `rates: ${best.map(([rate, number]) => `marble ${number} ${rate}`).join(', ')}`,
    lines, reference: start,
    x: {name: 'learning rate', low: rates[0], high: rates.at(-1), log: true},
    y: {low: bottom, high: ceiling, log: true},
  });
  byId('rates').append(make('p', {class: 'hint'}, `${words}; dotted: the start. Lowest at `
    + `${best.map(([rate, number]) => `${rate} (${number})`).join(', ')}.`));
}, error => {
  if (!error.field) return warn(error);
  put('rates', error.field === 'marbles' ? 'These methods have no learning rate.' : '');
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
