// Training with the objective: starts it, follows it, and stops it.
import {byId, on, percent, put, short} from './text.js';
import {ask} from './server.js';
import {chart} from './chart.js';
import {look} from './look.js';
import {question, report, showCommands} from './objective.js';

/** Milliseconds between two looks. */
const PACE = 300;

let training = null;
let progress = null;
let key = null;

export function showPractice(curve) {
  key = curve ?? key;
  if (!progress || !key) return;
  const {own, yardstick, epochs, words, objective} = progress;
  const color = key.colors[look()];
  const accuracy = ({epochs: all}) => all.map(one => [one.epoch, one.accuracy]);
  byId('practice').hidden = false;
  put('practice-words', words);
  const last = all => all.length ? percent(all.at(-1)[1]) : 'not yet';
  chart(byId('accuracy'), {
    label: `Accuracy over ${epochs} epochs: ${objective} ${last(accuracy(own))}, cross-entropy `
      + last(accuracy(yardstick)),
    lines: [{points: accuracy(yardstick), color: 'var(--secondary)', dashes: [6, 4]},
      {points: accuracy(own), color}],
    x: {name: 'epoch', high: epochs}, y: {low: 0, high: 1}, reference: 0.5,
  });
  const {steps} = own;
  chart(byId('loss'), {
    label: steps.length ? `Loss of ${objective}: ${short(steps[0][1])} in the first step, `
      + `${short(steps.at(-1)[1])} in step ${steps.at(-1)[0]}` : 'There is no step yet',
    lines: [{points: steps, color}], x: {name: 'step'},
  });
}

function showButton() {
  put('train', training ? 'Stop' : 'Train with it');
}

async function follow() {
  while (training) {
    progress = await ask('/objective/progress', {training});
    if (!progress.is_running) training = null;
    showPractice();
    showButton();
    if (training) await new Promise(done => setTimeout(done, PACE));
  }
}

async function start() {
  const started = await ask('/objective/train', question());
  training = started.training;
  showCommands({train: started.commands});
  showButton();
  await follow();
}

export function listenToPractice() {
  on('train', 'click', async () => {
    try {
      await (training ? ask('/objective/stop', {training}) : start());
    } catch (error) {
      training = null;
      showButton();
      if (error.field === 'training') put('practice-words', error.message);
      else report(error);
    }
  });
  addEventListener('pagehide', () => {
    if (training) navigator.sendBeacon('/objective/stop', JSON.stringify({training}));
  });
}
