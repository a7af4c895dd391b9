// The images for validation with the highest loss, epoch by epoch.
import {byId, latest, make, on, put, short} from './text.js';
import {ask, number} from './training-server.js';

/** What is shown, and the epoch that was chosen; nil for the last one. */
let [shownSign, epoch, epochs, name] = ['', null, [], ''];

const renew = latest(async (run, sign) => {
  put('worst-error', '');
  try {
    const found = await ask('worst', {run, ...epoch === null ? {} : {epoch}});
    epochs = found.epochs;
    const slider = byId('worst-epoch');
    slider.max = epochs.length - 1;
    slider.value = epochs.indexOf(found.epoch);
    slider.setAttribute('aria-valuetext', `epoch ${found.epoch}`);
    put('worst-text', `epoch ${found.epoch}, step ${found.step}`);
    byId('worst').replaceChildren(...found.images.map(image => {
      const {label, answer, probability, loss, picture, path: title, is_new: isNew} = image;
      return make('figure', {title},
        picture ? make('img', {src: picture, alt: ''})
          : make('p', {class: 'hint'}, 'not there as it was'),
        make('figcaption', {}, `${label === answer ? 'rightly' : `${label}, called`} ${answer}: `
          + `${(probability * 100).toFixed(0)}%, loss ${short(number(loss))}`
          + (isNew ? ', new' : '')));
    }));
  } catch (error) {
    byId('worst').replaceChildren();
    put('worst-error', error.message);
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
  on('worst-box', 'toggle', show);
  on('worst-epoch', 'input', event => {
    const at = event.target.valueAsNumber;
    // Who is at the end stays there.
    epoch = at >= epochs.length - 1 ? null : epochs[at];
    show();
  });
}
