// Time: play, pause, step, and what is said when the marbles stand still.
import {byId, say, short} from './text.js';
import {save, state} from './state.js';
import * as race from './race.js';
import * as cards from './marbles.js';
import {invalidate, scene, wholeStep} from './scene.js';
import {showCommand, showRatesNow} from './fields.js';
import {showTable, showWords} from './words.js';

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
  cards.follow(byId('marbles'), wholeStep());
  showRatesNow();
  showCommand();
}

/** Shows the arithmetic of the step; says where the marbles are if that is wanted. */
export function explain(isSpoken = false) {
  const step = wholeStep();
  showWords(step, outcomes => {
    if (scene.surface) showTable(scene, step);
    if (!isSpoken) return;
    say(`Step ${step}. ` + scene.marbles.map((marble, index) => {
      const path = race.paths[index];
      const height = path?.height[race.indexAt(path, step)];
      return `${index + 1} ${marble.name}: height ${short(height)}, ${outcomes[index]}`;
    }).join('; '));
  });
}

function hasEnded() {
  return state.step >= state.steps || race.paths.length > 0
    && race.paths.every(path => path.lastStep !== null && state.step > path.lastStep + 1);
}

/** Moves time on to that of a frame. */
export function advance(now) {
  // The time of a frame may lie before the click that began it.
  const passed = Math.min(0.25, Math.max(0, (now - lastFrame) / 1000));
  lastFrame = now;
  const next = state.step + passed * state.speed;
  race.want(next);
  if (race.has(Math.floor(next))) state.step = Math.min(next, state.steps);
  if (hasEnded()) setPlaying(false);
  invalidate();
}
