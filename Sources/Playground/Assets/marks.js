// Marbles, their trails, and what their optimizers remember.
import {discs, paint, through} from './pen.js';
import {indexAt, paths, placeAt} from './race.js';
import {colorOf, isMap, scene} from './scene.js';

/** Steps that are drawn bold behind a marble. */
const TRAIL = 40;
/** Names under which optimizers remember a direction, or squares of slopes. */
const DIRECTIONS = ['velocity', 'first_moment', 'average', 'mean'];
const SQUARES = ['sum_of_squares', 'second_moment', 'mean_square'];
const remembered = (memory, names) => names.map(name => memory[name]).find(Boolean);

/** The way of a marble so far: thin at first, bold near the marble. */
export function drawTrail(context, path, index, step, point) {
  const color = colorOf(index);
  if (!path.place.length || !color) return;
  const last = indexAt(path, step);
  const points = path.place.slice(0, last + 1).map((place, at) => point(place, path.height[at]));
  const stops = last <= 150 ? points.slice(1) : [];
  if (step > last && last + 1 < path.place.length) points.push(between(path, step, point));
  paint(context, through(points), {color, width: 1.2, alpha: 0.45});
  paint(context, through(points.slice(-TRAIL)), {
    color, width: 2.5, dashes: scene.marbles[index].dashes});
  paint(context, discs(2.2, stops), {fill: color});
}

function between(path, step, point) {
  const last = indexAt(path, step);
  const next = Math.min(last + 1, path.height.length - 1);
  const part = Math.min(step - last, 1);
  return point(
    placeAt(path, step), path.height[last] + part * (path.height[next] - path.height[last]));
}

/** All marbles with what their optimizers remember, or their tangents on a curve. */
export function drawMarbles(context, x, y, step, point) {
  const centers = paths.map(path => path.place.length ? between(path, step, point) : null);
  centers.forEach((center, index) => {
    const color = colorOf(index);
    if (!center || !color) return;
    const at = indexAt(paths[index], step);
    const units = [x.unit, y.unit];
    if (!isMap()) drawTangent(context, units, paths[index].gradient[at][0], center, color);
    else if (scene.arrows) drawMemory(context, units, paths[index], at, center, color);
  });
  drawBalls(context, [x.from, y.to], [x.to, y.from], centers);
}

/** A marble closer than this to one that lies on top of it cannot be read. */
const LEAST_DISTANCE = 13;

/** All marbles, hollow at the edge they left by; beside them the numbers of those others hide. */
export function drawBalls(context, low, high, centers) {
  const clamp = (value, axis) => Math.min(Math.max(value, low[axis]), high[axis]);
  const clamped = centers.map(center => center && Number.isFinite(center[0] + center[1])
    ? center.slice(0, 2).map(clamp) : null);
  const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const balls = [];
  let hidden = 0;
  clamped.forEach((at, index) => {
    const color = colorOf(index);
    if (!at || !color) return;
    balls.push({at, index, color, isInside: distance(at, centers[index]) < 0.5, radius: 9});
    const hides = other => other && distance(other, at) < LEAST_DISTANCE;
    if (!clamped.slice(0, index).some(hides)) return;
    const angle = -Math.PI / 4 + hidden++ * Math.PI / 3.4;
    const tag = [at[0] + 27 * Math.cos(angle), at[1] + 27 * Math.sin(angle)];
    paint(context, through([at, tag]), {color, width: 1.4});
    balls.push({at: tag, index, color, isInside: true, radius: 7});
  });
  for (const ball of balls.reverse()) drawBall(context, ball);
}

function drawBall(context, {at, index, color, isInside, radius}) {
  const {background} = scene.look;
  paint(context, discs(radius + 1.5, [at]), {fill: background});
  paint(context, discs(radius, [at]), {fill: color});
  if (!isInside) paint(context, discs(radius - 2, [at]), {fill: background});
  context.fillStyle = isInside ? background : color;
  context.font = `bold ${Math.round(radius * 1.3)}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.fillText(String(index + 1), at[0], at[1] + radius * 0.46);
}

function drawTangent(context, units, slope, [x, y], color) {
  const [dx, dy] = [units[0], slope * units[1]];
  const part = 56 / Math.hypot(dx, dy);
  const ends = [-part, part].map(part => [x + dx * part, y + dy * part]);
  if (part) paint(context, through(ends), {color, width: 1.6});
}

/** An arrow along an optimizer's velocity, an ellipse of the squares that it remembers. */
function drawMemory(context, units, path, at, [x, y], color) {
  const squares = remembered(path.memory[at], SQUARES);
  const most = Math.sqrt(Math.max(...squares ?? [0]));
  if (most > 0) {
    const [a, b] = squares.map(square => 12 + 28 * Math.sqrt(square) / most);
    const ellipse = new Path2D();
    ellipse.ellipse(x, y, a, b, 0, 0, 2 * Math.PI);
    paint(context, ellipse, {color, width: 1.5, alpha: 0.75});
  }
  const direction = remembered(path.memory[at], DIRECTIONS);
  if (!direction) return;
  const [dx, dy] = direction.map((value, axis) => -value * units[axis]);
  const size = Math.hypot(dx, dy);
  const part = Math.hypot(...direction) / largest(path, at);
  if (!(size > 0) || !(part > 0)) return;
  drawArrow(context, x, y, dx / size, dy / size, 16 + 48 * Math.sqrt(part), color);
}

/** The longest direction so far. */
function largest(path, at) {
  let most = Math.hypot(...remembered(path.memory[at], DIRECTIONS));
  for (let index = 0; index < at; index += Math.max(1, Math.floor(at / 200))) {
    most = Math.max(most, Math.hypot(...remembered(path.memory[index], DIRECTIONS) ?? []));
  }
  return most;
}

function drawArrow(context, x, y, dx, dy, length, color) {
  const [tipX, tipY] = [x + dx * length, y + dy * length];
  const at = (back, side) => `${tipX - dx * back + dy * side} ${tipY - dy * back - dx * side}`;
  shape(context, `M${x} ${y}L${at(6, 0)}M${at(0, 0)}L${at(9, -4.5)}L${at(9, 4.5)}Z`, color,
    scene.look.background);
}

/** Draws a shape, given as the path of an SVG picture, with an edge of the background. */
export function shape(context, path, color, background) {
  for (const [style, width] of [[background, 5], [color, 2]]) {
    paint(context, new Path2D(path), {fill: style, color: style, width});
  }
}
