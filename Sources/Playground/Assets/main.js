// The playground: joins state, server and pictures.
import {byId, make, put} from './text.js';
import {fetched} from './server.js';
import {load, state} from './state.js';
import * as race from './race.js';
import {changeMarble, choosePreset, removeMarble, renew, report} from './changes.js';
import {setPlaying} from './clock.js';
import {listenToChoices, listenToGround, listenToTime, showSpeed} from './controls.js';
import {showChoices, showLook} from './fields.js';
import {followLook} from './look.js';
import * as cards from './marbles.js';
import {frame} from './picture.js';
import {canvas, invalidate, scene, wholeStep} from './scene.js';

function offer({surfaces, functions, presets}) {
  const groups = Map.groupBy(surfaces, ({dimension}) => dimension === 1 ? 'curves' : 'surfaces');
  byId('surface').append(
    make('option', {value: ''}, 'your own formula'),
    ...[...groups].map(([label, group]) => make('optgroup', {label}, ...group.map(
      ({name, summary}) => make('option', {value: name, title: summary}, name)))));
  put('functions',
    `Numbers, x, y, pi, e, + − * / ^, comparisons, && || !, and ${functions.join(', ')}.`);
  byId('presets').append(...presets.map(
    preset => make('button', {click: () => choosePreset(preset)}, preset.name)));
}

async function begin() {
  scene.all = await fetched('/playground/catalogue');
  cards.setUp(changeMarble, removeMarble);
  offer(scene.all);
  followLook(() => {
    showLook();
    showChoices();
  });
  race.listen(() => {
    if (!race.has(wholeStep())) race.want(state.step);
    invalidate();
  }, report);
  listenToTime();
  listenToGround();
  listenToChoices();
  new ResizeObserver(invalidate).observe(canvas);
  addEventListener('hashchange', () => {
    if (!load()) return;
    setPlaying(false);
    put('sentence', '');
    showSpeed();
    renew({isGroundNew: true});
  });
  requestAnimationFrame(frame);
  if (load()) await renew({isGroundNew: true});
  else choosePreset(scene.all.presets.find(preset => preset.name === 'The saddle'));
  showSpeed();
}

begin().catch(report);
