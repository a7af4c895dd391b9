// Lines, discs and shapes on a canvas.

/** Draws a line through places. */
export function line(context, color, width, places, dashes = []) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dashes);
  context.beginPath();
  for (const [x, y] of places) context.lineTo(x, y);
  context.stroke();
}

export function disc(context, [x, y], radius, color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Draws a shape, given as the path of an SVG picture, with an edge of the background. */
export function shape(context, path, color, background) {
  for (const [style, width] of [[background, 5], [color, 2]]) {
    context.strokeStyle = context.fillStyle = style;
    context.lineWidth = width;
    context.stroke(new Path2D(path));
    context.fill(new Path2D(path));
  }
}

/** The value of a grid between its points. */
export function sampled({columns, rows}, at, column, row) {
  const [i, j] = [Math.min(Math.floor(column), columns - 2), Math.min(Math.floor(row), rows - 2)];
  const [s, t] = [column - i, row - j];
  return (1 - t) * ((1 - s) * at(i, j) + s * at(i + 1, j))
    + t * ((1 - s) * at(i, j + 1) + s * at(i + 1, j + 1));
}
