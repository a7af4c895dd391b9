// A small network that trains, and all that one can change of it.
import {byId, make, parsed, say, short, written} from './text.js';
import {answer, ask, FieldError} from './server.js';
import {fieldsOfLink, refuseLink} from './keep.js';
import {followLook} from './look.js';
import {showLoss, showSketch} from './learning.js';
import {showWalk, walk} from './ledger.js';
import {columns, drawNetwork, drawPlane, neuronName, paint, planePlace} from './neurons.js';

/** What suits sketches, and points. */
const SKETCHES = {count: 200, layers: [8, 8], activation: 'relu', rate: 0.003};
const POINTS = {count: 300, layers: [4, 4], activation: 'tanh', rate: 0.01};

/** What the address keeps; the state is `NetworkState` of the server. */
let page = {
  net: {
    ...POINTS, data: 'circles', noise: 0.2, validation: 0.3, seed: 1, objective: 'cross-entropy',
    optimizer: 'adam', batch: 16,
  },
  step: 0, sample: 0, speed: 5,
};
/** The last answer, its points, and the state that they belong to. */
let shown = null;
let points = [];
let pointsOf = '';
/** The number of the picture in the plane; null for the whole network. */
let chosen = null;
let neurons = [];
let isPlaying = false;
/** Grows with everything that is asked for; only the last is shown. */
let version = 0;
/** Grows with every time it plays. */
let turn = 0;
let all = null;

const NUMBERS = ['count', 'noise', 'validation', 'seed', 'batch'];
const TEXTS = ['data', 'activation', 'objective'];
const isSketch = () => page.net.data === 'sketches';
const rate = () => page.net.changes?.at(-1)?.rate ?? page.net.rate;
const percent = ({correct, count}) => `${(100 * correct / count).toFixed(1)}%`;

// MARK: The address

function load() {
  const read = fieldsOfLink(Object.keys(page));
  if (!read) return;
  if (Array.isArray(read.net?.layers) && typeof read.net.optimizer === 'string') {
    page = {...page, ...read};
  } else {
    refuseLink('it has no network');
  }
}

let timer = null;

function save() {
  clearTimeout(timer);
  timer = setTimeout(() => history.replaceState(
    null, '', `#${encodeURIComponent(JSON.stringify(page))}`), 300);
}

// MARK: Asking

const question = step => ({
  state: page.net, step, sample: page.sample, isCoarse: isPlaying,
  withPoints: JSON.stringify(page.net) !== pointsOf,
});

/** Goes to a step, in as many answers as it takes. */
async function goTo(target) {
  const own = ++version;
  try {
    do {
      const asked = JSON.stringify(page.net);
      const found = await ask('/network/step', question(target));
      if (own !== version) return;
      shown = found;
      page.step = found.step;
      if (found.plane?.points) [points, pointsOf] = [found.plane.points, asked];
      byId('error').textContent = found.end ?? '';
      if (found.end) setPlaying(false);
      show();
    } while (page.step < target && !shown.end);
  } catch (error) {
    if (own === version) report(error);
  }
  save();
}

function report(error) {
  setPlaying(false);
  byId('error').textContent = error instanceof FieldError ? `${error.field}: ${error.message}`
    : error.message;
}

function setPlaying(value) {
  if (isPlaying === value) return;
  isPlaying = value;
  byId('play').textContent = value ? 'Pause' : 'Play';
  if (value) play();
}

async function play() {
  const own = ++turn;
  leave();
  while (isPlaying && own === turn) {
    await goTo(page.step + page.speed);
    await new Promise(requestAnimationFrame);
  }
}

/** Stops, and takes some steps. */
async function step(count) {
  setPlaying(false);
  leave();
  await goTo(page.step + count);
  say(byId('told').textContent);
}

