// A photo, and what the network says of it.
import {byId, make, on, put, say} from './text.js';
import {answer} from './server.js';
import {followLook} from './look.js';
import {openCamera} from './camera.js';

/** Photos of this page, the latest first: their file, its address and what was answered. */
const photos = [];
let shown = null;

const ask = async (path, file) =>
  (await answer(path, file ? {method: 'POST', body: file} : {})).json();

// MARK: Answers

async function add(files) {
  const problems = [];
  put('error', '');
  for (const file of files) {
    put('reading', `Looking at ${file.name || 'the photo'}…`);
    const photo = {file, name: file.name || 'photo', url: URL.createObjectURL(file)};
    try {
      photo.answer = await ask('/photo/answer', file);
    } catch (error) {
      URL.revokeObjectURL(photo.url);
      put('reading', '');
      problems.push(`${photo.name}: ${error.message}`);
      put('error', problems.join('; '));
      continue;
    }
    photos.unshift(photo);
    show(photo);
    say(`${photo.name}: ${photo.answer.sentence}`);
  }
}

function show(photo) {
  shown = photo;
  const said = photo.answer;
  put('answer', said.answer);
  put('sentence', said.sentence);
  byId('rows').replaceChildren(...said.classes.map(row => make('tr', {},
    make('th', {scope: 'row'}, row.name), make('td', {}, `${(row.probability * 100).toFixed(1)}%`),
    make('td', {}, make('meter', {value: row.probability, 'aria-hidden': 'true'})),
    make('td', {}, row.logit.toFixed(2).replace('-', '−')))));
  byId('classes').hidden = false;
  put('file-words', [
    `${said.format.toUpperCase()}, ${said.width}×${said.height} pixels`, ...said.remarks,
    `answered in ${Math.round(said.milliseconds)} ms`,
  ].join(' · '));
  byId('views').hidden = false;
  byId('drop').classList.add('has');
  byId('invitation').hidden = true;
  document.querySelector('input[value="grad-cam"]').disabled = !said.map;
  document.querySelector('input[value="occlusion"]').disabled = !said.map;
  byId('earlier').hidden = false;
  byId('history').replaceChildren(...photos.map(other => make('li', {}, make('button',
    {click: () => show(other), 'aria-current': other === photo ? 'true' : 'false'},
    make('img', {src: other.answer.seen, alt: ''}), `${other.answer.answer}`,
    make('span', {class: 'hidden'}, `, ${other.name}`)))));
  paint();
}

// MARK: Views

const view = () => document.querySelector('input[name="view"]:checked').value;

async function occlusion(photo) {
  if (photo.occlusion) return;
  put('reading', 'Covering the photo place by place…');
  try {
    photo.occlusion = await ask('/photo/occlusion', photo.file);
  } catch (error) {
    put('error', error.message);
  }
}

async function paint() {
  const photo = shown;
  if (!photo) return;
  const kind = view();
  if (kind === 'occlusion') await occlusion(photo);
  if (photo !== shown || kind !== view()) return;
  const said = photo.answer;
  const map = {'grad-cam': said.map, occlusion: photo.occlusion}[kind];
  const picture = byId('picture');
  picture.classList.toggle('pixels', kind !== 'photo');
  picture.src = map ? map.picture : kind === 'photo' ? photo.url : said.seen;
  picture.alt = {
    photo: photo.name, seen: `${photo.name} as the network sees it`,
  }[kind] || (map ? `${map.name} of ${photo.name}. ${map.reading}` : '');
  picture.hidden = false;
  put('reading', map ? `${map.name}: ${map.reading}` : '');
}

on('views', 'change', paint);
followLook(() => {});

// A browser may not know the file that Marbles could read.
on('picture', 'error', () => {
  if (!shown || view() !== 'photo') return;
  document.querySelector('input[value="seen"]').checked = true;
  paint();
});

// MARK: Ways to bring a photo

on('choose', 'click', () => byId('file').click());
on('file', 'change', event => {
  add([...event.target.files]);
  event.target.value = '';
});
addEventListener('dragover', event => {
  event.preventDefault();
  byId('drop').classList.add('over');
});
addEventListener('dragleave', event => {
  if (!event.relatedTarget) byId('drop').classList.remove('over');
});
addEventListener('drop', event => {
  event.preventDefault();
  byId('drop').classList.remove('over');
  const files = [...event.dataTransfer.files];
  if (files.length > 0) add(files);
  else put('error', 'what was dropped is no file; save the picture first');
});
addEventListener('paste', event => {
  const files = [...event.clipboardData.files];
  if (files.length > 0) add(files);
  else put('error', 'there is no picture on the clipboard');
});
openCamera(file => add([file]), message => { put('error', message); });

// MARK: The network

try {
  const found = await ask('/photo/network');
  put('network', `${found.network} knows ${found.classes.join(', ')}, and sees `
    + `${found.image_size}×${found.image_size} pixels.`
    + (found.knows_limits ? ' Of what is unlike all of them it says that it does not know.' : ''));
} catch (error) {
  put('error', error.message);
}
