// A small network that trains, and all that one can change of it.
import {
  attempt, byId, listenToKeys, objective, offer, on, parsed, put, say, written,
} from './text.js';
import {ask, fetched} from './server.js';
import {fieldsOfLink, keepInAddress, refuseLink} from './keep.js';
import {followLook} from './look.js';
import {showLoss, showSketch, showWalk, walk} from './learning.js';
import {drawNetwork, drawPlane, planePlace, takePictures} from './neurons.js';

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
/** Networks with the steps at which they were left, by all that was chosen for them. */
const trained = new Map();
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
const isSketch = () => page.net.data === 'sketches';
const rate = () => page.net.changes?.at(-1)?.rate ?? page.net.rate;
const valueOf = id => Number(byId(id).value);

function load() {
  const read = fieldsOfLink(Object.keys(page));
  if (!read) return;
  if (Array.isArray(read.net?.layers) && typeof read.net.optimizer === 'string') {
    page = {...page, ...read};
  } else {
    refuseLink('it has no network');
  }
}

// MARK: Asking

const question = step => ({
  state: page.net, step, sample: page.sample, isCoarse: isPlaying,
  withPoints: JSON.stringify(page.net) !== pointsOf,
});

/** Goes to a step, in as many answers as it takes; tells whether it is there, and shown. */
async function goTo(target) {
  const own = ++version;
  try {
    do {
      const asked = JSON.stringify(page.net);
      const found = await ask('/network/step', question(target));
      if (own !== version) return false;
      shown = found;
      page.step = found.step;
      if (found.plane?.points) [points, pointsOf] = [found.plane.points, asked];
      tell(found.end ?? '');
      if (found.end) setPlaying(false);
      show();
    } while (page.step < target && !shown.end);
    return true;
  } catch (error) {
    if (own === version) report(error);
    return false;
  } finally {
    keepInAddress(page);
  }
}

/** Says that something is wrong; if nothing could be computed, what is shown is that of before. */
function tell(message, isOld = false) {
  put('error', message);
  byId('stage').classList.toggle('old', isOld);
}

function report({field, message}) {
  setPlaying(false);
  tell(field ? `${field}: ${message}` : message, true);
}

