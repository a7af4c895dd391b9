// Takes things from a page: figures, commands, links. And says where a text is wrong.
import {attempt, byId, make, offer, on, put, say} from './text.js';
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

export const addressOf = state => `#${encodeURIComponent(JSON.stringify(state))}`;
let timer = null;

/** Writes a state into the address, not more often than browsers allow. */
export function keepInAddress(state) {
  clearTimeout(timer);
  timer = setTimeout(() => history.replaceState(null, '', addressOf(state)), 300);
}

const SECTION = `
<h2>Keep it</h2>
<div class="bar"><label>Figure <select id="figure-kind"></select></label>
<label>as <select id="figure-format"></select></label>
<button id="save">Save</button></div>
<p id="save-error" class="error" role="status"></p>
<p class="hint">The same on the command line:</p>
<pre id="command" tabindex="0" aria-label="Command"></pre>
<div class="bar"><button id="copy">Copy the command</button>
<button id="link">Copy a link to this state</button></div>`;

/**
 * Fills the section where a figure is saved, and the command and a link are copied.
 *
 * `kinds` are names of figures by what the server calls them.
 */
export function listenToKeeping(path, kinds, question, state) {
  byId('keeping').innerHTML = SECTION;
  offer('figure-kind', Object.keys(kinds), kind => kinds[kind]);
  offer('figure-format', ['png', 'svg', 'pdf']);
  on('save', 'click', () => attempt('save-error', async () => {
    const [kind, format] = [byId('figure-kind').value, byId('figure-format').value];
    const theme = look() === 'dark' ? 'synthwave' : 'light';
    const file = await (await post(path, {...question(), kind, format, theme})).blob();
    const link = make('a', {href: URL.createObjectURL(file), download: `${kind}.${format}`});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    say(`${link.download} saved.`);
  }));
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
