// Colors and shapes on a canvas.

/** A color between two, which are lists of red, green and blue. */
export const mixed = (a, b, part) => a.map((value, at) => value + (b[at] - value) * part);
export const css = color => `rgb(${color.map(Math.round).join()})`;

/** Fits a canvas to its box in device pixels; returns its context in CSS pixels. */
export function prepared(canvas) {
  const {clientWidth: width, clientHeight: height} = canvas;
  const scale = window.devicePixelRatio || 1;
  const sizes = [width, height].map(size => Math.round(size * scale));
  if (canvas.width !== sizes[0] || canvas.height !== sizes[1]) {
    [canvas.width, canvas.height] = sizes;
  }
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  [context.lineJoin, context.lineCap] = ['round', 'butt'];
  return {context, width, height};
}

/** An empty picture. */
export function blank(width, height) {
  const image = document.createElement('canvas');
  [image.width, image.height] = [width, height];
  return [image, image.getContext('2d')];
}

/** Fills a path where `fill` is a color, and draws its line where `color` is. */
export function paint(context, path, {fill, color, width = 1, dashes = [], alpha = 1}) {
  context.globalAlpha = alpha;
  if (fill) {
    context.fillStyle = fill;
    context.fill(path);
  }
  if (color) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.setLineDash(dashes);
    context.stroke(path);
  }
  context.globalAlpha = 1;
}

/** A line through places. */
export function through(places) {
  const path = new Path2D();
  for (const [x, y] of places) path.lineTo(x, y);
  return path;
}

/** Lines between pairs of places, in ten-thousandths of two scales: x, y, x, y, and so on. */
export function segments(ends, x, y) {
  const path = new Path2D();
  for (let at = 0; at < ends.length; at += 4) {
    path.moveTo(x.part(ends[at] / 1e4), y.part(ends[at + 1] / 1e4));
    path.lineTo(x.part(ends[at + 2] / 1e4), y.part(ends[at + 3] / 1e4));
  }
  return path;
}

/** Discs around places. */
export function discs(radius, places) {
  const path = new Path2D();
  for (const [x, y] of places) {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  }
  return path;
}
