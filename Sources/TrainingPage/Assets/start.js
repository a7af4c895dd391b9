// The form that starts a training.
import {byId, put} from './text.js';
import {quoted} from './runs.js';

/** Splits a text into words as a shell does: blanks, both quotation marks, backslashes. */
function words(text) {
  const found = [];
  let [word, quote] = [null, ''];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quote === "'" ? letter === "'" : letter === quote && quote) {
      quote = '';
    } else if (letter === '\\' && quote !== "'" && at + 1 < text.length
      && (!quote || '"\\$`'.includes(text[at + 1]))) {
      word = (word ?? '') + text[++at];
    } else if (!quote && (letter === '"' || letter === "'")) {
      [word, quote] = [word ?? '', letter];
    } else if (!quote && /\s/.test(letter)) {
      if (word !== null) found.push(word);
      word = null;
    } else {
      word = (word ?? '') + letter;
    }
  }
  if (quote) throw new Error(`a ${quote} is not closed`);
  if (word !== null) found.push(word);
  return found;
}

/** Fields with their options; an empty field is left to the tool. */
const OPTIONS = {
  network: '--model', size: '--image-size', optimizer: '--optimizer', rate: '--learning-rate',
  seed: '--seed', name: '--name',
};

/** The folder as a word that is no option. */
const folder = name => name === '' ? [] : [name.startsWith('-') ? `./${name}` : name];

/** What follows `marbles train`. */
function argumentsOfForm() {
  const value = id => byId(`start-${id}`).value.trim();
  const given = Object.entries(OPTIONS).filter(([id]) => value(id) !== '')
    .map(([id, option]) => `${option}=${value(id)}`);
  const length = value('length') === '' ? [] : [`--${value('unit')}=${value('length')}`];
  return [...given, ...length, ...words(byId('start-more').value), ...folder(value('data'))];
}

/** Where the runs of the page are written, as words of a command. */
let out = [];
let show = () => {};

/** Shows that runs are written in a folder. */
export function showFolder(name) {
  if (!name || out[1] === name) return;
  out = ['--out', name];
  show();
}

/** Shows the command as it is typed, and calls `start` with its words. */
export function listenToForm(start) {
  const form = byId('start');
  const problem = byId('start-error');
  show = () => {
    problem.textContent = '';
    try {
      const words = ['marbles', 'train', ...out, ...argumentsOfForm()];
      put('start-command', words.map(quoted).join(' '));
    } catch (error) {
      problem.textContent = `More options: ${error.message}`;
    }
  };
  form.addEventListener('input', show);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    show();
    if (problem.textContent) return;
    try {
      await start(argumentsOfForm());
    } catch (error) {
      problem.textContent = error.message;
    }
  });
  show();
}
