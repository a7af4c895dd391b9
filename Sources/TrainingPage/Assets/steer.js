// Changes the learning rate of runs that train, and lets them pause.
import {attempt, byId, offer, on, put, say, short} from './text.js';
import {ask} from './server.js';

let runs = [];
const chosen = () => runs.find(run => run.name === byId('steer-run').value);

/** Shows the runs that train. */
export function showSteering(all) {
  runs = all.filter(run => run.is_training);
  byId('steer').hidden = runs.length === 0;
  offer('steer-run', runs.map(run => run.name));
  showChosen();
}

function showChosen() {
  const run = chosen();
  if (!run) return;
  byId('steer-rate').placeholder = short(run.learning_rate);
  put('steer-pause', run.is_pause_wanted ? 'Continue' : 'Pause');
  put('steer-words', run.status === 'paused' ? 'It is saved and waits; this time does not count.'
    : run.is_pause_wanted ? 'It pauses after the step or evaluation that runs now.' : '');
}

const steer = (question, words) => attempt('steer-error', async () => {
  await ask('/training/steer', {run: byId('steer-run').value, ...question});
  say(words);
});

on('steer-run', 'change', showChosen);
on('steer-pause', 'click', () => {
  const pause = !chosen()?.is_pause_wanted;
  steer({pause}, pause ? 'It is asked to pause.' : 'It goes on.');
});
on('steer', 'submit', event => {
  event.preventDefault();
  const rate = Number(byId('steer-rate').value.trim() || NaN);
  steer({learning_rate: Number.isFinite(rate) ? rate : 0}, 'Another rate is asked for.');
});
