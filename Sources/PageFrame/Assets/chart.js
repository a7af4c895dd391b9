// Scales and axes, and lines over them, as SVG.
import {draw, short} from './text.js';

const SIZE = {width: 480, height: 240, left: 52, right: 14, top: 10, bottom: 38};

/** A linear or a logarithmic axis from pixels `from` to `to`. */
export class Scale {
  constructor(low, high, from, to, isLogarithmic = false) {
    Object.assign(this, {low, high, from, to, isLogarithmic, size: Math.abs(to - from)});
  }
  /** Pixels of a linear axis for each 1. */
  get unit() { return (this.to - this.from) / (this.high - this.low || 1); }
  /** The place of a fraction of the axis. */
  part(fraction) { return this.from + fraction * (this.to - this.from); }
  /** The place of a value. */
  at(value) {
    const [at, low, high] = [value, this.low, this.high].map(
      number => this.isLogarithmic ? Math.log10(number) : number);
    return this.part((at - low) / (high - low || 1));
  }
  /** The value at a place of a linear axis, or the nearest on it. */
  value(at) {
    const part = (at - this.from) / (this.to - this.from);
    return this.low + Math.min(1, Math.max(0, part)) * (this.high - this.low);
  }
  /** Round values, with their texts. */
  get ticks() {
    if (!this.isLogarithmic) return this.evenTicks(55);
    const [low, high] = [Math.log10(this.low), Math.log10(this.high)];
    const stride = Math.max(1, Math.ceil((high - low) / (this.size / 34)));
    const digits = high - low < 2 ? [1, 2, 5] : [1];
    const found = [];
    for (let power = Math.floor(low + 1e-9); power <= high + 1e-9; power += stride) {
      for (const digit of digits) found.push(digit * 10 ** power);
    }
    const inside = found.filter(value => value > this.low * 0.999 && value < this.high * 1.001);
    return inside.length > 2 ? inside : this.evenTicks(34);
  }
  evenTicks(distance) {
    const raw = (this.high - this.low) / Math.max(1, this.size / distance);
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = power * [1, 2, 2.5, 5, 10].find(factor => factor * power >= raw * 0.8);
    const values = [];
    for (let at = Math.ceil(this.low / step - 1e-9); at * step <= this.high + step * 1e-9; at++) {
      values.push(Number((at * step).toPrecision(12)));
    }
    return values;
  }
  /** A tick in words; powers of ten are short. */
  named(value) {
    const power = this.isLogarithmic ? Math.round(Math.log10(value)) : NaN;
    return Math.abs(value / 10 ** power - 1) < 1e-9 && (value < 0.01 || value > 9999)
      ? `1e${power}`.replace('-', '−') : short(value);
  }
}

const write = (x, y, text, style = '') => draw('text', {x, y, class: style}, text);

/** The border of a plot with its ticks, the names of the axes, and lines at the heights of `y`. */
export function axes(x, y, names, hasGrid = false) {
  const [left, bottom] = [x.from, y.from];
  return [
    draw('rect', {x: left, y: y.to, width: x.size, height: y.size, class: 'border'}),
    ...x.ticks.flatMap(value => [
      draw('path', {d: `M${x.at(value)} ${bottom}v5`, class: 'tick'}),
      write(x.at(value), bottom + 17, x.named(value))]),
    ...y.ticks.flatMap(value => [
      draw('path', {d: `M${left} ${y.at(value)}h${hasGrid ? x.size : -5}`,
        class: hasGrid ? 'grid' : 'tick'}),
      write(left - 7, y.at(value) + 4, y.named(value), 'end')]),
    write(x.part(0.5), bottom + 34, names[0], 'name'),
    ...names[1] ? [write(left - 46, y.part(0.5), names[1], 'name start')] : []];
}

/**
 * Draws lines.
 *
 * `lines` are `{points, color, dashes, number, dot, isPale}`, with gaps where a value is not
 * finite, or not above 0 where the axis is logarithmic; the number stands at `dot`, or else at the
 * last point. `x` and `y` are `{name, low, high, log}`; what an axis does not say follows from the
 * points, but for those of pale lines. `reference` is a height with a dotted line, `cursor` a place
 * with a vertical one; `marks` are `{place, value, is_on_curve}`. Gives the scales and the size.
 */
export function chart(container, {label, lines, x, y = {}, reference, cursor, marks = []}) {
  const {width, height, left, right, top, bottom} = SIZE;
  const isSeen = point => Number.isFinite(point?.[1]) && !(y.log && point[1] <= 0);
  const seen = lines.flatMap(({points, isPale}) => isPale ? [] : points.filter(isSeen));
  const last = Math.max(10, ...seen.map(([place]) => place));
  const across = new Scale(x.low ?? 0, x.high ?? last, left, width - right, x.log);
  const down = new Scale(...range(seen, y), height - bottom, top, y.log);
  // Far outside, a line would be drawn wrong.
  const clamp = value => Math.min(Math.max(down.at(value), -200), height + 200);
  const clip = `clip-${container.id}`;
  const inner = draw('g', {'clip-path': `url(#${clip})`});
  const rule = d => inner.append(draw('path', {d, class: 'reference'}));
  if (reference !== undefined) rule(`M${left} ${down.at(reference)}h${across.size}`);
  if (cursor !== undefined) rule(`M${across.at(cursor)} ${top}v${down.size}`);
  for (const {points, color, dashes} of lines) {
    const d = points.map((point, at) => isSeen(point) ? (isSeen(points[at - 1]) ? 'L' : 'M')
      + `${across.at(point[0]).toFixed(1)} ${clamp(point[1]).toFixed(1)}` : '').join('');
    inner.append(draw('path', {d: d || 'M0 0', stroke: color, class: 'line',
      'stroke-dasharray': (dashes ?? []).join(' ') || null}));
  }
  inner.append(...marks.map(({place, value, is_on_curve: isOn}) => draw('circle', {
    cx: across.at(place), cy: clamp(value), r: 5, class: `mark${isOn ? ' on' : ''}`})));
  const dots = [...lines].reverse().flatMap(line => {
    const {points, color, number, dot = points.findLast(isSeen)} = line;
    if (!number || !dot) return [];
    const [a, b] = [across.at(dot[0]), Math.min(Math.max(down.at(dot[1]), top), height - bottom)];
    if (!Number.isFinite(a + b) || a < left - 1 || a > width - right + 1) return [];
    return [
      draw('circle', {cx: a, cy: b, r: 8, fill: color, class: 'dot'}),
      write(a, b + 4, number, 'number')];
  });
  container.replaceChildren(draw(
    'svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label},
    draw('clipPath', {id: clip}, draw('rect', {
      x: left - 1, y: top - 1, width: across.size + 2, height: down.size + 2})),
    ...axes(across, down, [x.name], true), inner, ...dots));
  return {width, height, across, down};
}

/**
 * From where to where a vertical axis goes: around all values, from 0 unless they are far above it,
 * or between whole powers of ten.
 */
function range(points, {low, high, log}) {
  const values = points.map(([, value]) => value);
  const [least, most] = values.length ? [Math.min(...values), Math.max(...values)] : [0.1, 1];
  if (log) {
    const power = Math.floor(Math.log10(least));
    return [low ?? 10 ** power, high ?? 10 ** Math.max(Math.ceil(Math.log10(most)), power + 1)];
  }
  const room = (most - least || Math.abs(most) || 1) * 0.06;
  return [low ?? (least >= 0 && least * 2 < most ? 0 : least - room), high ?? most + room];
}
