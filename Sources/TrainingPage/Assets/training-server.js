// What the server is asked about runs.
import * as server from './server.js';

/** Asks; a question that cannot be answered throws an error with a field. */
export const ask = (name, question) => server.ask(`/training/${name}`, question);

/** Calls `changed` when files of runs have changed, or trainings that were started here. */
export function listen(changed) {
  const events = new EventSource('/training/events');
  events.addEventListener('changed', () => changed());
  // After a break, anything may have changed.
  let isBroken = false;
  events.addEventListener('error', () => {
    isBroken = true;
    server.tellOf(events.readyState === EventSource.OPEN);
  });
  events.addEventListener('open', () => {
    server.tellOf(true);
    if (isBroken) changed();
    isBroken = false;
  });
}

/** A number of JSON, where what is not finite is a text. */
export const number = value => value === 'nan' ? NaN : value === 'inf' ? Infinity
  : value === '-inf' ? -Infinity : value;

/** Seconds in words. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
}
