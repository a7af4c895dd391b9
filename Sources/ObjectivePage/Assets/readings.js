// Readings that can be moved, and the lines that objectives fit to them.
import {
  byId, listenToDrag, make, on, percent, put, row, say, short, update,
} from './text.js';
import {chart} from './chart.js';
import {look} from './look.js';
import {renew, state} from './objective.js';

let fit = null;
let plot = null;
/** The reading that is moved, from 0, while the scale stays; the one that the keyboard reaches. */
let dragged = null;
let reached = 0;

/** Draws lines in the colors of curves. */
export function showFit(found, curves) {
  fit = {...found, range: dragged !== null && fit ? fit.range : found.range};
  showReadings(curves);
}

export function showReadings(curves) {
  if (!fit) return;
  const theme = look();
  const ends = ({slope, intercept}) =>
    [[0, intercept], [fit.duration, intercept + slope * fit.duration]];
  const lines = fit.lines.filter(({index}) => index in curves).map(line => {
    const {colors, dashes} = curves[line.index];
    const at = fit.duration * (0.94 - 0.05 * line.index);
    return {points: ends(line), color: colors[theme], dashes, number: line.index + 1,
      dot: [at, line.intercept + line.slope * at]};
  });
  const truth = {points: ends({slope: fit.true_slope, intercept: fit.true_intercept}),
    color: 'var(--secondary)', dashes: [2, 5]};
  plot = chart(byId('fit'), {
    label: `${fit.readings.length} readings over ${fit.duration} seconds and the lines fitted to `
      + `them. ${fit.reading}`,
    lines: [truth, ...lines], x: {name: 'time in s', high: fit.duration},
    y: {name: 'acceleration in m/s²', low: fit.range[0], high: fit.range[1]},
  });
  put('fit-words', fit.reading);
  update(byId('lines'), ...fit.lines.map(line => row(
    `${line.index + 1} ${line.objective}`, curves[line.index]?.colors[theme],
    [short(line.slope), short(line.intercept), percent(line.miss)])));
  place();
}

/** Puts the readings where they are. */
function place() {
  update(byId('readings'), ...fit.readings.map(({time, value, is_outlier: isOutlier}, index) => {
    const shown = index === dragged ? state.moves[index + 1] : value;
    const element = make('span', {
      role: 'slider', class: `reading${isOutlier ? ' outlier' : ''}`,
      tabindex: index === reached ? 0 : -1, 'aria-orientation': 'vertical',
      'aria-label': `Reading ${index + 1} at ${short(time, 3)} s`, 'aria-valuemin': fit.limits[0],
      'aria-valuemax': fit.limits[1], 'aria-valuenow': shown,
      'aria-valuetext': `${short(shown, 3)} m/s²`,
    });
    element.style.left = `${plot.across.at(time) / plot.width * 100}%`;
    element.style.top = `${plot.down.at(shown) / plot.height * 100}%`;
    return element;
  }));
}

function move(index, value) {
  const [low, high] = fit.limits;
  state.moves[index + 1] = Number(Math.min(high, Math.max(low, value)).toFixed(2));
  renew(true);
  place();
}

function nearest(event) {
  const distance = element => {
    const {x, y, width, height} = element.getBoundingClientRect();
    return Math.hypot(x + width / 2 - event.clientX, y + height / 2 - event.clientY);
  };
  const all = [...byId('readings').children];
  return all.reduce((best, element) => distance(element) < distance(best) ? element : best);
}

const box = byId('readings');
listenToDrag(box, event => {
  if (!event.target.matches('.reading')) return false;
  const element = nearest(event);
  dragged = reached = [...box.children].indexOf(element);
  state.moves[dragged + 1] ??= fit.readings[dragged].value;
  element.focus({preventScroll: true});
  return true;
}, event => {
  const {top, height} = box.getBoundingClientRect();
  move(dragged, plot.down.value((event.clientY - top) / height * plot.height));
}, () => {
  dragged = null;
  renew(true);
  say(fit.reading);
});
box.addEventListener('keydown', event => {
  const across = {ArrowLeft: -1, ArrowRight: 1}[event.key];
  const up = {ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10}[event.key];
  if (!across && !up) return;
  event.preventDefault();
  if (across) {
    reached = Math.min(fit.readings.length - 1, Math.max(0, reached + across));
    place();
    box.children[reached].focus();
  } else {
    fit.readings[reached].value += up * (event.shiftKey ? 1 : 0.2);
    move(reached, fit.readings[reached].value);
  }
});
on('back', 'click', () => {
  state.moves = {};
  renew(true);
  say('All readings are where they were.');
});
