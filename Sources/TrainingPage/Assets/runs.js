// The list of runs.
import {byId, make, short} from './text.js';
import {duration} from './training-server.js';

/** What a run is doing, by its status: while a process trains it, and otherwise. */
const TRAINING = {running: 'training', paused: 'paused'};
const ENDED = {
  running: 'ended without saying so, can go on', paused: 'ended while paused, can go on',
  interrupted: 'stopped, can go on',
};

/** What a run is doing, in words; `progress` is nil unless its curves are known. */
export function stateWords(run, progress) {
  const parts = [run.is_training ? TRAINING[run.status] ?? 'about to train'
    : ENDED[run.status] ?? run.status];
  if (run.is_training && progress) {
    parts.push(progress.epochs
      ? `epoch ${progress.epoch} of ${progress.epochs}` : `epoch ${progress.epoch}`);
    if (run.status !== 'paused') parts.push(progress.remaining === undefined
      ? 'time left not known before the first epoch ends' : `${duration(progress.remaining)} left`);
  }
  const accuracy = run.result?.test_accuracy;
  if (typeof accuracy === 'number') parts.push(`${(accuracy * 100).toFixed(1)}% on test images`);
  return parts.join(', ');
}

const canGoOn = run => !run.is_training && run.status in ENDED;

/**
 * Shows runs.
 *
 * `chosen` are names in order, `curves` and `keys` what is known of them; `act` has `choose`,
 * `stop` and, where trainings can be started, `goOn`.
 */
export function showRuns({runs, chosen, curves, keys, look, act}) {
  byId('no-runs').hidden = runs.length > 0;
  replace(byId('runs'), runs.map((run, index) => {
    const place = chosen.indexOf(run.name);
    const key = keys.get(run.name);
    const progress = curves.get(run.name)?.progress;
    const isShown = place >= 0 && key;
    const ball = make('span', {class: isShown ? 'ball' : 'ball empty', 'aria-hidden': 'true'},
      place < 0 ? '' : `${place + 1}`);
    if (isShown) ball.style.background = key.colors[look];
    const facts = [run.network, run.optimizer, `rate ${short(run.learning_rate)}`,
      `${run.images} images`,
      run.budget ? `${duration(run.budget)} of time` : `${run.epochs} epochs`];
    const row = make('li', {},
      make('label', {class: 'run'},
        make('input', {type: 'checkbox', id: `run-${index}`, checked: place >= 0,
          change: event => act.choose(run.name, event.target.checked)}),
        ball, make('span', {class: 'run-name'}, run.name)),
      make('p', {class: 'hint'}, stateWords(run, progress)),
      make('p', {class: 'hint'}, facts.join(' · ')));
    if (run.is_training && progress?.fraction !== undefined) {
      row.append(make('progress', {
        max: 1, value: progress.fraction, 'aria-label': `Progress of ${run.name}`}));
    }
    const button = (id, text, click) => make('button',
      {id: `${id}-${index}`, 'aria-label': `${text}: ${run.name}`, click}, text);
    if (run.training) row.append(button('stop', 'Save and stop', () => act.stop(run.training)));
    if (act.goOn && canGoOn(run)) row.append(button('go-on', 'Go on', () => act.goOn(run.name)));
    return row;
  }));
}

/** Shows the trainings that were started here: what they said, and how they ended. */
export function showTrainings(trainings, runs, act) {
  byId('started').hidden = trainings.length === 0;
  const list = byId('trainings');
  // A log that somebody has scrolled back stays where it is; others show their ends.
  const places = new Map([...list.querySelectorAll('.said')]
    .filter(log => log.scrollTop + log.clientHeight < log.scrollHeight - 4)
    .map(log => [log.id, log.scrollTop]));
  replace(list, trainings.toReversed().map(training => {
    const {number, messages} = training;
    const run = runs.find(run => run.training === number);
    const state = training.is_running ? run?.status === 'paused' ? 'paused' : 'running'
      : {0: 'finished', 130: 'stopped'}[training.code] ?? `ended with code ${training.code}`;
    const item = make('li', {}, make('p', {}, `Training ${number}: ${state}`),
      make('pre', {tabindex: 0, 'aria-label': `Command of training ${number}`},
        ['marbles', ...training.arguments].map(quoted).join(' ')));
    if (messages.trim()) {
      item.append(make('pre', {class: training.code ? 'said error' : 'said', tabindex: 0,
        id: `said-${number}`, 'aria-label': `Messages of training ${number}`}, messages.trim()));
    }
    if (training.is_running) {
      item.append(make('button', {id: `stop-training-${number}`,
        'aria-label': `Save and stop training ${number}`, click: () => act.stop(number)},
      'Save and stop'));
    }
    return item;
  }));
  for (const log of list.querySelectorAll('.said')) {
    log.scrollTop = places.get(log.id) ?? log.scrollHeight;
  }
}

/** Replaces the items of a list; what had the focus has it again. */
function replace(list, items) {
  const focused = list.contains(document.activeElement) ? document.activeElement.id : '';
  list.replaceChildren(...items);
  if (focused) byId(focused)?.focus();
}

/** A word as a shell takes it. */
export const quoted = word =>
  /^[\p{L}\p{N}/._+\-,:@%=]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
