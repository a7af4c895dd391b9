// Lines over an axis, as SVG.
import {draw, short, ticks} from './text.js';

const SIZE = {width: 480, height: 240, left: 52, right: 14, top: 10, bottom: 38};

/** A tick; powers of ten are short. */
function named(value, isLogarithmic) {
  const power = isLogarithmic ? Math.round(Math.log10(value)) : NaN;
  return Math.abs(value / 10 ** power - 1) < 1e-9 && (value < 0.01 || value > 9999)
    ? `1e${power}`.replace('-', '−') : short(value);
}

/** A linear or a logarithmic axis from pixels `from` to `to`. */
class Scale {
  constructor(low, high, isLogarithmic, from, to) {
    Object.assign(this, {low, high, isLogarithmic, from, to});
  }
  at(value) {
    const transform = this.isLogarithmic ? Math.log10 : number => number;
    const [low, high] = [transform(this.low), transform(this.high)];
    return this.from + (transform(value) - low) / (high - low || 1) * (this.to - this.from);
  }
  get ticks() {
    const size = Math.abs(this.to - this.from);
    if (this.isLogarithmic) {
      const [low, high] = [Math.log10(this.low), Math.log10(this.high)];
      const stride = Math.max(1, Math.ceil((high - low) / (size / 34)));
      const digits = high - low < 2 ? [1, 2, 5] : [1];
      const found = [];
      for (let power = Math.floor(low + 1e-9); power <= high + 1e-9; power += stride) {
        for (const digit of digits) found.push(digit * 10 ** power);
      }
      const inside = found.filter(value => value > this.low * 0.999 && value < this.high * 1.001);
      if (inside.length > 2) return inside;
    }
    return ticks(this.low, this.high, size / (this.isLogarithmic ? 34 : 55));
  }
}

/**
 * Draws lines.
 *
 * `lines` are `{points, color, dashes, number, dot}`, with gaps where a point is null; `x` and `y`
 * are `{name, low, high, log}`; `reference` is a height with a dotted line, `cursor` a place with a
 * vertical one; `marks` are `{place, value, is_on_curve}`. Gives the scales and the size.
 */
export function chart(container, {label, lines, x, y, reference, cursor, marks = []}) {
  const {width, height, left, right, top, bottom} = SIZE;
  const across = new Scale(x.low, x.high, x.log, left, width - right);
  const down = new Scale(y.low, y.high, y.log, height - bottom, top);
  const clamp = value => Math.min(Math.max(down.at(value), -200), height + 200);
  const box = {x: left, y: top, width: width - left - right, height: height - top - bottom};
  const clip = `clip-${container.id}`;
  const svg = draw('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label});
  svg.append(
    draw('clipPath', {id: clip},
      draw('rect', {x: left - 1, y: top - 1, width: box.width + 2, height: box.height + 2})),
    draw('rect', {...box, class: 'border'}));
  for (const value of across.ticks) {
    const at = across.at(value);
    svg.append(
      draw('path', {d: `M${at} ${height - bottom}v4`, class: 'tick'}),
      draw('text', {x: at, y: height - bottom + 16, 'text-anchor': 'middle'}, named(value, x.log)));
  }
  for (const value of down.ticks) {
    const at = down.at(value);
    svg.append(
      draw('path', {d: `M${left} ${at}H${width - right}`, class: 'grid'}),
      draw('text', {x: left - 6, y: at + 4, 'text-anchor': 'end'}, named(value, y.log)));
  }
  svg.append(
    draw('text', {
      x: left + box.width / 2, y: height - 4, 'text-anchor': 'middle', class: 'name'}, x.name));
  const inner = draw('g', {'clip-path': `url(#${clip})`});
  if (reference !== undefined) {
    inner.append(draw('path', {
      d: `M${left} ${down.at(reference)}H${width - right}`, class: 'reference'}));
  }
  if (cursor !== undefined) {
    inner.append(draw('path', {
      d: `M${across.at(cursor)} ${top}V${height - bottom}`, class: 'reference'}));
  }
  for (const {points, color, dashes} of lines) {
    const d = points.map(([a, b], at) => b === null ? '' : (at && points[at - 1][1] !== null ? 'L'
      : 'M') + `${across.at(a).toFixed(1)} ${clamp(b).toFixed(1)}`).join('');
    inner.append(draw('path', {d: d || 'M0 0', fill: 'none', stroke: color, 'stroke-width': 2.2,
      'stroke-dasharray': (dashes ?? []).join(' ') || null}));
  }
  inner.append(...marks.map(({place, value, is_on_curve: isOn}) => draw('circle', {
    cx: across.at(place), cy: clamp(value), r: 5, class: `mark${isOn ? ' on' : ''}`})));
  svg.append(inner);
  for (const {dot, color, number} of [...lines].reverse()) {
    if (!dot) continue;
    const [a, b] = [across.at(dot[0]), Math.min(Math.max(clamp(dot[1]), top), height - bottom)];
    if (!Number.isFinite(a + b) || a < left - 1 || a > width - right + 1) continue;
    svg.append(
      draw('circle', {cx: a, cy: b, r: 8, fill: color, class: 'dot'}),
      draw('text', {x: a, y: b + 4, 'text-anchor': 'middle', class: 'number'}, String(number)));
  }
  container.replaceChildren(svg);
  return {
    width, height, across: value => across.at(value), down: value => down.at(value),
    value: at => y.low + (at - down.from) / (down.to - down.from) * (y.high - y.low),
  };
}
