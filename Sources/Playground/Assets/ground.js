// The surface from above (or a curve from the side) with the marbles on it.
import {byId, draw, prepared, short, ticks} from './text.js';
import {drawMarbles, drawTrail} from './marks.js';
import {paths} from './race.js';
import {state} from './state.js';

/** Room around the plot for the numbers of the axes. */
const MARGIN = {left: 58, right: 12, top: 12, bottom: 42};
/** How places of the surface become places of the canvas. */
export class Frame {
  constructor(width, height, x, y) {
    const {left, right, top, bottom} = MARGIN;
    Object.assign(this, {x, y, left, top});
    this.width = width - left - right;
    this.height = height - top - bottom;
  }
  across(x) { return this.left + (x - this.x[0]) / (this.x[1] - this.x[0]) * this.width; }
  down(y) { return this.top + (this.y[1] - y) / (this.y[1] - this.y[0]) * this.height; }
  place(across, down) {
    const part = (value, low, size) => Math.min(1, Math.max(0, (value - low) / size));
    return [
      this.x[0] + part(across, this.left, this.width) * (this.x[1] - this.x[0]),
      this.y[1] - part(down, this.top, this.height) * (this.y[1] - this.y[0]),
    ];
  }
}

let backdrop = null;
let backdropKey = null;

/** Forgets the picture of the surface. */
export const repaint = () => { backdropKey = null; };

/** The frame of what is drawn now. */
export function frameFor(surface, ground, canvas) {
  const [x, y] = surface.window;
  return new Frame(canvas.clientWidth, canvas.clientHeight, x, y ?? curveRange(ground));
}

function curveRange(ground) {
  const heights = ground.heights.filter(height => height !== null);
  if (!heights.length) return [0, 1];
  const low = Math.min(...heights);
  const high = Math.max(...heights);
  const room = (high - low || 1) * 0.07;
  return [low - room, high + room];
}

/** Draws everything; `scene` has surface, ground, marbles, look, basins and theme. */
export function drawGround(canvas, scene, step) {
  const {context, width, height} = prepared(canvas);
  const {surface, ground, look} = scene;
  const frame = frameFor(surface, ground, canvas);
  const isMap = surface.window.length === 2;
  const key = [width, height, scene.version, scene.theme, state.view, scene.basins?.version].join();
  if (key !== backdropKey) {
    backdrop = isMap ? painted(canvas, frame, scene) : null;
    drawAxes(frame, width, height, surface.variables);
    backdropKey = key;
  }
  if (backdrop) {
    context.drawImage(backdrop, 0, 0, width, height);
  } else {
    drawCurve(context, frame, ground, look);
  }
  const point = isMap
    ? place => [frame.across(place[0]), frame.down(place[1])]
    : (place, value) => [frame.across(place[0]), frame.down(value)];
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  const minima = state.view === 'basins' && scene.basins ? scene.basins.minima : surface.minima;
  for (const minimum of minima) {
    drawStar(context, ...point(minimum, surface.lowest ?? valueOn(scene, minimum)), look);
  }
  paths.forEach((path, index) =>
    drawTrail(context, path, step, scene.marbles[index], scene, point));
  context.restore();
  drawMarbles(context, frame, scene, step, point, isMap);
  return frame;
}

function valueOn({ground, surface}, place) {
  const [low, high] = surface.window[0];
  const at = Math.round((place[0] - low) / (high - low) * (ground.columns - 1));
  return ground.heights[Math.min(Math.max(at, 0), ground.columns - 1)] ?? 0;
}

const channels = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
const mixed = (a, b, part) => a.map((value, at) => value + (b[at] - value) * part);

/** The color of a ramp at a fraction. */
export function rampColor(colors, part) {
  const at = Math.min(Math.max(part, 0), 1) * (colors.length - 1);
  const low = Math.min(Math.floor(at), colors.length - 2);
  return mixed(channels(colors[low]), channels(colors[low + 1]), at - low);
}

/** The surface as an image: bands of equal area or basins, and the lines of equal height. */
function painted(canvas, frame, {ground, look, basins, theme}) {
  const scale = canvas.width / canvas.clientWidth;
  const image = document.createElement('canvas');
  image.width = canvas.width;
  image.height = canvas.height;
  const context = image.getContext('2d');
  context.scale(scale, scale);
  if (state.view === 'basins' && basins) {
    paintBasins(context, frame, basins, look, theme);
  } else {
    context.drawImage(bands(ground, look, frame), frame.left, frame.top, frame.width, frame.height);
  }
  context.strokeStyle = look.contour;
  context.lineWidth = 0.8;
  context.beginPath();
  for (const line of ground.contours) {
    for (let at = 0; at < line.length; at += 4) {
      context.moveTo(
        frame.left + line[at] / 1e4 * frame.width,
        frame.top + (1 - line[at + 1] / 1e4) * frame.height);
      context.lineTo(
        frame.left + line[at + 2] / 1e4 * frame.width,
        frame.top + (1 - line[at + 3] / 1e4) * frame.height);
    }
  }
  context.stroke();
  return image;
}

