// The list of runs.
import {ball, byId, make, update} from './text.js';

/**
 * Shows runs.
 *
 * `chosen` are names in order, `keys` what is known of them; `act` has `choose`, `stop` and, where
 * trainings can be started, `goOn`.
 */
export function showRuns({runs, chosen, keys, look, act}) {
  byId('no-runs').hidden = runs.length > 0;
  update(byId('runs'), ...runs.map(run => {
    const {name} = run;
    const place = chosen.indexOf(name);
    const key = place < 0 ? null : keys.get(name);
    const button = (text, click) => make('button',
      {id: `${text} ${name}`, 'aria-label': `${text}: ${name}`, click}, text);
    return make('li', {id: `run ${name}`},
      make('label', {class: 'run'},
        make('input', {type: 'checkbox', checked: place >= 0,
          change: event => act.choose(name, event.target.checked)}),
        ball(key ? place + 1 : '', key?.colors[look]),
        make('span', {class: 'run-name'}, name)),
      make('p', {class: 'hint'}, key?.words ?? run.words),
      make('p', {class: 'hint'}, run.facts),
      ...run.is_training && key?.fraction !== undefined ? [make('progress', {
        max: 1, value: key.fraction, 'aria-label': `Progress of ${name}`})] : [],
      ...run.training ? [button('Save and stop', () => act.stop(run.training))] : [],
      ...act.goOn && run.can_go_on ? [button('Go on', () => act.goOn(name))] : []);
  }));
}

/** Shows the trainings that were started here: what they said, and how they ended. */
export function showTrainings(trainings, runs, act) {
  byId('started').hidden = trainings.length === 0;
  // A log that somebody has scrolled back stays where it is; others show their ends.
  const isAtEnd = log => log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  const read = new Set([...document.querySelectorAll('.said')].filter(log => !isAtEnd(log)));
  update(byId('trainings'), ...trainings.toReversed().map(training => {
    const {number, messages} = training;
    const run = runs.find(run => run.training === number);
    const state = training.is_running ? run?.status === 'paused' ? 'paused' : 'running'
      : {0: 'finished', 130: 'stopped'}[training.code] ?? `ended with code ${training.code}`;
    return make('li', {id: `training ${number}`},
      make('p', {}, `Training ${number}: ${state}`),
      make('pre', {tabindex: 0, 'aria-label': `Command of training ${number}`},
        training.command),
      ...messages.trim() ? [make('pre', {class: training.code ? 'said error' : 'said', tabindex: 0,
        'aria-label': `Messages of training ${number}`}, messages.trim())] : [],
      ...training.is_running ? [make('button', {
        'aria-label': `Save and stop training ${number}`, click: () => act.stop(number),
      }, 'Save and stop')] : []);
  }));
  for (const log of document.querySelectorAll('.said')) {
    if (!read.has(log)) log.scrollTop = log.scrollHeight;
  }
}
