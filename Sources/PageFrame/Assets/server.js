// What the server is asked for.
import {byId} from './text.js';

/** A field that cannot be used, with a message for a person. */
export class FieldError extends Error {
  constructor({field, message, position}) {
    super(message);
    this.field = field;
    this.position = position;
  }
}

/** The answer of the server; a refusal is thrown. */
export async function answer(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    byId('gone').hidden = false;
    throw error;
  }
  byId('gone').hidden = response.status !== 403;
  if (response.status === 400) throw new FieldError(await response.json());
  if (!response.ok) throw new Error((await response.text()).trim());
  return response;
}

/** Asks with JSON, and is answered with it. */
export const ask = async (path, question = {}) => (await post(path, question)).json();

/** The whole answer to a question. */
export const post = (path, question) => answer(path, {
  method: 'POST', body: JSON.stringify(question), headers: {'Content-Type': 'application/json'},
});
