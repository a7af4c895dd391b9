// The playground: what its fields, keys and the mouse do, and how it begins.
import {byId, listenToDrag, listenToKeys, make, on, put, short} from './text.js';
import {fetched} from './server.js';
import {listenToKeeping} from './keep.js';
import {
  addMarble, beginAnew, choosePreset, chooseSurface, moveStart, refreshBasins, renew,
} from './changes.js';
import {frame, goTo, setPlaying, settle, toggle} from './clock.js';
import {showLook, showView} from './fields.js';
import {followLook} from './look.js';
import {scales} from './ground.js';
import {turn} from './landscape.js';
import {grouped} from './marbles.js';
import {canvas, handle, invalidate, kept, load, question, save, scene, state} from './scene.js';

/** Steps a second at the ends of the slider. */
const SPEEDS = 120;
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

function showSpeed() {
  byId('speed').value = Math.log(state.speed) / Math.log(SPEEDS);
  put('speed-text', short(state.speed, 2));
  byId('speed').setAttribute('aria-valuetext', `${short(state.speed, 2)} steps per second`);
}

function listenToTime() {
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

function listenToGround() {
  const follow = event => {
    const box = canvas.getBoundingClientRect();
    const {x, y} = scales();
    moveStart([x.value(event.clientX - box.left), y.value(event.clientY - box.top)]
      .slice(0, scene.surface.variables.length), false);
  };
  const isFlat = () => state.view !== 'landscape';
  let before = null;
  for (const element of [canvas, handle]) {
    listenToDrag(element, event => {
      before = event;
      element.focus({preventScroll: true});
      if (isFlat() && element === canvas) follow(event);
      return true;
    }, event => {
      const [across, down] = [event.clientX - before.clientX, event.clientY - before.clientY];
      if (isFlat()) follow(event);
      else turnLand(across * 0.008, down * 0.006);
      before = event;
    }, () => { if (isFlat() && !scene.isPlaying) settle(); });
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

function listenToChoices() {
  on('views', 'change', event => {
    state.view = event.target.value;
    refreshBasins();
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
  listenToKeeping('/playground/figure', {
    map: 'paths', landscape: 'landscape', rates: 'learning rates', basins: 'basins',
  }, question, kept);
}

// MARK: Beginning

function offer({surfaces, words, presets}) {
  byId('surface').append(
    make('option', {value: ''}, 'your own formula'),
    ...grouped(surfaces, ({dimension}) => dimension === 1 ? 'curves' : 'surfaces'));
  put('functions', words);
  byId('presets').append(...presets.map(
    preset => make('button', {click: () => choosePreset(preset)}, preset.name)));
}

scene.all = await fetched('/playground/catalogue');
offer(scene.all);
listenToTime();
listenToGround();
listenToChoices();
followLook(showLook);
new ResizeObserver(invalidate).observe(canvas);
addEventListener('hashchange', () => {
  if (!load()) return;
  setPlaying(false);
  put('sentence', '');
  showSpeed();
  renew({isGroundNew: true});
});
requestAnimationFrame(frame);
if (load()) await renew({isGroundNew: true});
else choosePreset(scene.all.presets.find(preset => preset.name === 'The saddle'));
showSpeed();
