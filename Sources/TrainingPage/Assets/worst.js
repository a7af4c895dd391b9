// The images for validation with the highest loss, epoch by epoch.
import {byId, latest, make, short} from './text.js';
import {ask, number} from './training-server.js';

/** What is shown, and the epoch that was chosen; nil for the last one. */
let [shownSign, epoch, epochs, name] = ['', null, [], ''];

const renew = latest(async (run, sign) => {
  byId('worst-error').textContent = '';
  try {
    const found = await ask('worst', {run, ...epoch === null ? {} : {epoch}});
    epochs = found.epochs;
    const slider = byId('worst-epoch');
    slider.max = epochs.length - 1;
    slider.value = epochs.indexOf(found.epoch);
    slider.setAttribute('aria-valuetext', `epoch ${found.epoch}`);
    byId('worst-text').textContent = `epoch ${found.epoch}, step ${found.step}`;
    byId('worst').replaceChildren(...found.images.map(image => make('figure', {title: image.path},
      image.picture ? make('img', {src: image.picture, alt: ''})
        : make('p', {class: 'hint'}, 'not there as it was'),
      make('figcaption', {}, `${image.label === image.answer ? 'rightly' : `${image.label}, called`} ${image.answer}: `
        + `${(image.probability * 100).toFixed(0)}%, loss ${short(number(image.loss))}${image.is_new ? ', new' : ''}`))));
  } catch (error) {
    byId('worst').replaceChildren();
    byId('worst-error').textContent = error.message;
  }
  shownSign = sign;
});

/** Shows those of a run, if they are open and anything is new. */
export function showWorst(run) {
  if (!run || !byId('worst-box').open) return;
  if (run.name !== name) [name, epoch] = [run.name, null];
  const sign = JSON.stringify([name, run.progress.epoch, run.status, epoch]);
  if (sign !== shownSign) renew(name, sign);
}

/** Calls `show` when something else is to be shown. */
export function listenToWorst(show) {
  byId('worst-box').addEventListener('toggle', show);
  byId('worst-epoch').addEventListener('input', event => {
    const at = event.target.valueAsNumber;
    // Who is at the end stays there.
    epoch = at >= epochs.length - 1 ? null : epochs[at];
    show();
  });
}
