// Changes the learning rate of runs that train, and lets them pause.
import {byId, make, say, short} from './text.js';
import {ask} from './training-server.js';

let runs = [];
const chosen = () => runs.find(run => run.name === byId('steer-run').value);

/** Shows the runs that train. */
export function showSteering(all) {
  runs = all.filter(run => run.is_training);
  byId('steer').hidden = runs.length === 0;
  const select = byId('steer-run');
  const names = runs.map(run => run.name);
  if (names.join('/') !== [...select.options].map(option => option.value).join('/')) {
    const before = select.value;
    select.replaceChildren(...names.map(name => make('option', {value: name}, name)));
    if (names.includes(before)) select.value = before;
  }
  showChosen();
}

function showChosen() {
  const run = chosen();
  if (!run) return;
  byId('steer-rate').placeholder = short(run.learning_rate);
  byId('steer-pause').textContent = run.is_pause_wanted ? 'Continue' : 'Pause';
  byId('steer-words').textContent = run.status === 'paused' ? 'It is saved and waits; this time does not count.'
    : run.is_pause_wanted ? 'It pauses after the step or evaluation that runs now.' : '';
}

async function steer(question, words) {
  byId('steer-error').textContent = '';
  try {
    await ask('steer', {run: byId('steer-run').value, ...question});
    say(words);
  } catch (error) {
    byId('steer-error').textContent = error.message;
  }
}

byId('steer-run').addEventListener('change', showChosen);
byId('steer-pause').addEventListener('click', () => {
  const pause = !chosen()?.is_pause_wanted;
  steer({pause}, pause ? 'It is asked to pause.' : 'It goes on.');
});
byId('steer').addEventListener('submit', event => {
  event.preventDefault();
  const rate = Number(byId('steer-rate').value.trim() || NaN);
  steer({learning_rate: Number.isFinite(rate) ? rate : 0}, 'Another rate is asked for.');
});
