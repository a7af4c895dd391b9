// The network and the plane, drawn.
import {draw, short} from './text.js';
import {axes, Scale} from './chart.js';
import {look} from './look.js';
import {css, discs, mixed, paint, prepared, segments} from './pen.js';

/** Below and above 0, or of class 0 and 1: dark and light, so that they differ in gray, too. */
const COLORS = {
  light: {background: [255, 255, 255], signs: [[29, 78, 200], [232, 142, 20]]},
  dark: {background: [18, 10, 42], signs: [[70, 120, 255], [255, 176, 84]]},
};
const ink = () => getComputedStyle(document.body).color;
/** All pictures, one below the other. */
const atlas = document.createElement('canvas');

/** Takes the pictures of an answer: one of each neuron, and the last of the whole. */
export function takePictures({pictures, side}) {
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

/** A rectangle, and in it the picture of a number, if there is one. */
function drawPicture(context, side, number, [x, y, width, height], style) {
  if (number !== null) {
    context.drawImage(atlas, 0, number * side, side, side, x, y, width, height);
  }
  const border = new Path2D();
  border.rect(x, y, width, height);
  paint(context, border, {color: ink(), ...style});
}

/** Draws the network; returns the places of its neurons, with the number of their pictures. */
export function drawNetwork(canvas, svg, view, {chosen, ledger, at}) {
  const {context, width, height} = prepared(canvas);
  const {background, signs} = COLORS[look()];
  // Neurons of each column: inputs, hidden layers, outputs.
  const sizes = [2, ...view.biases.map(list => list.length)];
  const step = ledger?.steps[at];
  // With room for a number above each.
  const box = Math.min(44, width / sizes.length / 1.7, height / (step ? 15 : 9.5));
  const place = (column, row) => [
    width * (column + 0.5) / sizes.length, height * (row + 0.6) / (sizes[column] + 0.2)];
  const last = sizes.length - 1;
  // Lines of the same look are one path, which is drawn much faster than each by itself.
  const lines = new Map();
  view.weights.forEach((rows, layer) => {
    const largest = Math.max(1e-9, ...rows.flat().map(Math.abs));
    rows.forEach((row, target) => row.forEach((weight, source) => {
      const style = [weight < 0 ? 0 : 1, Math.round(8 * Math.abs(weight) / largest),
        !step || step.layer === 2 * layer + 1 ? 1 : 0.2].join();
      if (!lines.has(style)) lines.set(style, new Path2D());
      lines.get(style).moveTo(...place(layer, source));
      lines.get(style).lineTo(...place(layer + 1, target));
    }));
  });
  for (const [style, path] of lines) {
    const [sign, size, alpha] = style.split(',').map(Number);
    paint(context, path, {
      color: css(signs[sign]), width: 0.6 + 0.6 * size, dashes: sign ? [] : [5, 4], alpha});
  }
  const neurons = [];
  const texts = [];
  sizes.forEach((count, column) => {
    for (let row = 0; row < count; row++) {
      const [x, y] = place(column, row);
      const number = column ? neurons.length - 2 : null;
      if (!column) texts.push(draw('text', {x, y: y + 4, class: 'name'}, 'xy'[row]));
      drawPicture(context, view.side, number, [x - box / 2, y - box / 2, box, box], {
        fill: column ? null : css(background),
        width: number !== null && number === chosen ? 3 : 1});
      neurons.push({x, y, box, number});
      if (!step) continue;
      const stage = column < last ? 2 * column : 2 * last - 1;
      const isBack = !step.is_forward && stage >= step.layer - 1;
      if (step.is_forward && stage > step.layer) continue;
      texts.push(draw('text', {
        x, y: y - box / 2 - 4, class: stage === (isBack ? step.layer - 1 : step.layer) && 'now',
      }, isBack ? `∂ ${short(ledger.gradients[column][row], 3)}`
        : short(ledger.values[column][row], 3)));
    }
  });
  svg.replaceChildren(...texts);
  canvas.setAttribute('aria-label', view.words);
  return neurons;
}

/** The scales of the square in which the plane lies. */
function scales({clientWidth: width, clientHeight: height}, reach) {
  const size = Math.min(width, height) - 58;
  const left = (width - size) / 2 + 20;
  return [
    new Scale(-reach, reach, left, left + size), new Scale(-reach, reach, 10 + size, 10)];
}

/** Where in the plane a place of the canvas is. */
export function planePlace(canvas, reach, across, down) {
  const [x, y] = scales(canvas, reach);
  return [x.value(across), y.value(down)].map(part => Number(part.toFixed(2)));
}

/** Draws what a neuron or the whole network says over the plane, with the points. */
export function drawPlane(canvas, svg, view, {picture, isAnswer, points, training, sample, label}) {
  const {context} = prepared(canvas);
  const {background, signs} = COLORS[look()];
  const [x, y] = scales(canvas, view.reach);
  drawPicture(context, view.side, picture, [x.from, y.to, x.size, y.size]);
  if (isAnswer) paint(context, segments(view.boundary, x, y), {color: ink(), width: 2.5});
  /** Discs or, of class 1, diamonds. */
  const marks = (places, kind, radius) => {
    if (!kind) return discs(radius, places);
    const path = new Path2D();
    const corner = radius * 1.2;
    for (const [a, b] of places) {
      path.addPath(new Path2D(`M${a + corner} ${b}l${-corner} ${corner} ${-corner} ${-corner} `
        + `${corner} ${-corner}z`));
    }
    return path;
  };
  const show = (some, kind, isHeld, radius, color, width) => paint(
    context, marks(some.map(([a, b]) => [x.at(a), y.at(b)]), kind, radius),
    {fill: css(isHeld ? background : signs[kind]), color, width});
  for (const [kind, isHeld] of [[0, false], [1, false], [0, true], [1, true]]) {
    show(points.filter((point, at) => point[2] === kind && isHeld === at >= training),
      kind, isHeld, 4, isHeld ? css(signs[kind]) : ink(), isHeld ? 2 : 1);
  }
  // The chosen one lies on the others.
  const one = points[sample];
  if (one) show([one], one[2], sample >= training, 7, ink(), 3);
  svg.replaceChildren(...axes(x, y, ['x', 'y']));
  canvas.setAttribute('aria-label', label);
}
