// The list of runs.
import {byId, make, short} from './text.js';
import {duration} from './training-server.js';

const WORDS = {
  paused: 'paused', interrupted: 'stopped, can go on', diverged: 'diverged', failed: 'failed', finished: 'finished',
};

/** What a run is doing, in words; `progress` is nil unless its curves are known. */
export function stateWords(run, progress) {
  const parts = [];
  if (run.status === 'running') {
    parts.push(run.is_training ? 'training' : 'ended without saying so, can go on');
  } else {
    parts.push(!run.is_training && run.status === 'paused' ? 'ended while paused, can go on'
      : run.is_training && run.status !== 'paused' ? 'about to train' : WORDS[run.status]);
  }
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

const canGoOn = run => !run.is_training && ['interrupted', 'running', 'paused'].includes(run.status);

/**
 * Shows runs.
 *
 * `chosen` are names in order, `curves` and `keys` what is known of them; `act` has `choose`,
 * `stop` and, where trainings can be started, `goOn`.
 */
export function showRuns({runs, chosen, curves, keys, look, act}) {
  const list = byId('runs');
  const focused = list.contains(document.activeElement) ? document.activeElement.id : '';
  byId('no-runs').hidden = runs.length > 0;
  list.replaceChildren(...runs.map((run, index) => {
    const place = chosen.indexOf(run.name);
    const key = keys.get(run.name);
    const progress = curves.get(run.name)?.progress;
    const ball = make('span', {class: 'ball', 'aria-hidden': 'true'}, place < 0 ? '' : `${place + 1}`);
    if (place >= 0 && key) ball.style.background = key.colors[look];
    else ball.classList.add('empty');
    const facts = [run.network, run.optimizer, `rate ${short(run.learning_rate)}`,
      `${run.images} images`, run.budget ? `${duration(run.budget)} of time` : `${run.epochs} epochs`];
    const row = make('li', {},
      make('label', {class: 'run'},
        make('input', {type: 'checkbox', id: `run-${index}`, checked: place >= 0,
          change: event => act.choose(run.name, event.target.checked)}),
        ball, make('span', {class: 'run-name'}, run.name)),
      make('p', {class: 'hint'}, stateWords(run, progress)),
      make('p', {class: 'hint'}, facts.join(' · ')));
    if (run.is_training && progress?.fraction !== undefined) {
      row.append(make('progress', {max: 1, value: progress.fraction, 'aria-label': `Progress of ${run.name}`}));
    }
    const button = (id, text, click) => make('button',
      {type: 'button', id: `${id}-${index}`, 'aria-label': `${text}: ${run.name}`, click}, text);
    if (run.training) row.append(button('stop', 'Save and stop', () => act.stop(run.training)));
    if (act.goOn && canGoOn(run)) row.append(button('go-on', 'Go on', () => act.goOn(run.name)));
    return row;
  }));
  if (focused) byId(focused)?.focus();
}

/** Shows the trainings that were started here: what they said, and how they ended. */
export function showTrainings(trainings, act) {
  byId('started').hidden = trainings.length === 0;
  const focused = byId('trainings').contains(document.activeElement) ? document.activeElement.id : '';
  byId('trainings').replaceChildren(...[...trainings].reverse().map(training => {
    const row = make('li', {},
      make('p', {}, `Training ${training.number}: `, training.is_running ? 'running'
        : training.code === 0 ? 'finished' : training.code === 130 ? 'stopped' : `ended with code ${training.code}`),
      make('pre', {tabindex: '0', 'aria-label': `Command of training ${training.number}`},
        ['marbles', ...training.arguments].map(quoted).join(' ')));
    const said = training.messages.trim();
    if (said) {
      row.append(make('pre', {class: training.code ? 'said error' : 'said', tabindex: '0',
        'aria-label': `Messages of training ${training.number}`}, said));
    }
    if (training.is_running) {
      row.append(make('button', {type: 'button', id: `stop-training-${training.number}`,
        'aria-label': `Save and stop training ${training.number}`,
        click: () => act.stop(training.number)}, 'Save and stop'));
    }
    return row;
  }));
  if (focused) byId(focused)?.focus();
}

/** A word as a shell takes it. */
export const quoted = word =>
  /^[\p{L}\p{N}/._+\-,:@%=]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
