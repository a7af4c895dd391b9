// What the playground asks.
import {answer} from './server.js';

export const catalogue = async () => (await answer('/playground/catalogue')).json();

function post(name, question) {
  return answer(`/playground/${name}`, {
    method: 'POST', body: JSON.stringify(question),
    headers: {'Content-Type': 'application/json'},
  });
}

/** Asks about a race; `question` is `{race, steps, …}`. */
export const ask = async (name, question) => (await post(name, question)).json();

/** A figure as the command line draws it. */
export const figure = async question => (await post('figure', question)).blob();
