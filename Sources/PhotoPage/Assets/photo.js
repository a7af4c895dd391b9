// A photo, and what the network says of it.
import {attempt, byId, make, on, percent, put, row, say, update} from './text.js';
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
  update(byId('rows'), ...said.classes.map(({name, probability, logit}) => row(name, null, [
    percent(probability), make('meter', {value: probability, 'aria-hidden': 'true'}),
    logit.toFixed(2).replace('-', '−')])));
  byId('classes').hidden = false;
  put('file-words', said.facts);
  byId('views').hidden = false;
  byId('drop').classList.add('has');
  byId('invitation').hidden = true;
  for (const map of ['grad-cam', 'occlusion']) choice(map).disabled = !said.map;
  byId('earlier').hidden = false;
  update(byId('history'), ...photos.map(other => make('li', {}, make('button',
    {click: () => show(other), 'aria-current': other === photo ? 'true' : 'false'},
    make('img', {src: other.answer.seen, alt: ''}), `${other.answer.answer}`,
    make('span', {class: 'hidden'}, `, ${other.name}`)))));
  paint();
}

// MARK: Views

const choice = value => document.querySelector(`input[value="${value}"]`);
const view = () => document.querySelector('input[name="view"]:checked').value;

async function occlusion(photo) {
  if (photo.occlusion) return;
  put('reading', 'Covering the photo place by place…');
  await attempt('error', async () => {
    photo.occlusion = await ask('/photo/occlusion', photo.file);
  });
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
  choice('seen').checked = true;
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
  take(event.dataTransfer, 'what was dropped is no file; save the picture first');
});
addEventListener('paste', event =>
  take(event.clipboardData, 'there is no picture on the clipboard'));

/** Adds the files that were brought; says what is wrong where there are none. */
function take({files}, problem) {
  if (files.length > 0) add([...files]);
  else put('error', problem);
}

openCamera(file => add([file]), message => { put('error', message); });

// MARK: The network

attempt('error', async () => put('network', (await ask('/photo/network')).words));
