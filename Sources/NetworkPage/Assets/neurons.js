// The network and the plane, drawn.
import {css, draw, mixed, prepared, short} from './text.js';
import {look} from './look.js';

/** Below and above 0, or of class 0 and 1: dark and light, so that they differ in gray, too. */
const COLORS = {
  light: {background: [255, 255, 255], signs: [[29, 78, 200], [232, 142, 20]]},
  dark: {background: [18, 10, 42], signs: [[70, 120, 255], [255, 176, 84]]},
};
const ink = () => getComputedStyle(document.body).color;
/** All pictures, one below the other. */
const atlas = document.createElement('canvas');

/** Paints the pictures of an answer: one of each neuron, and the last of the whole. */
export function paint({pictures, side}) {
  const bytes = atob(pictures);
  const {background, signs} = COLORS[look()];
  const colors = Uint32Array.from({length: 256}, (_, byte) => {
    const [red, green, blue] = mixed(
      background, signs[byte < 128 ? 0 : 1], Math.abs(byte - 128) / 127 * 0.85);
    return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
  });
  atlas.width = side;
  atlas.height = bytes.length / side;
  const image = new ImageData(side, atlas.height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let at = 0; at < pixels.length; at++) pixels[at] = colors[bytes.charCodeAt(at)];
  atlas.getContext('2d').putImageData(image, 0, 0);
}

const drawPicture = (context, side, number, x, y, size) =>
  context.drawImage(atlas, 0, number * side, side, side, x, y, size, size);

/** Neurons of each column: inputs, hidden layers, outputs. */
export const columns = ({biases}) => [2, ...biases.map(list => list.length)];

/** The name of a neuron by its column and place. */
export const neuronName = (column, place, sizes) => column === sizes.length - 1
  ? `output ${place}` : `neuron ${place + 1} of layer ${column}`;

/** Draws the network; returns the places of its neurons, with the number of their pictures. */
export function drawNetwork(canvas, svg, view, {chosen, ledger, at}) {
  const {context, width, height} = prepared(canvas);
  const {background, signs} = COLORS[look()];
  const line = ink();
  const sizes = columns(view);
  const step = ledger?.steps[at];
  // With room for a number above each.
  const box = Math.min(44, width / sizes.length / 1.7, height / (step ? 15 : 9.5));
  const place = (column, row) => [
    width * (column + 0.5) / sizes.length, height * (row + 0.6) / (sizes[column] + 0.2)];
  const last = sizes.length - 1;
  // Lines of the same look are one path, which is drawn much faster than each by itself.
  const paths = new Map();
  view.weights.forEach((rows, layer) => {
    const largest = Math.max(1e-9, ...rows.flat().map(Math.abs));
    rows.forEach((row, target) => row.forEach((weight, source) => {
      const style = [weight < 0 ? 0 : 1, Math.round(8 * Math.abs(weight) / largest),
        !step || step.layer === 2 * layer + 1 ? 1 : 0.2].join();
      if (!paths.has(style)) paths.set(style, new Path2D());
      paths.get(style).moveTo(...place(layer, source));
      paths.get(style).lineTo(...place(layer + 1, target));
    }));
  });
  for (const [style, path] of paths) {
    const [sign, size, alpha] = style.split(',').map(Number);
    context.lineWidth = 0.6 + 0.6 * size;
    context.strokeStyle = css(signs[sign]);
    context.setLineDash(sign ? [] : [5, 4]);
    context.globalAlpha = alpha;
    context.stroke(path);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  const neurons = [];
  const texts = [];
  sizes.forEach((count, column) => {
    for (let row = 0; row < count; row++) {
      const [x, y] = place(column, row);
      const number = column ? neurons.length - 2 : null;
      if (column) {
        drawPicture(context, view.side, number, x - box / 2, y - box / 2, box);
      } else {
        context.fillStyle = css(background);
        context.fillRect(x - box / 2, y - box / 2, box, box);
        texts.push(draw('text', {x, y: y + 4, 'text-anchor': 'middle', class: 'name'}, 'xy'[row]));
      }
      context.strokeStyle = line;
      context.lineWidth = number !== null && number === chosen ? 3 : 1;
      context.strokeRect(x - box / 2, y - box / 2, box, box);
      neurons.push({x, y, box, number, name: neuronName(column, row, sizes)});
      if (!step) continue;
      const stage = column < last ? 2 * column : 2 * last - 1;
      const isBack = !step.is_forward && stage >= step.layer - 1;
      if (step.is_forward && stage > step.layer) continue;
      texts.push(draw('text', {
        x, y: y - box / 2 - 4, 'text-anchor': 'middle',
        class: stage === (isBack ? step.layer - 1 : step.layer) ? 'now' : null,
      }, isBack ? `∂ ${short(ledger.gradients[column][row], 3)}`
        : short(ledger.values[column][row], 3)));
    }
  });
  svg.replaceChildren(...texts);
  const strongest = view.weights.flatMap((rows, layer) => rows.flatMap((row, target) =>
    row.map((weight, source) => ({weight, layer, target, source}))))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, 3);
  const told = strongest.map(({weight, layer, target, source}) => `${short(weight, 3)} from `
    + (layer ? neuronName(layer, source, sizes) : `input ${'xy'[source]}`)
    + ` to ${neuronName(layer + 1, target, sizes)}`);
  canvas.setAttribute('aria-label', `Network of 2 inputs, ${sizes.slice(1, -1).join(', ')} hidden `
    + `neurons and 2 outputs. Largest weights: ${told.join('; ')}.`);
  return neurons;
}

