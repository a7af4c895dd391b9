// What all pages look like: light or dark, as the system has it or as was chosen.
import {byId, offer} from './text.js';

// Tables that are too wide are scrolled by keys, too.
for (const box of document.querySelectorAll('.scroll')) {
  const {innerText: ariaLabel} = box.querySelector('caption');
  Object.assign(box, {tabIndex: 0, role: 'group', ariaLabel});
}

const system = matchMedia('(prefers-color-scheme: dark)');

/** Which of the two it is now. */
export function look() {
  const chosen = byId('look').value;
  return chosen === 'dark' || chosen === 'auto' && system.matches ? 'dark' : 'light';
}

/** Remembers what is chosen, and calls `changed` now and whenever it changes. */
export function followLook(changed) {
  const select = byId('look');
  offer('look', ['auto', 'light', 'dark'], name => name === 'auto' ? 'as the system' : name);
  select.value = localStorage.getItem('look') ?? 'auto';
  const apply = () => {
    localStorage.setItem('look', document.documentElement.dataset.look = select.value);
    changed();
  };
  select.addEventListener('change', apply);
  system.addEventListener('change', apply);
  apply();
}
