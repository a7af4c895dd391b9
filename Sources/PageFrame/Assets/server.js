// What the server is asked for.
import {put} from './text.js';

const GONE = 'Marbles does not answer any more. Start it again with “marbles serve”, and open the '
  + 'address that it prints.';

/** Says whether Marbles answers. */
export const tellOf = isThere => put('gone', isThere ? '' : GONE);

/** The answer of the server; a refusal is thrown, with the field that it is about. */
export async function answer(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    tellOf(false);
    throw Object.assign(error, {isGone: true});
  }
  tellOf(response.status !== 403);
  if (response.status === 400) throw Object.assign(new Error(), await response.json());
  if (!response.ok) throw new Error((await response.text()).trim());
  return response;
}

/** The answer to a question without fields, as JSON. */
export const fetched = async path => (await answer(path)).json();

/** Asks with JSON, and is answered with it. */
export const ask = async (path, question = {}) => (await post(path, question)).json();

/** The whole answer to a question. */
export const post = (path, question) => answer(path, {
  method: 'POST', body: JSON.stringify(question), headers: {'Content-Type': 'application/json'},
});
