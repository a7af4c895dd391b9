// The form that starts a training.
import {attempt, byId, latest, on, put} from './text.js';
import {ask} from './server.js';

/** The command that the form means. */
const command = () => ask('/training/form', Object.fromEntries(new FormData(byId('start'))));

const showCommand = latest(() => attempt('start-error', async () => {
  put('start-command', (await command()).command);
}));

let folder = '';

/** Shows the command, which has the folder where the runs of the page are written. */
export function showFolder(name) {
  if (folder === name) return;
  folder = name;
  showCommand();
}

/** Shows the command as it is typed, and calls `start` with its words. */
export function listenToForm(start) {
  on('start', 'input', showCommand);
  on('start', 'submit', event => {
    event.preventDefault();
    attempt('start-error', async () => start((await command()).arguments));
  });
}
