// The steps of all marbles, fetched in pieces before they are shown.
import {ask} from './server.js';
import {report} from './changes.js';
import {invalidate, state} from './scene.js';

/** Steps that are asked for at once, and the most of them. */
const PIECE = 240;
const MOST = 900;
/** Steps that are to be there before they are shown. */
const AHEAD = 90;
/** What is known of each step. */
const LISTS = ['place', 'height', 'gradient', 'rate', 'memory'];

/** For each marble lists with a value for each step; see `RaceSteps` of the server. */
export let paths = [];
let have = 0;
let version = 0;
let isFetching = false;

/** Forgets all steps after one. */
export function forget(after) {
  version++;
  isFetching = false;
  have = Math.min(have, after + 1);
  for (const path of paths) {
    for (const name of LISTS) path[name].length = Math.min(path[name].length, have);
    if (path.lastStep >= after) path.lastStep = null;
  }
}

/** Whether a step is there. */
export const has = step => step < have;

/** Sees to it that a step is there, or comes soon. */
export async function want(step) {
  const limit = state.steps;
  if (isFetching || have > limit || have > step + AHEAD) return;
  await fetchSteps(have, Math.min(limit, Math.max(have + PIECE, Math.min(step + 1, have + MOST))));
}

/** Replaces all steps up to one with those of the present race, without a gap in between. */
export async function replace(step) {
  version++;
  await fetchSteps(0, Math.min(state.steps, Math.max(step + 1, 60), MOST));
}

async function fetchSteps(first, last) {
  const asked = version;
  isFetching = true;
  try {
    const {marbles} = await ask('/playground/steps', {race: state.race, steps: last, first});
    if (asked !== version) return;
    if (first === 0) paths = [];
    marbles.forEach((piece, index) => {
      const path = paths[index] ??= Object.fromEntries(LISTS.map(name => [name, []]));
      for (const name of LISTS) path[name].push(...piece[name]);
      path.lastStep = piece.last_step ?? null;
    });
    have = last + 1;
    isFetching = false;
    if (!has(Math.floor(state.step))) want(state.step);
    invalidate();
  } catch (error) {
    if (asked !== version) return;
    isFetching = false;
    report(error);
  }
}

/** Where a marble is at a step that may have a fraction; where it was last if it has left. */
export function placeAt(path, step) {
  const last = path.place.length - 1;
  const low = Math.min(Math.floor(step), last);
  const high = Math.min(low + 1, last);
  const part = Math.min(step, last) - low;
  return path.place[low].map((value, axis) => value + part * (path.place[high][axis] - value));
}

/** The last step up to one at which a marble was near the map. */
export const indexAt = (path, step) => Math.min(Math.floor(step), path.place.length - 1);
