// Runs as they train: joins list, curves and form.
import {
  attempt, byId, images, latest, make, offer, on, put, say, short, update,
} from './text.js';
import {addressOf} from './keep.js';
import {followLook, look} from './look.js';
import {ask, tellOf} from './server.js';
import {showRuns, showTrainings} from './runs.js';
import {HALF_LIVES, automaticHalfLife, drawLayers, drawRuns, tabulateRuns} from './curves.js';
import {listenToForm, showFolder} from './start.js';
import {showSteering} from './steer.js';
import {folded, listenToWorst, showWorst} from './worst.js';

/** Runs that can be shown at once. */
const MOST = 12;

let list = {runs: [], trainings: []};
/** Names of the runs that are shown, in order; nil before one was chosen. */
let chosen = null;
const curves = new Map();
let keys = new Map();
/** The half-life in steps; nil for one that fits. */
let halfLife = null;
/** The number of the training that was started last, until its run is shown. */
let awaited = null;

// MARK: State

function readChoice() {
  try {
    const names = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    if (Array.isArray(names)) return names.filter(name => typeof name === 'string').slice(0, MOST);
  } catch { /* There is none. */ }
  return null;
}

function choose(name, isChosen) {
  if (isChosen && chosen.length >= MOST) {
    put('error', `${MOST} runs are shown at most; clear one first`);
    show();
    return;
  }
  put('error', '');
  chosen = isChosen ? [...chosen, name] : chosen.filter(other => other !== name);
  keepChoice();
  renew();
}

const keepChoice = () => history.replaceState(null, '', addressOf(chosen));

// MARK: Asking

/** Whether the message that is shown says that nothing was renewed. */
let hasFailed = false;

const renew = latest(async () => {
  list = await ask('/training/runs');
  const names = new Set(list.runs.map(run => run.name));
  if (!chosen) {
    const first = names.has(list.opened) ? list.opened : list.runs[0]?.name;
    chosen = readChoice() ?? (first ? [first] : null);
  }
  const fresh = list.runs.find(run => awaited && run.training === awaited);
  if (fresh) {
    awaited = null;
    chosen = [...(chosen ?? []).filter(name => name !== fresh.name), fresh.name].slice(-MOST);
    keepChoice();
  }
  const wanted = (chosen ?? []).filter(name => names.has(name));
  const known = Object.fromEntries(
    wanted.filter(name => curves.has(name)).map(name => [name, curves.get(name).version]));
  const answer = await ask('/training/curves', {runs: wanted, known});
  keys = new Map(answer.keys.map(key => [key.name, key]));
  for (const run of answer.runs) {
    announce(curves.get(run.name), run);
    curves.set(run.name, run);
  }
  for (const name of curves.keys()) if (!wanted.includes(name)) curves.delete(name);
  show();
  if (hasFailed) put('error', '');
  hasFailed = false;
}, error => {
  hasFailed = !error.isGone;
  if (hasFailed) put('error', error.message);
});

/** Says what is new of a run whose epoch or end has come. */
function announce(before, run) {
  if (!before) return;
  if (before.progress.epoch === run.progress.epoch && before.status === run.status) return;
  const loss = run.epochs.at(-1)?.[6];
  say(`${run.name}: ${keys.get(run.name).words}`
    + (typeof loss === 'number' ? `, validation loss ${short(loss)}` : ''));
}

// MARK: Showing

const shownRuns = () => (chosen ?? []).filter(name => curves.has(name) && keys.has(name))
  .map((name, place) => ({run: curves.get(name), key: keys.get(name), place}));

function showSmoothing(shown) {
  const longest = Math.max(0, ...shown.map(({run}) => run.steps.at(-1)?.[0] ?? 0));
  const steps = halfLife ?? automaticHalfLife(longest);
  byId('smoothing').value = HALF_LIVES.indexOf(steps);
  byId('smoothing').setAttribute('aria-valuetext', steps ? `half-life of ${steps} steps` : 'off');
  put('smoothing-text', steps
    ? `half-life ${steps} ${steps === 1 ? 'step' : 'steps'}: a batch that long ago counts half`
    : 'off: every batch as it was');
  return steps;
}

function show() {
  const shown = shownRuns();
  const steps = showSmoothing(shown);
  const style = {look: look(), halfLife: steps, isLogarithmic: byId('logarithmic').checked};
  showRuns({
    runs: list.runs, chosen: shown.map(({run}) => run.name), keys, look: look(),
    act: {choose, stop, goOn: list.can_start ? goOn : null},
  });
  showTrainings(list.trainings, list.runs, {stop});
  showSteering(list.runs);
  if (list.can_start) showFolder(list.folder);
  // The page of one run has no other pages beside it.
  byId('pages').hidden = Boolean(list.opened);
  byId('start-section').hidden = !list.can_start;
  put('folder', list.folder ? `Runs of the folder “${list.folder}”, known from their files.` : '');
  byId('no-choice').hidden = shown.length > 0;
  byId('pictures').hidden = shown.length === 0;
  if (shown.length === 0) return;
  drawRuns(shown, style);
  tabulateRuns(shown, style);
  update(byId('progress'), ...shown.map(({run, key: {label, words, time}, place}) => make(
    'li', {}, `${place + 1} ${label}: ${words}${time ? `; ${time}` : ''}`,
    ...run.problems.map(problem => make('span', {class: 'error'}, ` ${problem}`)))));
  showLayers(shown);
}

function showLayers(shown) {
  offer('layers-of', shown.map(({run}) => run.name), (name, at) =>
    `${at + 1} ${shown[at].key.label}`);
  const run = curves.get(byId('layers-of').value);
  drawLayers(run, look());
  showFilters(run);
  showWorst(run);
}

const showFilters = folded('filters', run => ({run: run.name}), found => {
  const {layer, shape, step, count, pictures} = found;
  update(byId('filters'), ...images(pictures, 'Filter', 0));
  put('filters-words', `Layer ${layer}, ${shape}, step ${step}: `
    + `${pictures.length < count ? `the first ${pictures.length} of` : 'all'} ${count}, `
    + 'each on its own scale, gray is zero.');
});

// MARK: Starting and stopping

const act = (path, question, words) => attempt('error', async () => {
  await ask(`/training/${path}`, question);
  say(words);
});

const stop = training => act('stop', {training}, `Training ${training} saves and stops.`);
const goOn = name => act('start', {resume: name}, `${name} goes on.`);

listenToForm(async words => {
  const {training} = await ask('/training/start', {arguments: words});
  awaited = training;
  say(`Training ${training} was started.`);
  renew();
});

// MARK: Beginning

/** Renews when files of runs have changed, or trainings that were started here. */
function listen() {
  const events = new EventSource('/training/events');
  events.addEventListener('changed', () => renew());
  // After a break, anything may have changed.
  let isBroken = false;
  events.addEventListener('error', () => {
    isBroken = true;
    tellOf(events.readyState === EventSource.OPEN);
  });
  events.addEventListener('open', () => {
    tellOf(true);
    if (isBroken) renew();
    isBroken = false;
  });
}

byId('smoothing').max = HALF_LIVES.length - 1;
on('smoothing', 'input', event => {
  halfLife = HALF_LIVES[event.target.valueAsNumber];
  show();
});
on('logarithmic', 'change', show);
on('layers-of', 'change', () => showLayers(shownRuns()));
on('filters-box', 'toggle', () => showLayers(shownRuns()));
listenToWorst(() => showLayers(shownRuns()));
followLook(show);
listen();
// The time left shrinks while no file changes.
setInterval(() => { if (list.runs.some(run => run.is_training)) renew(); }, 10_000);
renew();
