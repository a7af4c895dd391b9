// The images for validation with the highest loss, epoch by epoch.
import {attempt, byId, latest, make, on, percent, put, short, update} from './text.js';
import {ask} from './server.js';

/**
 * Shows what is folded away of a run: asks for it when it is unfolded, and when anything is new.
 *
 * `question` is what is asked about a run, `show` is given the answer.
 */
export function folded(id, question, show) {
  let shown = '';
  const renew = latest(async (asked, sign) => {
    const isThere = await attempt(
      `${id}-error`, async () => show(await ask(`/training/${id}`, asked)));
    byId(`${id}-part`).hidden = !isThere;
    shown = sign;
  });
  return run => {
    if (!run || !byId(`${id}-box`).open) return;
    const asked = question(run);
    const sign = JSON.stringify([asked, run.progress.epoch, run.status]);
    if (sign !== shown) renew(asked, sign);
  };
}

/** The epoch that was chosen of a run, null for the last one; the epochs that there are. */
let [name, epoch, epochs] = ['', null, []];

/** Shows those of a run, if they are unfolded and anything is new. */
export const showWorst = folded('worst', run => {
  if (run.name !== name) [name, epoch] = [run.name, null];
  return {run: name, ...epoch === null ? {} : {epoch}};
}, found => {
  epochs = found.epochs;
  const slider = byId('worst-epoch');
  slider.max = epochs.length - 1;
  slider.value = epochs.indexOf(found.epoch);
  slider.setAttribute('aria-valuetext', `epoch ${found.epoch}`);
  put('worst-text', `epoch ${found.epoch}, step ${found.step}`);
  update(byId('worst'), ...found.images.map(image => {
    const {label, answer, probability, loss, picture, path: title, is_new: isNew} = image;
    return make('figure', {title},
      picture ? make('img', {src: picture, alt: ''})
        : make('p', {class: 'hint'}, 'not there as it was'),
      make('figcaption', {}, `${label === answer ? 'rightly' : `${label}, called`} ${answer}: `
        + `${percent(probability, 0)}, loss ${short(loss)}${isNew ? ', new' : ''}`));
  }));
});

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
