// Takes things from a page: figures, commands, links. And says where a text is wrong.
import {byId, make, on, put, say} from './text.js';
import {look} from './look.js';
import {post} from './server.js';

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
  put('problem', `The link was not followed: ${reason}.`);
  for (const kind of ['input', 'click']) {
    addEventListener(kind, () => put('problem', ''), {once: true});
  }
}

const addressOf = state => `#${encodeURIComponent(JSON.stringify(state))}`;
let timer = null;

/** Writes a state into the address, not more often than browsers allow. */
export function keepInAddress(state) {
  clearTimeout(timer);
  timer = setTimeout(() => history.replaceState(null, '', addressOf(state)), 300);
}

/** Listens to the buttons that save a figure, and copy the command and a link to the state. */
export function listenToKeeping(path, question, state, report) {
  on('save', 'click', async () => {
    const [kind, format] = [byId('figure-kind').value, byId('figure-format').value];
    const theme = look() === 'dark' ? 'synthwave' : 'light';
    try {
      const file = await (await post(path, {...question(), kind, format, theme})).blob();
      const link = make('a', {href: URL.createObjectURL(file), download: `${kind}.${format}`});
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      say(`${link.download} saved.`);
    } catch (error) {
      report(error);
    }
  });
  on('copy', 'click', event => copy(event.target, byId('command').textContent));
  on('link', 'click', event =>
    copy(event.target, location.origin + location.pathname + addressOf(state())));
}

/** Copies a text, and says so on the button. */
async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  say('Copied.');
  const words = button.dataset.words ??= button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = words; }, 1500);
}

/** Says what is wrong with a text, and marks the character if there is one. */
export function pointAt(id, text, {message, position}) {
  if (!Number.isInteger(position)) return put(id, message);
  const letters = [...text];
  byId(id).replaceChildren(
    message.replace(/: [^:]*▸.*$/, ''), make('br'),
    make('code', {}, letters.slice(0, position).join(''),
      make('mark', {}, letters[position] ?? '␣'), letters.slice(position + 1).join('')));
}