/** Trains from the beginning, with whatever was changed. */
function restart() {
  leave();
  chosen = null;
  // What was changed on the way holds from the beginning.
  page.net.rate = rate();
  delete page.net.changes;
  page.step = 0;
  showFields();
  goTo(0);
}

// MARK: Showing

function showFields() {
  for (const id of [...NUMBERS, ...TEXTS]) byId(id).value = page.net[id];
  const {name, values} = parsed(page.net.optimizer);
  byId('decay').value = values.decay ?? '';
  delete values.decay;
  byId('optimizer').value = written({name, values});
  byId('layers').value = page.net.layers.join(', ');
  byId('rate').value = rate();
  byId('speed').value = page.speed;
  byId('sample').value = byId('sketch').value = page.sample + 1;
}

function show() {
  const {test, validation, training, plane, sketch} = shown;
  byId('told').textContent = `Step ${shown.step}, epoch ${shown.epoch}: it gets ${test.correct} of `
    + `${test.count} new ${isSketch() ? 'sketches' : 'points'} right (${percent(test)}). `
    + `Loss ${short(training.loss)} on the ${training.count} it trains on`
    + (validation ? `, ${short(validation.loss)} on ${validation.count} held out.` : '.');
  byId('layers-words').textContent = `${shown.layers} · ${shown.parameter_count} parameters`;
  for (const part of document.querySelectorAll('.points')) part.hidden = isSketch();
  byId('sketch-view').hidden = !isSketch();
  showLoss(shown, isPlaying);
  if (plane) showPlane(plane);
  if (sketch) showSketch(sketch);
}

function showPlane(view) {
  paint(view);
  const sizes = columns(view);
  const names = sizes.slice(1).flatMap((count, layer) =>
    Array.from({length: count}, (_, place) => neuronName(layer + 1, place, sizes)));
  const select = byId('shown');
  if ([...select.options].slice(1).map(option => option.text).join() !== names.join()) {
    select.replaceChildren(make('option', {value: ''}, 'the whole network'),
      ...names.map((name, value) => make('option', {value}, name)));
  }
  if (chosen >= names.length) chosen = null;
  select.value = chosen ?? '';
  neurons = drawNetwork(byId('neurons'), byId('numbers'), view, {chosen, ...walk});
  drawPlane(byId('plane'), byId('axes'), view, {
    picture: chosen ?? names.length, isAnswer: chosen === null, points,
    training: shown.training.count, sample: page.sample,
    label: `The plane as ${chosen === null ? 'the whole network' : names[chosen]} sees it, with `
      + `${points.length} points. ${byId('told').textContent}`,
  });
  showWalk();
}

// MARK: Backpropagation

function leave() {
  walk.ledger = null;
  showWalk();
}

async function goThrough() {
  setPlaying(false);
  await goTo(page.step);
  byId('way').textContent = 'Moves every number a little up and down…';
  try {
    walk.ledger = await ask('/network/ledger', question(page.step));
    walk.at = 0;
    show();
  } catch (error) {
    report(error);
  }
}

function move(by) {
  walk.at += by;
  show();
}

// MARK: Controls

