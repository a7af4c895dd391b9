// Marbles, their trails, and what their optimizers remember.
import {indexAt, paths, placeAt} from './race.js';

/** Steps that are drawn bold behind a marble. */
const TRAIL = 40;
/** Names under which optimizers remember a direction, or squares of slopes. */
const DIRECTIONS = ['velocity', 'first_moment', 'average', 'mean'];
const SQUARES = ['sum_of_squares', 'second_moment', 'mean_square'];

/** The way of a marble so far: thin at first, bold near the marble. */
export function drawTrail(context, path, step, marble, {theme}, point) {
  if (!path.place.length || !marble) return;
  const last = indexAt(path, step);
  const points = path.place.slice(0, last + 1).map((place, at) => point(place, path.height[at]));
  if (step > last && last + 1 < path.place.length) points.push(between(path, step, point));
  const color = marble.colors[theme];
  const line = from => {
    context.beginPath();
    points.slice(from).forEach(place => context.lineTo(...place));
    context.stroke();
  };
  context.strokeStyle = color;
  context.lineJoin = 'round';
  context.globalAlpha = 0.45;
  context.lineWidth = 1.2;
  line(0);
  context.globalAlpha = 1;
  context.lineWidth = 2.5;
  context.setLineDash(marble.dashes);
  line(Math.max(0, points.length - TRAIL));
  context.setLineDash([]);
  context.fillStyle = color;
  if (last <= 150) {
    for (const [x, y] of points.slice(1, last + 1)) {
      context.beginPath();
      context.arc(x, y, 2.2, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

function between(path, step, point) {
  const last = indexAt(path, step);
  const next = Math.min(last + 1, path.height.length - 1);
  const part = Math.min(step - last, 1);
  const height = path.height[last] + part * (path.height[next] - path.height[last]);
  return point(placeAt(path, step), height);
}

/** All marbles with what their optimizers remember, or their tangents on a curve. */
export function drawMarbles(context, frame, scene, step, point, isMap) {
  const {look, marbles, theme} = scene;
  const centers = paths.map(path => path.place.length ? between(path, step, point) : null);
  centers.forEach((center, index) => {
    if (!center || !marbles[index]) return;
    const color = marbles[index].colors[theme];
    if (isMap && scene.arrows) drawMemory(context, frame, paths[index], step, center, color, look);
    if (!isMap) drawTangent(context, frame, paths[index], step, center, color);
  });
  drawBalls(context, frame, centers, scene);
}

/** A marble closer than this to one that lies on top of it cannot be read. */
const LEAST_DISTANCE = 13;

/** All marbles, hollow at the edge they left by; beside them the numbers of those others hide. */
export function drawBalls(context, box, centers, {marbles, theme, look}) {
  const [low, high] = [[box.left, box.top], [box.left + box.width, box.top + box.height]];
  const clamp = (value, axis) => Math.min(Math.max(value, low[axis]), high[axis]);
  const clamped = centers.map(center => center && Number.isFinite(center[0] + center[1])
    ? center.slice(0, 2).map(clamp) : null);
  const balls = [];
  let hidden = 0;
  clamped.forEach((at, index) => {
    if (!at || !marbles[index]) return;
    const color = marbles[index].colors[theme];
    const isInside = Math.hypot(at[0] - centers[index][0], at[1] - centers[index][1]) < 0.5;
    balls.push({at, index, color, isInside, radius: 9});
    const isHidden = clamped.slice(0, index).some(
      other => other && Math.hypot(other[0] - at[0], other[1] - at[1]) < LEAST_DISTANCE);
    if (!isHidden) return;
    const angle = -Math.PI / 4 + hidden++ * Math.PI / 3.4;
    const tag = [at[0] + 27 * Math.cos(angle), at[1] + 27 * Math.sin(angle)];
    context.strokeStyle = color;
    context.lineWidth = 1.4;
    context.beginPath();
    context.moveTo(...at);
    context.lineTo(...tag);
    context.stroke();
    balls.push({at: tag, index, color, isInside: true, radius: 7});
  });
  for (const ball of balls.reverse()) drawBall(context, ball, look);
}

function drawBall(context, {at, index, color, isInside, radius}, look) {
  context.beginPath();
  context.arc(...at, radius + 1.5, 0, 2 * Math.PI);
  context.fillStyle = look.background;
  context.fill();
  context.beginPath();
  context.arc(...at, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.strokeStyle = color;
  context.lineWidth = 2;
  if (isInside) context.fill();
  else context.stroke();
  context.fillStyle = isInside ? look.background : color;
  context.font = `bold ${Math.round(radius * 1.3)}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText(String(index + 1), at[0], at[1] + radius * 0.46);
}

function drawTangent(context, frame, path, step, [x, y], color) {
  const slope = path.gradient[indexAt(path, step)][0];
  const [dx, dy] = [
    frame.width / (frame.x[1] - frame.x[0]), -slope * frame.height / (frame.y[1] - frame.y[0])];
  const size = Math.hypot(dx, dy);
  if (!Number.isFinite(size)) return;
  context.strokeStyle = color;
  context.lineWidth = 1.6;
  context.beginPath();
  context.moveTo(x - dx / size * 56, y - dy / size * 56);
  context.lineTo(x + dx / size * 56, y + dy / size * 56);
  context.stroke();
}

/** An arrow along an optimizer's velocity, an ellipse of the squares that it remembers. */
function drawMemory(context, frame, path, step, [x, y], color, look) {
  const at = indexAt(path, step);
  const memory = path.memory[at];
  const [unitX, unitY] = [
    frame.width / (frame.x[1] - frame.x[0]), frame.height / (frame.y[1] - frame.y[0])];
  const squares = SQUARES.map(name => memory[name]).find(Boolean);
  if (squares) {
    const roots = squares.map(Math.sqrt);
    const most = Math.max(...roots);
    if (most > 0) {
      context.globalAlpha = 0.75;
      context.strokeStyle = color;
      context.lineWidth = 1.5;
      context.beginPath();
      context.ellipse(
        x, y, 12 + 28 * roots[0] / most, 12 + 28 * roots[1] / most, 0, 0, 2 * Math.PI);
      context.stroke();
      context.globalAlpha = 1;
    }
  }
  const direction = DIRECTIONS.map(name => memory[name]).find(Boolean);
  if (!direction) return;
  const most = largest(path, at, direction);
  const vector = [-direction[0] * unitX, direction[1] * unitY];
  const size = Math.hypot(...vector);
  if (!(size > 0) || !(most > 0)) return;
  const length = 16 + 48 * Math.sqrt(Math.min(1, Math.hypot(...direction) / most));
  drawArrow(context, x, y, vector[0] / size, vector[1] / size, length, color, look);
}

function largest(path, at, direction) {
  let most = Math.hypot(...direction);
  for (let index = 0; index <= at; index += Math.max(1, Math.floor(at / 200))) {
    const vector = DIRECTIONS.map(name => path.memory[index][name]).find(Boolean);
    if (vector) most = Math.max(most, Math.hypot(...vector));
  }
  return most;
}

function drawArrow(context, x, y, dx, dy, length, color, look) {
  const [tipX, tipY] = [x + dx * length, y + dy * length];
  const shape = () => {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(tipX - dx * 6, tipY - dy * 6);
    context.moveTo(tipX, tipY);
    context.lineTo(tipX - dx * 9 - dy * 4.5, tipY - dy * 9 + dx * 4.5);
    context.lineTo(tipX - dx * 9 + dy * 4.5, tipY - dy * 9 - dx * 4.5);
    context.closePath();
  };
  shape();
  context.strokeStyle = look.background;
  context.lineWidth = 5;
  context.stroke();
  shape();
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = 2;
  context.stroke();
  context.fill();
}
