// What keys, the mouse and the fields do.
import {byId, listenToKeys, on, put, short} from './text.js';
import {listenToKeeping} from './keep.js';
import {kept, save, state} from './state.js';
import {
  addMarble, beginAnew, chooseSurface, moveStart, refreshBasins, renew, report,
} from './changes.js';
import {goTo, settle, toggle} from './clock.js';
import {showView} from './fields.js';
import {frameFor} from './ground.js';
import {turn} from './landscape.js';
import {canvas, figureSteps, handle, invalidate, scene} from './scene.js';

/** Steps a second at the ends of the slider. */
const SPEEDS = 120;
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

export function showSpeed() {
  byId('speed').value = Math.log(state.speed) / Math.log(SPEEDS);
  put('speed-text', short(state.speed, 2));
  byId('speed').setAttribute('aria-valuetext', `${short(state.speed, 2)} steps per second`);
}

export function listenToTime() {
  on('play', 'click', toggle);
  on('first', 'click', () => goTo(0));
  on('back', 'click', () => goTo(Math.ceil(state.step) - 1));
  on('next', 'click', () => goTo(Math.floor(state.step) + 1));
  on('step', 'input', event => goTo(event.target.valueAsNumber));
  on('steps', 'change', event => {
    const wanted = Math.round(Number(event.target.value)) || 100;
    state.steps = Math.min(Math.max(1, wanted), scene.all.most_steps);
    state.step = Math.min(state.step, state.steps);
    renew();
  });
  on('speed', 'input', event => {
    state.speed = SPEEDS ** event.target.valueAsNumber;
    showSpeed();
    save();
  });
  listenToKeys({' ': 'play', '.': 'next', ',': 'back', 0: 'first'});
}

let turning = null;

/** While the land turns it is drawn coarsely, and then once more. */
function turnLand(across, down) {
  turn(across, down);
  clearTimeout(turning);
  scene.isTurning = true;
  turning = setTimeout(() => {
    scene.isTurning = false;
    invalidate();
  }, 160);
  invalidate();
}

export function listenToGround() {
  const follow = event => {
    const box = canvas.getBoundingClientRect();
    moveStart(frameFor(scene.surface, scene.ground, canvas)
      .place(event.clientX - box.left, event.clientY - box.top)
      .slice(0, scene.surface.variables.length), false);
  };
  const isFlat = () => state.view !== 'landscape';
  let before = null;
  const down = event => {
    if (event.button !== 0) return;
    event.preventDefault();
    scene.isDragging = true;
    before = event;
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus({preventScroll: true});
    if (isFlat() && event.currentTarget === canvas) follow(event);
  };
  const move = event => {
    if (!scene.isDragging) return;
    const [across, down] = [event.clientX - before.clientX, event.clientY - before.clientY];
    if (isFlat()) follow(event);
    else turnLand(across * 0.008, down * 0.006);
    before = event;
  };
  const up = () => {
    if (!scene.isDragging) return;
    scene.isDragging = false;
    if (isFlat() && !scene.isPlaying) settle();
  };
  const listeners = {pointerdown: down, pointermove: move, pointerup: up, pointercancel: up};
  for (const element of [canvas, handle]) {
    for (const [kind, act] of Object.entries(listeners)) element.addEventListener(kind, act);
    element.addEventListener('keydown', event => {
      const arrow = ARROWS[event.key];
      if (!arrow || element === canvas && isFlat()) return;
      event.preventDefault();
      if (element === canvas) return turnLand(arrow[0] * 0.08, -arrow[1] * 0.06);
      const step = event.shiftKey ? 0.05 : 0.01;
      moveStart(scene.surface.start.map((value, axis) => {
        const [low, high] = scene.surface.window[axis];
        return Math.min(high, Math.max(low, value + arrow[axis] * step * (high - low)));
      }));
    });
  }
}

export function listenToChoices() {
  on('views', 'change', event => {
    state.view = event.target.value;
    if (state.view === 'basins') refreshBasins();
    showView();
    save();
    invalidate();
  });
  on('basin-marble', 'change', event => {
    state.marble = Number(event.target.value);
    refreshBasins();
  });
  on('arrows', 'change', event => {
    scene.arrows = event.target.checked;
    invalidate();
  });
  on('surface', 'change', event => {
    if (event.target.value) chooseSurface(event.target.value);
    else byId('formula').focus();
  });
  let timer = null;
  on('formula', 'input', event => {
    clearTimeout(timer);
    if (!event.target.value.trim()) return;
    timer = setTimeout(() => chooseSurface(`expr: ${event.target.value}`), 250);
  });
  for (const key of ['noise', 'seed']) {
    on(key, 'change', event => {
      state.race[key] = Number(event.target.value);
      renew();
    });
  }
  on('add', 'click', addMarble);
  on('anew', 'click', beginAnew);
  listenToKeeping(
    '/playground/figure', () => ({race: state.race, steps: figureSteps()}), kept,
    error => report(error, false));
}
