// The surface in three dimensions, which can be turned.
import {css, prepared} from './text.js';
import {blank, rampColor} from './ground.js';
import {drawBalls} from './marks.js';
import {sampled} from './pen.js';
import {indexAt, paths, placeAt} from './race.js';

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
export function drawLandscape(canvas, scene, step) {
  const {context, width, height} = prepared(canvas);
  const {surface, ground, theme, marbles} = scene;
  const camera = new Camera(width, height);
  context.drawImage(land(canvas, camera, scene), 0, 0, width, height);
  const inside = place => place.map((value, axis) => {
    const [low, high] = surface.window[axis];
    return Math.min(1, Math.max(-1, (value - low) / (high - low) * 2 - 1));
  });
  const placed = place => {
    const [x, y] = inside(place);
    return camera.project(x, y, riseAt(ground, x, y) + 0.012);
  };
  context.lineJoin = 'round';
  context.lineCap = 'round';
  paths.forEach((path, index) => {
    if (!path.place.length || !marbles[index]) return;
    const last = indexAt(path, step);
    const hidden = hiddenSteps(path, last, camera, ground, inside);
    const points = path.place.slice(0, last + 1).map(placed);
    context.strokeStyle = marbles[index].colors[theme];
    for (const isHidden of [true, false]) {
      context.globalAlpha = isHidden ? 0.4 : 1;
      context.lineWidth = isHidden ? 1.5 : 2.5;
      context.beginPath();
      for (let at = 1; at <= last; at++) {
        if ((hidden[at] || hidden[at - 1]) !== isHidden) continue;
        context.moveTo(points[at - 1][0], points[at - 1][1]);
        context.lineTo(points[at][0], points[at][1]);
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  });
  drawBalls(
    context, {left: 0, top: 0, width, height},
    paths.map(path => path.place.length ? placed(placeAt(path, step)) : null), scene);
}

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
  isHidden(ground, x, y) {
    const up = (riseAt(ground, x, y) + 0.012 - 0.4) * RELIEF;
    const eye = [-this.sin * this.cosPitch, -this.cos * this.cosPitch, this.sinPitch]
      .map(value => value * DISTANCE);
    for (let part = 0.015; part < 1; part += 0.011) {
      const [a, b] = [x + part * (eye[0] - x), y + part * (eye[1] - y)];
      const rise = (up + part * (eye[2] - up)) / RELIEF + 0.4;
      if (Math.abs(a) > 1 || Math.abs(b) > 1 || rise > 1) return false;
      if (riseAt(ground, a, b) > rise) return true;
    }
    return false;
  }
}

const known = new WeakMap();

/** For each step of a path whether it is hidden; kept while nothing turns. */
function hiddenSteps(path, last, camera, ground, inside) {
  let kept = known.get(path);
  if (kept?.key !== camera.key || kept.ground !== ground || kept.place !== path.place) {
    kept = {key: camera.key, ground, place: path.place, steps: []};
    known.set(path, kept);
  }
  kept.steps.length = Math.min(kept.steps.length, path.place.length);
  while (kept.steps.length <= last) {
    kept.steps.push(camera.isHidden(ground, ...inside(path.place[kept.steps.length])));
  }
  return kept.steps;
}

let image = null;
let imageKey = null;

/** The land as an image, made anew when it has turned. */
function land(canvas, camera, {ground, look, theme, version, isTurning}) {
  const stride = isTurning ? COARSE : FINE;
  const key = [camera.key, theme, version, stride, canvas.width].join();
  if (key === imageKey) return image;
  imageKey = key;
  let context;
  [image, context] = blank(canvas.width, canvas.height);
  context.scale(canvas.width / camera.width, canvas.height / camera.height);
  const {columns, rows, relief} = ground;
  const corners = [];
  for (let row = 0; row < rows; row += stride) {
    for (let column = 0; column < columns; column += stride) {
      corners.push(camera.project(
        column / (columns - 1) * 2 - 1, row / (rows - 1) * 2 - 1,
        relief[row * columns + column] / 1000));
    }
  }
  const across = Math.ceil(columns / stride);
  const pieces = [];
  for (let row = 0; row + stride < rows; row += stride) {
    for (let column = 0; column + stride < columns; column += stride) {
      const first = row / stride * across + column / stride;
      const quad = [first, first + 1, first + across + 1, first + across].map(at => corners[at]);
      const rise = (relief[row * columns + column]
        + relief[(row + stride) * columns + column + stride]) / 2000;
      pieces.push({quad, rise, depth: (quad[0][2] + quad[2][2]) / 2});
    }
  }
  pieces.sort((a, b) => b.depth - a.depth);
  const ramp = [look.heights[0], look.heights.at(-1), look.contour];
  const shades = Array.from({length: 65}, (_, at) => css(rampColor(ramp, at / 64 * 0.75)));
  context.lineJoin = 'round';
  context.strokeStyle = look.contour;
  context.lineWidth = 0.7;
  for (const {quad, rise} of pieces) {
    context.beginPath();
    for (const [x, y] of quad) context.lineTo(x, y);
    context.closePath();
    context.fillStyle = shades[Math.round(rise * 64)];
    context.fill();
    context.stroke();
  }
  return image;
}

const riseAt = (ground, x, y) => sampled(
  ground, (a, b) => ground.relief[b * ground.columns + a] / 1000,
  (x + 1) / 2 * (ground.columns - 1), (y + 1) / 2 * (ground.rows - 1));
