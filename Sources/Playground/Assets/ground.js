// The surface from above (or a curve from the side) with the marbles on it.
import {byId} from './text.js';
import {axes, Scale} from './chart.js';
import {drawMarbles, drawTrail, shape} from './marks.js';
import {blank, css, mixed, paint, prepared, segments} from './pen.js';
import {paths} from './race.js';
import {canvas, isMap, scene, state} from './scene.js';

/** Room around the plot for the numbers of the axes. */
const MARGIN = {left: 58, right: 12, top: 12, bottom: 42};

let backdrop = null;
let backdropKey = null;

/** Forgets the picture of the surface. */
export const repaint = () => { backdropKey = null; };

/** How places of the surface become places of the canvas. */
export function scales() {
  const [x, y] = scene.surface.window;
  return {
    x: new Scale(...x, MARGIN.left, canvas.clientWidth - MARGIN.right),
    y: new Scale(...y ?? curveRange(), canvas.clientHeight - MARGIN.bottom, MARGIN.top),
  };
}

function curveRange() {
  const heights = scene.ground.heights.filter(height => height !== null);
  if (!heights.length) return [0, 1];
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const room = (high - low || 1) * 0.07;
  return [low - room, high + room];
}

/** Draws everything; returns the scales. */
export function drawGround(step) {
  const {context, width, height} = prepared(canvas);
  const {surface, ground, look, basins} = scene;
  const {x, y} = scales();
  const key = [width, height, scene.version, scene.theme, state.view, basins?.version].join();
  if (key !== backdropKey) {
    backdrop = isMap() ? painted(x, y) : null;
    byId('axes').setAttribute('viewBox', `0 0 ${width} ${height}`);
    byId('axes').replaceChildren(...axes(x, y, [...surface.variables, 'f']));
    backdropKey = key;
  }
  if (backdrop) context.drawImage(backdrop, 0, 0, width, height);
  else paint(context, curve(ground, x, y), {color: look.text, width: 2});
  const point = (place, value) => [x.at(place[0]), y.at(isMap() ? place[1] : value)];
  context.save();
  context.beginPath();
  context.rect(x.from, y.to, x.size, y.size);
  context.clip();
  const minima = state.view === 'basins' && basins ? basins.minima : surface.minima;
  for (const minimum of minima) {
    drawStar(context, point(minimum, surface.lowest), look);
  }
  paths.forEach((path, index) => drawTrail(context, path, index, step, point));
  context.restore();
  drawMarbles(context, x, y, step, point);
  return {x, y};
}

const channels = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));

/** The color of a ramp at a fraction. */
export function rampColor(colors, part) {
  const at = Math.min(Math.max(part, 0), 1) * (colors.length - 1);
  const low = Math.min(Math.floor(at), colors.length - 2);
  return mixed(channels(colors[low]), channels(colors[low + 1]), at - low);
}

/** The value of a grid between its points. */
export function sampled({columns, rows}, at, column, row) {
  const [i, j] = [Math.min(Math.floor(column), columns - 2), Math.min(Math.floor(row), rows - 2)];
  const [s, t] = [column - i, row - j];
  return (1 - t) * ((1 - s) * at(i, j) + s * at(i + 1, j))
    + t * ((1 - s) * at(i, j + 1) + s * at(i + 1, j + 1));
}

/** The surface as an image: bands of equal area or basins, and the lines of equal height. */
function painted(x, y) {
  const {ground, look, basins} = scene;
  const [image, context] = blank(canvas.width, canvas.height);
  const scale = canvas.width / canvas.clientWidth;
  context.scale(scale, scale);
  if (state.view === 'basins' && basins) paintBasins(context, x, y);
  else context.drawImage(bands(x, y), x.from, y.to, x.size, y.size);
  paint(context, segments(ground.contours.flat(), x, y), {color: look.contour, width: 0.8});
  return image;
}

function bands(x, y) {
  const {ground, look} = scene;
  const {heights, columns, rows, levels} = ground;
  const [width, height] = [x, y].map(({size}) => Math.max(2, Math.round(size)));
  const [image, context] = blank(width, height);
  const pixels = context.createImageData(width, height);
  const shades = Array.from({length: levels.length + 1}, (_, band) =>
    rampColor(look.heights, levels.length ? band / levels.length : 1));
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

function paintBasins(context, x, y) {
  const {columns, rows, basins, times, colors} = scene.basins;
  const background = channels(scene.look.background);
  basins.forEach((basin, index) => {
    const faintness = 0.25 + 0.5 * Math.sqrt(times[index] / 100);
    context.fillStyle = css(basin < 0 ? background
      : mixed(channels(colors[scene.theme][basin]), background, faintness));
    context.fillRect(
      x.part(index % columns / columns), y.part((Math.floor(index / columns) + 1) / rows),
      x.size / columns + 0.5, y.size / rows + 0.5);
  });
}

/** A curve, with gaps where it has no height. */
function curve({heights, columns}, x, y) {
  const path = new Path2D();
  heights.forEach((height, index) => {
    if (height === null) return;
    const isFirst = (heights[index - 1] ?? null) === null;
    path[isFirst ? 'moveTo' : 'lineTo'](x.part(index / (columns - 1)), y.at(height));
  });
  return path;
}

function drawStar(context, [x, y], look) {
  const corners = Array.from({length: 10}, (_, corner) => {
    const [radius, angle] = [corner % 2 ? 5 : 13, -Math.PI / 2 + corner * Math.PI / 5];
    return `${x + radius * Math.cos(angle)} ${y + radius * Math.sin(angle)}`;
  });
  shape(context, `M${corners.join('L')}Z`, look.text, look.background);
}
