// The surface from above (or a curve from the side) with the marbles on it.
import {byId, css, draw, mixed, prepared, short, ticks} from './text.js';
import {drawMarbles, drawTrail} from './marks.js';
import {line, sampled, shape} from './pen.js';
import {paths} from './race.js';
import {state} from './state.js';

/** Room around the plot for the numbers of the axes. */
const MARGIN = {left: 58, right: 12, top: 12, bottom: 42};

/** How places of the surface become places of the canvas. */
class Frame {
  constructor(width, height, x, y) {
    const {left, right, top, bottom} = MARGIN;
    Object.assign(this, {x, y, left, top});
    this.width = width - left - right;
    this.height = height - top - bottom;
    this.units = [this.width / (x[1] - x[0]), this.height / (y[1] - y[0])];
  }
  across(x) { return this.left + (x - this.x[0]) * this.units[0]; }
  down(y) { return this.top + (this.y[1] - y) * this.units[1]; }
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
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
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
  if (backdrop) context.drawImage(backdrop, 0, 0, width, height);
  else drawCurve(context, frame, ground, look);
  const point = ([x, y], value) => [frame.across(x), frame.down(isMap ? y : value)];
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  const minima = state.view === 'basins' && scene.basins ? scene.basins.minima : surface.minima;
  for (const minimum of minima) {
    drawStar(context, point(minimum, surface.lowest ?? valueOn(scene, minimum)), look);
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

/** The color of a ramp at a fraction. */
export function rampColor(colors, part) {
  const at = Math.min(Math.max(part, 0), 1) * (colors.length - 1);
  const low = Math.min(Math.floor(at), colors.length - 2);
  return mixed(channels(colors[low]), channels(colors[low + 1]), at - low);
}

/** An empty picture. */
export function blank(width, height) {
  const image = document.createElement('canvas');
  [image.width, image.height] = [width, height];
  return [image, image.getContext('2d')];
}

/** The surface as an image: bands of equal area or basins, and the lines of equal height. */
function painted(canvas, frame, {ground, look, basins, theme}) {
  const [image, context] = blank(canvas.width, canvas.height);
  const scale = canvas.width / canvas.clientWidth;
  context.scale(scale, scale);
  if (state.view === 'basins' && basins) {
    paintBasins(context, frame, basins, look, theme);
  } else {
    context.drawImage(bands(ground, look, frame), frame.left, frame.top, frame.width, frame.height);
  }
  context.strokeStyle = look.contour;
  context.lineWidth = 0.8;
  context.beginPath();
  const place = (x, y) => [
    frame.left + x / 1e4 * frame.width, frame.top + (1 - y / 1e4) * frame.height];
  for (const contour of ground.contours) {
    for (let at = 0; at < contour.length; at += 4) {
      context.moveTo(...place(contour[at], contour[at + 1]));
      context.lineTo(...place(contour[at + 2], contour[at + 3]));
    }
  }
  context.stroke();
  return image;
}

function bands(ground, {heights: colors}, frame) {
  const {heights, columns, rows, levels} = ground;
  const [width, height] = [frame.width, frame.height].map(size => Math.max(2, Math.round(size)));
  const [image, context] = blank(width, height);
  const pixels = context.createImageData(width, height);
  const shades = Array.from({length: levels.length + 1}, (_, band) =>
    rampColor(colors, levels.length ? band / levels.length : 1));
  const at = (column, row) => heights[row * columns + column] ?? Infinity;
  for (let down = 0, index = 0; down < height; down++) {
    const row = (height - 1 - down) / (height - 1) * (rows - 1);
    for (let across = 0; across < width; across++, index += 4) {
      const value = sampled(ground, at, across / (width - 1) * (columns - 1), row);
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
    context.fillStyle = css(basin < 0 ? background : mixed(
      channels(basins.colors[theme][basin]), background,
      0.25 + 0.5 * Math.sqrt(basins.times[index] / 100)));
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
  const write = (x, y, anchor, text, style) =>
    draw('text', {x, y, 'text-anchor': anchor, class: style}, text);
  svg.replaceChildren(
    draw('rect', {
      x: frame.left, y: frame.top, width: frame.width, height: frame.height, class: 'border'}),
    ...ticks(...frame.x, frame.width / 70).flatMap(x => [
      draw('path', {d: `M${frame.across(x)} ${bottom}v5`, class: 'tick'}),
      write(frame.across(x), bottom + 18, 'middle', short(x))]),
    ...ticks(...frame.y, frame.height / 50).flatMap(y => [
      draw('path', {d: `M${frame.left} ${frame.down(y)}h-5`, class: 'tick'}),
      write(frame.left - 8, frame.down(y) + 4, 'end', short(y))]),
    write(frame.left + frame.width / 2, height - 5, 'middle', variables[0], 'name'),
    write(12, frame.top + frame.height / 2, null, variables[1] ?? 'f', 'name'));
}

function drawCurve(context, frame, {heights, columns}, look) {
  let piece = [];
  [...heights, null].forEach((height, index) => {
    if (height !== null) {
      piece.push([frame.left + index / (columns - 1) * frame.width, frame.down(height)]);
    } else {
      line(context, look.text, 2, piece);
      piece = [];
    }
  });
}

function drawStar(context, [x, y], look) {
  const corners = Array.from({length: 10}, (_, corner) => {
    const [radius, angle] = [corner % 2 ? 5 : 13, -Math.PI / 2 + corner * Math.PI / 5];
    return `${x + radius * Math.cos(angle)} ${y + radius * Math.sin(angle)}`;
  });
  shape(context, `M${corners.join('L')}Z`, look.text, look.background);
}
