// One frame: the picture, and at times the numbers beside it.
import {byId, put, short} from './text.js';
import {state} from './state.js';
import * as race from './race.js';
import {chart} from './chart.js';
import {advance, explain} from './clock.js';
import {drawGround} from './ground.js';
import {drawLandscape} from './landscape.js';
import * as cards from './marbles.js';
import {canvas, handle, isMap, scene, shownStep} from './scene.js';
import {hideWords, showTable} from './words.js';

/** Milliseconds from one change of the numbers to the next while marbles roll. */
const PACE = 90;
/** Steps a second up to which the arithmetic can be read. */
const READABLE = 4;

let numbersStep = -1;
let numbersAt = 0;

export function frame(now) {
  requestAnimationFrame(frame);
  if (scene.isPlaying) advance(now);
  if (!scene.isDirty || !scene.surface || !scene.ground || !race.paths.length) return;
  scene.isDirty = false;
  const step = shownStep();
  paint(step);
  const whole = Math.floor(step);
  if (now - numbersAt < PACE && (scene.isPlaying || whole === numbersStep)) {
    // What is put off is not forgotten.
    if (!scene.isPlaying) scene.isDirty = true;
    return;
  }
  [numbersStep, numbersAt] = [whole, now];
  showNumbers(whole);
}

function paint(step) {
  const is3D = state.view === 'landscape' && isMap();
  if (is3D) {
    drawLandscape(canvas, scene, step);
  } else {
    const drawn = drawGround(canvas, scene, step);
    const {start} = scene.surface;
    handle.style.setProperty('left', `${drawn.across(start[0])}px`);
    handle.style.setProperty('top', `${drawn.down(start[1] ?? race.paths[0].height[0])}px`);
  }
  byId('axes').toggleAttribute('hidden', is3D);
  handle.hidden = is3D;
}

function showNumbers(step) {
  byId('step').value = step;
  put('step-text', step);
  showTable(scene, step);
  showValues(step);
  if (!scene.isPlaying) return;
  cards.follow(byId('marbles'), step);
  if (state.speed <= READABLE) explain();
  else hideWords();
}

/** The heights so far; logarithms of heights above the lowest place, if that is known. */
function showValues(step) {
  const lowest = scene.surface.lowest ?? null;
  const value = height => lowest === null ? height : Math.max(height - lowest, 1e-14);
  const lines = race.paths.map((path, index) => {
    const last = race.indexAt(path, step);
    const stride = Math.max(1, Math.ceil(last / 280));
    const points = [];
    for (let at = 0; at < last; at += stride) points.push([at, value(path.height[at])]);
    points.push([last, value(path.height[last])]);
    return {
      points, dot: points.at(-1), number: index + 1,
      color: scene.marbles[index]?.colors[scene.theme], dashes: scene.marbles[index]?.dashes,
    };
  });
  const values = lines.flatMap(line => line.points.map(point => point[1]));
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (lowest === null) {
    const room = (high - low || 1) * 0.06;
    [low, high] = [low - room, high + room];
  } else {
    low = 10 ** Math.floor(Math.log10(Math.max(low, 1e-12)));
    high = Math.max(10 ** Math.ceil(Math.log10(high)), low * 10);
  }
  chart(byId('values'), {
    label: `Height ${lowest === null ? '' : 'above the lowest place '}over steps; at step ${step}: `
      + lines.map(line => `marble ${line.number} ${short(line.dot[1])}`).join(', '),
    lines, x: {name: 'step', low: 0, high: Math.max(10, step)},
    y: {low, high, log: lowest !== null}, cursor: step,
  });
  put('values-hint', lowest === null
    ? 'Height; the lowest place is not known.'
    : `Height above the lowest place, ${short(lowest)}.`);
}
