// One backpropagation, layer by layer.
import {byId, make, put, short} from './text.js';

/** What the server has written down, and the step of it that is shown. */
export const walk = {ledger: null, at: 0};

/** Shows a step, or that there is none. */
export function showWalk() {
  const {ledger, at} = walk;
  for (const id of ['before', 'after', 'leave', 'equations', 'checks']) byId(id).hidden = !ledger;
  put('way', ledger ? '' : 'Every number of one point, forward and backward.');
  if (!ledger) return;
  const step = ledger.steps[at];
  byId('before').disabled = at === 0;
  byId('after').disabled = at === ledger.steps.length - 1;
  put('way', `${at + 1} of ${ledger.steps.length}: ${step.title}. The point `
    + `(${ledger.input.map(value => short(value, 3)).join(', ')}) is of class ${ledger.label}; `
    + `loss ${short(ledger.loss)}. ${ledger.verdict[0].toUpperCase()}${ledger.verdict.slice(1)}.`);
  put('equations', step.equations.join('\n'));
  byId('checks').querySelector('tbody').replaceChildren(...ledger.checks.map(row => make('tr', {},
    make('th', {scope: 'row'}, row.name), ...['value', 'gradient', 'finite_difference']
      .map(key => make('td', {}, short(row[key]))), make('td', {}, row.verdict))));
}
