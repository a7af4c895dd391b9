// What is drawn now, and whether it is to be drawn again.
import {byId, parsed, reducesMotion} from './text.js';
import {optimizerAt, state} from './state.js';

export const canvas = byId('ground');
export const handle = byId('start');

/** The server's words on surface and marbles, the colors, and what the marbles are doing. */
export const scene = {
  surface: null, marbles: [], ground: null, version: 0, basins: null, arrows: true,
  theme: 'light', look: null,
  /** All that one can choose. */
  all: null,
  /** Messages by the index of a marble. */
  errors: {},
  isPlaying: false, isDragging: false, isTurning: false,
  /** Whether the picture no longer shows what it should. */
  isDirty: true,
};

/** Has everything drawn again. */
export function invalidate() {
  scene.isDirty = true;
}

/** The whole step that is shown. */
export const wholeStep = () => Math.floor(state.step);

/** The step that is drawn; who wants no motion sees whole ones. */
export const shownStep = () => reducesMotion() ? wholeStep() : state.step;

/** The steps that a figure or a command is for: those that are shown, or all. */
export const figureSteps = () => Math.max(1, wholeStep() || state.steps);

/** Whether the surface has two dimensions. */
export const isMap = () => scene.surface?.window.length === 2;

/** The scene with the rates that hold at the shown step. */
export function sceneNow() {
  return {...scene, marbles: scene.marbles.map((marble, index) => {
    const given = state.race.marbles[index];
    const rate = given && parsed(optimizerAt(given, wholeStep())).values.rate;
    return {...marble, rate: Number(rate ?? marble.rate)};
  })};
}
