// What the playground asks.
import * as server from './server.js';

export const catalogue = async () => (await server.answer('/playground/catalogue')).json();

/** Asks about a race; `question` is `{race, steps, …}`. */
export const ask = (name, question) => server.ask(`/playground/${name}`, question);

/** A figure as the command line draws it. */
export const figure = async question => (await server.post('/playground/figure', question)).blob();