function listen() {
  const on = (id, kind, act) => byId(id).addEventListener(kind, act);
  on('play', 'click', () => isPlaying ? step(0) : setPlaying(true));
  on('next', 'click', () => step(1));
  on('epoch', 'click', () => step(shown.steps_per_epoch - page.step % shown.steps_per_epoch));
  on('restart', 'click', restart);
  on('walk', 'click', goThrough);
  on('before', 'click', () => move(-1));
  on('after', 'click', () => move(1));
  on('leave', 'click', () => { leave(); show(); });
  on('speed', 'change', () => { page.speed = Number(byId('speed').value); save(); });
  for (const id of NUMBERS) on(id, 'change', () => { page.net[id] = Number(byId(id).value); restart(); });
  for (const id of TEXTS) {
    on(id, 'change', () => {
      page.net[id] = byId(id).value;
      if (id === 'data') {
        page.sample = 0;
        delete page.net.points;
        delete page.net.changes;
        Object.assign(page.net, isSketch() ? SKETCHES : POINTS);
      }
      restart();
    });
  }
  on('layers', 'change', () => {
    page.net.layers = byId('layers').value.split(/[ ,]+/).filter(Boolean).map(Number);
    restart();
  });
  const optimizer = () => {
    const {name, values} = parsed(byId('optimizer').value);
    if (Number(byId('decay').value)) values.decay = byId('decay').value;
    const usual = all.optimizers.find(entry => entry.name === name);
    if (usual && name !== parsed(page.net.optimizer).name) {
      delete page.net.changes;
      page.net.rate = usual.rate;
    }
    page.net.optimizer = written({name, values});
    restart();
  };
  on('optimizer', 'change', optimizer);
  on('decay', 'change', optimizer);
  on('rate', 'change', () => {
    const rate = Number(byId('rate').value);
    if (page.step === 0) {
      page.net.rate = rate;
      return restart();
    }
    const kept = (page.net.changes ?? []).filter(change => change.step < page.step);
    page.net.changes = [...kept, {step: page.step, rate}];
    goTo(page.step);
  });
  for (const id of ['sample', 'sketch']) {
    on(id, 'change', () => {
      const last = isSketch() ? page.net.count : points.length;
      page.sample = Math.min(last, Math.max(1, Math.round(Number(byId(id).value)) || 1)) - 1;
      byId(id).value = page.sample + 1;
      leave();
      goTo(page.step);
    });
  }
  on('shown', 'change', () => {
    chosen = byId('shown').value === '' ? null : Number(byId('shown').value);
    show();
  });
  on('neurons', 'click', event => {
    const found = neurons.find(({x, y, box}) =>
      Math.abs(event.offsetX - x) < box / 2 && Math.abs(event.offsetY - y) < box / 2);
    chosen = found && found.number !== chosen ? found.number : null;
    show();
  });
  on('plane', 'click', event => point(
    planePlace(byId('plane'), shown.plane.reach, event.offsetX, event.offsetY)));
  on('there', 'click', () => point([byId('x'), byId('y')].map(field => Number(field.value))));
  on('clear', 'click', () => { delete page.net.points; restart(); });
  document.addEventListener('keydown', event => {
    const isTaken = event.target.matches('input, select, button, summary, a, pre');
    const id = {' ': 'play', '.': 'next', e: 'epoch', 0: 'restart'}[event.key];
    if (isTaken || event.ctrlKey || event.metaKey || event.altKey || !id) return;
    event.preventDefault();
    byId(id).click();
  });
  addEventListener('resize', () => { if (shown) show(); });
}

/** Chooses the point nearest to a place, or adds one there. */
function point(place) {
  const kind = byId('click').value;
  const {reach} = shown.plane;
  if (!place.every(part => Math.abs(part) <= reach)) {
    byId('error').textContent = `x and y: expected numbers from −${reach} to ${reach}`;
    return;
  }
  if (kind !== 'choose') {
    page.net.points = [...page.net.points ?? [], [...place, Number(kind)]];
    return restart();
  }
  const far = ([x, y]) => Math.hypot(x - place[0], y - place[1]);
  page.sample = points.reduce((best, other, at) => far(other) < far(points[best]) ? at : best, 0);
  byId('sample').value = page.sample + 1;
  say(`Point ${page.sample + 1} is chosen, of class ${points[page.sample][2]}.`);
  goThrough();
}

const options = (id, names) => byId(id).replaceChildren(
  ...names.map(name => make('option', {value: name}, name)));

all = await (await answer('/network/catalogue')).json();
options('data', all.data);
options('activation', all.activations);
options('objectives', all.objectives);
options('optimizers', all.optimizers.map(entry => entry.name));
load();
showFields();
listen();
showWalk();
followLook(() => { if (shown) show(); });
goTo(page.step);