function setPlaying(value) {
  if (isPlaying === value) return;
  isPlaying = value;
  put('play', value ? 'Pause' : 'Play');
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

/** All that is chosen; what was changed on the way holds from the beginning. */
const settled = () => ({...page.net, rate: rate(), changes: undefined});
const signature = () => JSON.stringify(settled());

/** Makes another network, and goes on with it where it was left, or from the beginning. */
function change(edit) {
  trained.set(signature(), {net: page.net, step: page.step});
  page.net = settled();
  edit(page.net);
  Object.assign(page, trained.get(signature()) ?? {step: 0});
  begin();
}

/** Trains from the beginning. */
function restart() {
  page.net = settled();
  page.step = 0;
  begin();
}

function begin() {
  leave();
  chosen = null;
  showFields();
  goTo(page.step);
}

// MARK: Showing

function showFields() {
  const {name, values: {decay = '', ...values}} = parsed(page.net.optimizer);
  const fields = {
    ...page.net, layers: page.net.layers.join(', '), decay, optimizer: written({name, values}),
    rate: rate(), speed: page.speed, sample: page.sample + 1, sketch: page.sample + 1,
  };
  for (const [id, value] of Object.entries(fields)) if (byId(id)) byId(id).value = value;
}

function show() {
  const {plane, sketch} = shown;
  put('told', shown.words);
  put('layers-words', shown.network);
  for (const part of document.querySelectorAll('.points')) part.hidden = isSketch();
  byId('sketch-view').hidden = !isSketch();
  showLoss(shown, isPlaying);
  if (plane) showPlane(plane);
  if (sketch) showSketch(sketch);
}

function showPlane(view) {
  takePictures(view);
  const {names} = view;
  offer(
    'shown', ['', ...names.keys()].map(String), (_, at) => names[at - 1] ?? 'the whole network');
  if (chosen >= names.length) chosen = null;
  byId('shown').value = chosen ?? '';
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
  if (!await goTo(page.step)) return;
  const own = version;
  put('way', 'Moves every number a little up and down…');
  // What is shown is right, even where it cannot be written down.
  await attempt('error', async () => {
    const ledger = await ask('/network/ledger', question(page.step));
    if (own === version) Object.assign(walk, {ledger, at: 0});
  });
  show();
}

function move(by) {
  walk.at += by;
  show();
}

// MARK: Controls

function listen() {
  const act = {
    play: () => isPlaying ? step(0) : setPlaying(true),
    next: () => step(1),
    epoch: () => step(shown.steps_per_epoch - page.step % shown.steps_per_epoch),
    restart, walk: goThrough, before: () => move(-1), after: () => move(1),
    leave: () => { leave(); show(); },
    there: () => point(['x', 'y'].map(valueOf)),
    clear: () => change(net => { delete net.points; }),
    neurons: ({offsetX, offsetY}) => {
      const found = neurons.find(({x, y, box}) =>
        Math.abs(offsetX - x) < box / 2 && Math.abs(offsetY - y) < box / 2);
      chosen = found && found.number !== chosen ? found.number : null;
      show();
    },
    plane: event => point(
      planePlace(byId('plane'), shown.plane.reach, event.offsetX, event.offsetY)),
  };
  for (const [id, click] of Object.entries(act)) on(id, 'click', click);
  for (const id of NUMBERS) on(id, 'change', () => change(net => { net[id] = valueOf(id); }));
  for (const id of ['data', 'activation']) {
    on(id, 'change', () => change(net => {
      net[id] = byId(id).value;
      if (id === 'activation') return;
      page.sample = 0;
      Object.assign(net, isSketch() ? SKETCHES : POINTS, {points: undefined});
    }));
  }
  on('speed', 'change', () => { page.speed = valueOf('speed'); keepInAddress(page); });
  on('objective', 'change', () => change(net => {
    net.objective = objective(byId('objective').value, all.objectives);
  }));
  on('layers', 'change', () => change(net => {
    net.layers = byId('layers').value.split(/[ ,]+/).filter(Boolean).map(Number);
  }));
  for (const id of ['optimizer', 'decay']) {
    on(id, 'change', () => change(net => {
      const {name, values} = parsed(byId('optimizer').value);
      if (valueOf('decay')) values.decay = byId('decay').value;
      const usual = all.optimizers.find(entry => entry.name === name);
      if (usual && name !== parsed(net.optimizer).name) net.rate = usual.rate;
      net.optimizer = written({name, values});
    }));
  }
  on('rate', 'change', () => {
    const rate = valueOf('rate');
    if (page.step === 0) return change(net => { net.rate = rate; });
    const kept = (page.net.changes ?? []).filter(change => change.step < page.step);
    page.net.changes = [...kept, {step: page.step, rate}];
    goTo(page.step);
  });
  for (const id of ['sample', 'sketch']) {
    on(id, 'change', () => {
      const last = isSketch() ? page.net.count : points.length;
      page.sample = Math.min(last, Math.max(1, Math.round(valueOf(id)) || 1)) - 1;
      byId(id).value = page.sample + 1;
      leave();
      goTo(page.step);
    });
  }
  on('shown', 'change', () => {
    chosen = byId('shown').value === '' ? null : valueOf('shown');
    show();
  });
  listenToKeys({' ': 'play', '.': 'next', e: 'epoch', 0: 'restart'});
  addEventListener('resize', () => { if (shown) show(); });
}

/** Chooses the point nearest to a place, or adds one there. */
function point(place) {
  const kind = byId('click').value;
  const {reach} = shown.plane;
  if (!place.every(part => Math.abs(part) <= reach)) {
    return tell(`x and y: expected numbers from −${reach} to ${reach}`);
  }
  if (kind !== 'choose') {
    return change(net => { net.points = [...net.points ?? [], [...place, Number(kind)]]; });
  }
  const far = ([x, y]) => Math.hypot(x - place[0], y - place[1]);
  page.sample = points.reduce((best, other, at) => far(other) < far(points[best]) ? at : best, 0);
  byId('sample').value = page.sample + 1;
  say(`Point ${page.sample + 1} is chosen, of class ${points[page.sample][2]}.`);
  goThrough();
}

all = await fetched('/network/catalogue');
offer('data', all.data);
offer('activation', all.activations);
offer('objectives', all.objectives);
offer('optimizers', all.optimizers.map(entry => entry.name));
load();
showFields();
listen();
showWalk();
followLook(() => { if (shown) show(); });
goTo(page.step);