/** The square in which the plane lies. */
function square({clientWidth: width, clientHeight: height}) {
  const size = Math.min(width, height) - 44;
  return {left: (width - size) / 2 + 8, top: 10, size};
}

/** Where in the plane a place of the canvas is. */
export function planePlace(canvas, reach, across, down) {
  const {left, top, size} = square(canvas);
  return [(across - left) / size * 2 - 1, 1 - (down - top) / size * 2]
    .map(part => Number((Math.min(1, Math.max(-1, part)) * reach).toFixed(2)));
}

/** Draws what a neuron or the whole network says over the plane, with the points. */
export function drawPlane(canvas, svg, view, {picture, isAnswer, points, training, sample, label}) {
  const {context} = prepared(canvas);
  const {background, signs} = COLORS[look()];
  const line = ink();
  const {left, top, size} = square(canvas);
  const {reach} = view;
  const across = x => left + (x / reach + 1) / 2 * size;
  const down = y => top + (1 - y / reach) / 2 * size;
  drawPicture(context, view.side, picture, left, top, size);
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(left, top, size, size);
  if (isAnswer) {
    context.lineWidth = 2.5;
    context.beginPath();
    for (let at = 0; at < view.boundary.length; at += 4) {
      const [x, y, u, v] = view.boundary.slice(at, at + 4).map(part => part / 1e4 * size);
      context.moveTo(left + x, top + size - y);
      context.lineTo(left + u, top + size - v);
    }
    context.stroke();
  }
  const mark = (path, at, radius) => {
    const [x, y] = [across(points[at][0]), down(points[at][1])];
    const corner = points[at][2] ? radius * 1.2 : 0;
    path.moveTo(x + (corner || radius), y);
    if (corner) {
      path.lineTo(x, y + corner);
      path.lineTo(x - corner, y);
      path.lineTo(x, y - corner);
    } else {
      path.arc(x, y, radius, 0, 2 * Math.PI);
    }
    path.closePath();
  };
  const fill = (path, kind, isHeld, border, width) => {
    context.fillStyle = css(isHeld ? background : signs[kind]);
    context.strokeStyle = border;
    context.lineWidth = width;
    context.fill(path);
    context.stroke(path);
  };
  for (const [kind, isHeld] of [[0, false], [1, false], [0, true], [1, true]]) {
    const path = new Path2D();
    points.forEach((point, at) => {
      if (point[2] === kind && isHeld === at >= training) mark(path, at, 4);
    });
    fill(path, kind, isHeld, isHeld ? css(signs[kind]) : line, isHeld ? 2 : 1);
  }
  // The chosen one lies on the others.
  if (points[sample]) {
    const path = new Path2D();
    mark(path, sample, 7);
    fill(path, points[sample][2], sample >= training, line, 3);
  }
  svg.replaceChildren(...[-reach, 0, reach].flatMap(value => [
    draw('text', {x: across(value), y: top + size + 16, 'text-anchor': 'middle'}, short(value)),
    draw('text', {x: left - 6, y: down(value) + 4, 'text-anchor': 'end'}, short(value))]),
  draw('text', {x: across(0), y: top + size + 32, 'text-anchor': 'middle', class: 'name'}, 'x'),
  draw('text', {x: left - 22, y: down(0) + 4, 'text-anchor': 'end', class: 'name'}, 'y'));
  canvas.setAttribute('aria-label', label);
}