function bands({heights, columns, rows, levels}, {heights: colors}, frame) {
  const [width, height] = [frame.width, frame.height].map(size => Math.max(2, Math.round(size)));
  const image = document.createElement('canvas');
  image.width = width;
  image.height = height;
  const context = image.getContext('2d');
  const pixels = context.createImageData(width, height);
  const shades = Array.from({length: levels.length + 1}, (_, band) =>
    rampColor(colors, levels.length ? band / levels.length : 1));
  const at = (column, row) => heights[row * columns + column] ?? Infinity;
  for (let down = 0, index = 0; down < height; down++) {
    const row = (height - 1 - down) / (height - 1) * (rows - 1);
    const j = Math.min(Math.floor(row), rows - 2);
    const t = row - j;
    for (let across = 0; across < width; across++, index += 4) {
      const column = across / (width - 1) * (columns - 1);
      const i = Math.min(Math.floor(column), columns - 2);
      const s = column - i;
      const value = (1 - t) * ((1 - s) * at(i, j) + s * at(i + 1, j))
        + t * ((1 - s) * at(i, j + 1) + s * at(i + 1, j + 1));
      let band = 0;
      while (band < levels.length && !(value < levels[band])) band++;
      pixels.data.set(shades[band], index);
      pixels.data[index + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
  return image;
}

function paintBasins(context, frame, basins, look, theme) {
  const background = channels(look.background);
  const [width, height] = [frame.width / basins.columns, frame.height / basins.rows];
  basins.basins.forEach((basin, index) => {
    const color = basin < 0 ? background : mixed(
      channels(basins.colors[theme][basin]), background,
      0.25 + 0.5 * Math.sqrt(basins.times[index] / 100));
    context.fillStyle = `rgb(${color.map(Math.round).join()})`;
    context.fillRect(
      frame.left + (index % basins.columns) * width,
      frame.top + frame.height - (Math.floor(index / basins.columns) + 1) * height,
      width + 0.5, height + 0.5);
  });
}

function drawAxes(frame, width, height, variables) {
  const svg = byId('axes');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const bottom = frame.top + frame.height;
  const parts = [draw('rect', {
    x: frame.left, y: frame.top, width: frame.width, height: frame.height, class: 'border'})];
  for (const x of ticks(...frame.x, frame.width / 70)) {
    parts.push(
      draw('path', {d: `M${frame.across(x)} ${bottom}v5`, class: 'tick'}),
      draw('text', {x: frame.across(x), y: bottom + 18, 'text-anchor': 'middle'}, short(x)));
  }
  for (const y of ticks(...frame.y, frame.height / 50)) {
    parts.push(
      draw('path', {d: `M${frame.left} ${frame.down(y)}h-5`, class: 'tick'}),
      draw('text', {x: frame.left - 8, y: frame.down(y) + 4, 'text-anchor': 'end'}, short(y)));
  }
  parts.push(
    draw('text', {
      x: frame.left + frame.width / 2, y: height - 5, 'text-anchor': 'middle', class: 'name',
    }, variables[0]),
    draw('text', {x: 12, y: frame.top + frame.height / 2, class: 'name'}, variables[1] ?? 'f'));
  svg.replaceChildren(...parts);
}

function drawCurve(context, frame, ground, look) {
  context.strokeStyle = look.text;
  context.lineWidth = 2;
  context.beginPath();
  let isDrawing = false;
  ground.heights.forEach((height, index) => {
    if (height === null) {
      isDrawing = false;
      return;
    }
    const across = frame.left + index / (ground.columns - 1) * frame.width;
    if (isDrawing) context.lineTo(across, frame.down(height));
    else context.moveTo(across, frame.down(height));
    isDrawing = true;
  });
  context.stroke();
}

function drawStar(context, x, y, look) {
  context.beginPath();
  for (let corner = 0; corner < 10; corner++) {
    const radius = corner % 2 ? 6 : 14;
    const angle = -Math.PI / 2 + corner * Math.PI / 5;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
  context.fillStyle = look.text;
  context.strokeStyle = look.background;
  context.lineWidth = 2.5;
  context.stroke();
  context.fill();
}
