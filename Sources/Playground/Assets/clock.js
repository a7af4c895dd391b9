// Time: play, pause, step. Each frame has its picture, and at times the numbers beside it.
import {byId, put, say, short} from './text.js';
import {chart} from './chart.js';
import * as race from './race.js';
import {showCommand} from './fields.js';
import {drawGround} from './ground.js';
import {drawLandscape} from './landscape.js';
import {showRates} from './maps.js';
import {follow} from './marbles.js';
import {
  colorOf, handle, invalidate, isMap, nameOf, save, scene, shownStep, state, wholeStep,
} from './scene.js';
import {hideWords, showTable, showWords} from './words.js';

// MARK: Time

let lastFrame = 0;

export function setPlaying(value) {
  if (scene.isPlaying === value) return;
  scene.isPlaying = value;
  const [button, word] = [byId('play'), value ? 'Pause' : 'Play'];
  button.setAttribute('aria-label', word);
  button.querySelector('span').textContent = word;
  button.querySelector('path').setAttribute(
    'd', value ? 'M7 5h3v14H7zM14 5h3v14h-3z' : 'M7 4v16l13-8z');
  lastFrame = performance.now();
  if (!value) {
    state.step = wholeStep();
    settle();
  }
  invalidate();
}

/** Plays, from the start if the end is reached, or pauses. */
export function toggle() {
  if (!scene.isPlaying && hasEnded()) state.step = 0;
  setPlaying(!scene.isPlaying);
}

export function goTo(step) {
  setPlaying(false);
  state.step = Math.min(Math.max(0, step), state.steps);
  race.want(state.step);
  settle();
  invalidate();
}

/** After the marbles have come to a stop: words, numbers and the address. */
export function settle() {
  save();
  explain(true);
  follow(wholeStep());
  showRates();
  showCommand();
}

/** Shows the arithmetic of the step; says where the marbles are if that is wanted. */
function explain(isSpoken = false) {
  const step = wholeStep();
  showWords(step, outcomes => {
    if (scene.surface) showTable(step);
    if (!isSpoken) return;
    say(`Step ${step}. ` + scene.marbles.map((_, index) => {
      const path = race.paths[index];
      const height = path?.height[race.indexAt(path, step)];
      return `${nameOf(index)}: height ${short(height)}, ${outcomes[index]}`;
    }).join('; '));
  });
}

function hasEnded() {
  return state.step >= state.steps || race.paths.length > 0
    && race.paths.every(path => path.lastStep !== null && state.step > path.lastStep + 1);
}

/** Moves time on to that of a frame. */
function advance(now) {
  // The time of a frame may lie before the click that began it.
  const passed = Math.min(0.25, Math.max(0, (now - lastFrame) / 1000));
  lastFrame = now;
  const next = state.step + passed * state.speed;
  race.want(next);
  if (race.has(Math.floor(next))) state.step = Math.min(next, state.steps);
  if (hasEnded()) setPlaying(false);
  invalidate();
}

// MARK: Frames

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
    drawLandscape(step);
  } else {
    const {x, y} = drawGround(step);
    const {start} = scene.surface;
    handle.style.left = `${x.at(start[0])}px`;
    handle.style.top = `${y.at(start[1] ?? race.paths[0].height[0])}px`;
  }
  byId('axes').toggleAttribute('hidden', is3D);
  handle.hidden = is3D;
}

function showNumbers(step) {
  byId('step').value = step;
  put('step-text', step);
  showTable(step);
  showValues(step);
  if (!scene.isPlaying) return;
  follow(step);
  if (state.speed <= READABLE) explain();
  else hideWords();
}

/** The heights so far; logarithms of heights above the lowest place, if that is known. */
function showValues(step) {
  const lowest = scene.surface.lowest ?? null;
  const value = height => lowest === null ? height : Math.max(height - lowest, 1e-12);
  const lines = race.paths.map((path, index) => {
    const last = race.indexAt(path, step);
    const stride = Math.max(1, Math.ceil(last / 280));
    const points = [];
    for (let at = 0; at < last; at += stride) points.push([at, value(path.height[at])]);
    points.push([last, value(path.height[last])]);
    return {
      points, number: index + 1, color: colorOf(index), dashes: scene.marbles[index]?.dashes,
    };
  });
  chart(byId('values'), {
    label: `Height ${lowest === null ? '' : 'above the lowest place '}over steps; at step ${step}: `
      + lines.map(line => `marble ${line.number} ${short(line.points.at(-1)[1])}`).join(', '),
    lines, x: {name: 'step'}, y: {log: lowest !== null}, cursor: step,
  });
  put('values-hint', lowest === null
    ? 'Height; the lowest place is not known.'
    : `Height above the lowest place, ${short(lowest)}.`);
}
