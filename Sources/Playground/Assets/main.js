// The playground: joins state, server and pictures.
import {byId, make} from './text.js';
import {catalogue} from './questions.js';
import {load, state} from './state.js';
import * as race from './race.js';
import {changeMarble, choosePreset, removeMarble, renew, report} from './changes.js';
import {setPlaying} from './clock.js';
import {
  listenToChoices, listenToGround, listenToSaving, listenToTime, showSpeed,
} from './controls.js';
import {showChoices, showLook} from './fields.js';
import {followLook} from './look.js';
import * as cards from './marbles.js';
import {frame} from './picture.js';
import {canvas, invalidate, scene, wholeStep} from './scene.js';

function offer({surfaces, functions, presets}) {
  byId('surface').append(
    make('option', {value: ''}, 'your own formula'),
    ...[1, 2].map(dimension => make('optgroup', {label: dimension === 1 ? 'curves' : 'surfaces'},
      ...surfaces.filter(surface => surface.dimension === dimension).map(
        surface => make('option', {value: surface.name, title: surface.summary}, surface.name)))));
  byId('functions').textContent =
    `Numbers, x, y, pi, e, + − * / ^, comparisons, && || !, and ${functions.join(', ')}.`;
  byId('presets').append(...presets.map(
    preset => make('button', {type: 'button', click: () => choosePreset(preset)}, preset.name)));
}

async function begin() {
  scene.all = await catalogue();
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
  listenToSaving();
  new ResizeObserver(invalidate).observe(canvas);
  window.addEventListener('hashchange', () => {
    if (!load()) return;
    setPlaying(false);
    byId('sentence').textContent = '';
    showSpeed();
    renew({isGroundNew: true});
  });
  requestAnimationFrame(frame);
  if (load()) {
    await renew({isGroundNew: true});
  } else {
    choosePreset(scene.all.presets.find(preset => preset.name === 'The saddle'));
  }
  showSpeed();
}

begin().catch(report);
