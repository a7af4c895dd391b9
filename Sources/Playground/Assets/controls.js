// What keys, the mouse and the fields do.
import {byId, short} from './text.js';
import {copy, download} from './keep.js';
import {figure} from './questions.js';
import {address, save, state} from './state.js';
import {
  addMarble, beginAnew, chooseSurface, moveStart, refreshBasins, renew, report,
} from './changes.js';
import {goTo, settle, toggle} from './clock.js';
import {showChoices, showView} from './fields.js';
import {frameFor} from './ground.js';
import {turn} from './landscape.js';
import {canvas, figureSteps, handle, invalidate, scene} from './scene.js';

/** Steps a second at the ends of the slider. */
const SPEEDS = 120;
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

export function showSpeed() {
  byId('speed').value = Math.log(state.speed) / Math.log(SPEEDS);
  byId('speed-text').textContent = short(state.speed, 2);
  byId('speed').setAttribute('aria-valuetext', `${short(state.speed, 2)} steps per second`);
}

export function listenToTime() {
  byId('play').addEventListener('click', toggle);
  byId('first').addEventListener('click', () => goTo(0));
  byId('back').addEventListener('click', () => goTo(Math.ceil(state.step) - 1));
  byId('next').addEventListener('click', () => goTo(Math.floor(state.step) + 1));
  byId('step').addEventListener('input', event => goTo(Number(event.target.value)));
  byId('steps').addEventListener('change', event => {
    const wanted = Math.round(Number(event.target.value)) || 100;
    state.steps = Math.min(Math.max(1, wanted), scene.all.most_steps);
    state.step = Math.min(state.step, state.steps);
    renew();
  });
  byId('speed').addEventListener('input', event => {
    state.speed = SPEEDS ** Number(event.target.value);
    showSpeed();
    save();
  });
  document.addEventListener('keydown', event => {
    const isTaken = event.target.matches('input, select, button, summary, a, textarea');
    if (isTaken || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {' ': 'play', '.': 'next', ',': 'back', 0: 'first'};
    if (!(event.key in keys)) return;
    event.preventDefault();
    byId(keys[event.key]).click();
  });
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
  const placeAt = event => {
    const box = canvas.getBoundingClientRect();
    return frameFor(scene.surface, scene.ground, canvas)
      .place(event.clientX - box.left, event.clientY - box.top)
      .slice(0, scene.surface.variables.length);
  };
  let before = null;
  const down = event => {
    if (event.button !== 0) return;
    event.preventDefault();
    scene.isDragging = true;
    before = [event.clientX, event.clientY];
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus({preventScroll: true});
    const isFlat = state.view !== 'landscape';
    if (isFlat && event.currentTarget === canvas) moveStart(placeAt(event), false);
  };
  const move = event => {
    if (!scene.isDragging) return;
    if (state.view === 'landscape') {
      turnLand((event.clientX - before[0]) * 0.008, (event.clientY - before[1]) * 0.006);
    } else {
      moveStart(placeAt(event), false);
    }
    before = [event.clientX, event.clientY];
  };
  const up = () => {
    if (!scene.isDragging) return;
    scene.isDragging = false;
    if (state.view !== 'landscape' && !scene.isPlaying) settle();
  };
  for (const element of [canvas, handle]) {
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
  }
  canvas.addEventListener('keydown', event => {
    if (state.view !== 'landscape' || !(event.key in ARROWS)) return;
    event.preventDefault();
    const [across, up_] = ARROWS[event.key];
    turnLand(across * 0.08, -up_ * 0.06);
  });
  handle.addEventListener('keydown', event => {
    if (!(event.key in ARROWS)) return;
    event.preventDefault();
    const step = event.shiftKey ? 0.05 : 0.01;
    moveStart(scene.surface.start.map((value, axis) => {
      const [low, high] = scene.surface.window[axis];
      const moved = value + ARROWS[event.key][axis] * step * (high - low);
      return Math.min(high, Math.max(low, moved));
    }));
  });
}

export function listenToChoices() {
  for (const radio of document.querySelectorAll('[name=view]')) {
    radio.addEventListener('change', () => {
      state.view = radio.value;
      if (state.view === 'basins') refreshBasins();
      showView();
      save();
      invalidate();
    });
  }
  byId('basin-marble').addEventListener('change', event => {
    state.marble = Number(event.target.value);
    refreshBasins();
  });
  byId('arrows').addEventListener('change', event => {
    scene.arrows = event.target.checked;
    invalidate();
  });
  byId('surface').addEventListener('change', event => {
    if (event.target.value) chooseSurface(event.target.value);
    else byId('formula').focus();
  });
  let timer = null;
  byId('formula').addEventListener('input', event => {
    clearTimeout(timer);
    if (!event.target.value.trim()) return;
    timer = setTimeout(() => chooseSurface(`expr: ${event.target.value}`), 250);
  });
  for (const key of ['noise', 'seed']) {
    byId(key).addEventListener('change', event => {
      state.race[key] = Number(event.target.value);
      renew();
    });
  }
  byId('add').addEventListener('click', addMarble);
  byId('anew').addEventListener('click', beginAnew);
}

export function listenToSaving() {
  byId('save').addEventListener('click', async () => {
    const [kind, format] = [byId('figure-kind').value, byId('figure-format').value];
    const theme = scene.theme === 'dark' ? 'synthwave' : 'light';
    try {
      const blob = await figure({race: state.race, steps: figureSteps(), kind, format, theme});
      download(blob, `${kind}.${format}`);
    } catch (error) {
      report(error);
    }
  });
  byId('copy').addEventListener('click', event => copy(event.target, byId('command').textContent));
  byId('link').addEventListener(
    'click', event => copy(event.target, `${location.origin}/${address()}`));
}
