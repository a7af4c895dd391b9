// The surface in three dimensions, which can be turned.
import {rampColor, sampled} from './ground.js';
import {drawBalls} from './marks.js';
import {blank, css, paint, prepared, through} from './pen.js';
import {indexAt, paths, placeAt} from './race.js';
import {canvas, colorOf, scene} from './scene.js';

/** How far the land is turned, and how far one looks down at it; radians. */
const view = {turn: -0.55, pitch: 0.5};
const RELIEF = 0.85;
const DISTANCE = 4.6;
/** Points of the grid from one corner to the next, at rest and while it turns. */
const FINE = 2;
const COARSE = 4;

/** Turns the land. */
export function turn(across, down) {
  view.turn += across;
  view.pitch = Math.min(1.45, Math.max(0.12, view.pitch + down));
}

/** Draws the surface and the paths on it; what hills hide shows faintly. */
export function drawLandscape(step) {
  const {context, width, height} = prepared(canvas);
  const camera = new Camera(width, height);
  context.lineCap = 'round';
  context.drawImage(land(camera), 0, 0, width, height);
  const placed = place => {
    const [x, y] = inside(place);
    return camera.project(x, y, riseAt(x, y) + 0.012);
  };
  paths.forEach((path, index) => {
    const color = colorOf(index);
    if (!path.place.length || !color) return;
    const last = indexAt(path, step);
    const hidden = hiddenSteps(path, last, camera);
    const points = path.place.slice(0, last + 1).map(placed);
    for (const isHidden of [true, false]) {
      const pieces = new Path2D();
      for (let at = 1; at <= last; at++) {
        if ((hidden[at] || hidden[at - 1]) !== isHidden) continue;
        pieces.moveTo(points[at - 1][0], points[at - 1][1]);
        pieces.lineTo(points[at][0], points[at][1]);
      }
      paint(context, pieces, {color, width: isHidden ? 1.5 : 2.5, alpha: isHidden ? 0.4 : 1});
    }
  });
  drawBalls(context, [0, 0], [width, height],
    paths.map(path => path.place.length ? placed(placeAt(path, step)) : null));
}

/** A place of the surface where the land goes from −1 to 1. */
const inside = place => place.map((value, axis) => {
  const [low, high] = scene.surface.window[axis];
  return Math.min(1, Math.max(-1, (value - low) / (high - low) * 2 - 1));
});

/** A camera that looks down at land from −1 to 1, with rises from 0 to 1. */
class Camera {
  constructor(width, height) {
    Object.assign(this, {width, height, scale: Math.min(width * 0.36, height * 0.56)});
    [this.sin, this.cos] = [Math.sin(view.turn), Math.cos(view.turn)];
    [this.sinPitch, this.cosPitch] = [Math.sin(view.pitch), Math.cos(view.pitch)];
    this.key = [width, height, view.turn, view.pitch].join();
  }
  /** The place on the canvas, and how far away it is. */
  project(x, y, rise) {
    const across = x * this.cos - y * this.sin;
    const back = x * this.sin + y * this.cos;
    const up = (rise - 0.4) * RELIEF;
    const depth = back * this.cosPitch - up * this.sinPitch;
    const size = this.scale * DISTANCE / (DISTANCE + depth);
    return [
      this.width / 2 + across * size,
      this.height / 2 - (back * this.sinPitch + up * this.cosPitch) * size, depth];
  }
  /** Whether land stands between a place on it and the eye. */
  isHidden(x, y) {
    const up = (riseAt(x, y) + 0.012 - 0.4) * RELIEF;
    const eye = [-this.sin * this.cosPitch, -this.cos * this.cosPitch, this.sinPitch]
      .map(value => value * DISTANCE);
    for (let part = 0.015; part < 1; part += 0.011) {
      const [a, b] = [x + part * (eye[0] - x), y + part * (eye[1] - y)];
      const rise = (up + part * (eye[2] - up)) / RELIEF + 0.4;
      if (Math.abs(a) > 1 || Math.abs(b) > 1 || rise > 1) return false;
      if (riseAt(a, b) > rise) return true;
    }
    return false;
  }
}

const known = new WeakMap();

/** For each step of a path whether it is hidden; kept while nothing turns. */
function hiddenSteps(path, last, camera) {
  const key = [camera.key, scene.version].join();
  let kept = known.get(path);
  if (kept?.key !== key || kept.place !== path.place) {
    kept = {key, place: path.place, steps: []};
    known.set(path, kept);
  }
  kept.steps.length = Math.min(kept.steps.length, path.place.length);
  while (kept.steps.length <= last) {
    kept.steps.push(camera.isHidden(...inside(path.place[kept.steps.length])));
  }
  return kept.steps;
}

let image = null;
let imageKey = null;

/** The land as an image, made anew when it has turned. */
function land(camera) {
  const {ground: {columns, rows, relief}, look} = scene;
  const stride = scene.isTurning ? COARSE : FINE;
  const key = [camera.key, scene.theme, scene.version, stride, canvas.width].join();
  if (key === imageKey) return image;
  imageKey = key;
  let context;
  [image, context] = blank(canvas.width, canvas.height);
  context.scale(canvas.width / camera.width, canvas.height / camera.height);
  context.lineJoin = 'round';
  const rise = (column, row) => relief[row * columns + column] / 1000;
  const corner = (column, row) => camera.project(
    column / (columns - 1) * 2 - 1, row / (rows - 1) * 2 - 1, rise(column, row));
  const pieces = [];
  for (let row = 0; row + stride < rows; row += stride) {
    for (let column = 0; column + stride < columns; column += stride) {
      const [right, up] = [column + stride, row + stride];
      const quad = [
        corner(column, row), corner(right, row), corner(right, up), corner(column, up)];
      pieces.push({
        quad, rise: (rise(column, row) + rise(right, up)) / 2, depth: quad[0][2] + quad[2][2]});
    }
  }
  pieces.sort((a, b) => b.depth - a.depth);
  const ramp = [look.heights[0], look.heights.at(-1), look.contour];
  const shades = Array.from({length: 65}, (_, at) => css(rampColor(ramp, at / 64 * 0.75)));
  for (const {quad, rise} of pieces) {
    const path = through(quad);
    path.closePath();
    paint(context, path, {fill: shades[Math.round(rise * 64)], color: look.contour, width: 0.7});
  }
  return image;
}

const riseAt = (x, y) => {
  const {ground} = scene;
  return sampled(ground, (a, b) => ground.relief[b * ground.columns + a] / 1000,
    (x + 1) / 2 * (ground.columns - 1), (y + 1) / 2 * (ground.rows - 1));
};
