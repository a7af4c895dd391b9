// Takes things from a page: figures, commands, links. And says where a text is wrong.
import {byId, make, say} from './text.js';

/** What a link brings along; null if there is nothing, or a field that is not among `known`. */
export function fieldsOfLink(known) {
  if (location.hash.length < 2 || location.hash === '#stage') return null;
  try {
    const read = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    const other = Object.keys(read).find(name => !known.includes(name));
    if (!other) return read;
    refuseLink(`its field “${other}” is not known`);
  } catch (error) {
    refuseLink(error.message);
  }
  return null;
}

/** Says that a link was not followed, until something is done. */
export function refuseLink(reason) {
  byId('problem').textContent = `The link was not followed: ${reason}.`;
  for (const kind of ['input', 'click']) {
    addEventListener(kind, () => { byId('problem').textContent = ''; }, {once: true});
  }
}

/** Saves a file of the server. */
export function download(blob, name) {
  const link = make('a', {href: URL.createObjectURL(blob), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(`${name} saved.`);
}

/** Copies a text, and says so on the button. */
export async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  say('Copied.');
  const words = button.dataset.words ??= button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = words; }, 1500);
}

/** Says what is wrong with a text, and marks the character if there is one. */
export function pointAt(place, text, {message, position}) {
  if (!Number.isInteger(position)) {
    place.textContent = message;
    return;
  }
  const letters = [...text];
  place.replaceChildren(
    message.replace(/: [^:]*▸.*$/, ''), make('br'),
    make('code', {}, letters.slice(0, position).join(''),
      make('mark', {}, letters[position] ?? '␣'), letters.slice(position + 1).join('')));
}
