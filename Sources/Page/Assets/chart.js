import { draw, make } from "./dom.js";

// Okabe and Ito's colours, told apart by every kind of colour vision, and with them strokes and signs: a printed page in
// black is readable too. The style sheet has them, lighter ones for a dark page.
const colours = 8;
const dashes = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2", "1 4", "14 3 3 3"];
const signs = ["circle", "square", "triangle", "diamond", "cross", "plus", "ring", "bar"];

export const colour = index => `var(--line-${index % colours})`;
export const dash = index => dashes[(index + Math.floor(index / colours)) % dashes.length];

export function sign(index, x, y, size = 4, attributes = {}) {
  const fill = colour(index), kind = signs[index % signs.length];
  const common = { fill, ...attributes };
  const line = { stroke: fill, "stroke-width": 2, fill: "none", ...attributes };
  switch (kind) {
  case "square": return draw("rect", { x: x - size, y: y - size, width: 2 * size, height: 2 * size, ...common });
  case "triangle": return draw("path", { d: `M${x} ${y - size * 1.2}l${size * 1.2} ${size * 2.2}h${-size * 2.4}z`, ...common });
  case "diamond": return draw("path", { d: `M${x} ${y - size * 1.4}l${size * 1.4} ${size * 1.4}l${-size * 1.4} ${size * 1.4}l${-size * 1.4} ${-size * 1.4}z`, ...common });
  case "cross": return draw("path", { d: `M${x - size} ${y - size}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`, ...line });
  case "plus": return draw("path", { d: `M${x - size} ${y}h${2 * size}m${-size} ${-size}v${2 * size}`, ...line });
  case "ring": return draw("circle", { cx: x, cy: y, r: size, ...line });
  case "bar": return draw("rect", { x: x - size, y: y - size / 2, width: 2 * size, height: size, ...common });
  default: return draw("circle", { cx: x, cy: y, r: size, ...common });
  }
}

// Round numbers that span low to high, about `count` of them.
export function ticks(low, high, count) {
  if (!(high > low)) return [low];
  const raw = (high - low) / count, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find(one => one * power >= raw * 0.999) * power;
  const list = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) list.push(Number((index * step).toPrecision(12)));
  return list;
}

function logTicks(low, high) {
  const list = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const digit of [1, 2, 5]) {
      const value = Number((digit * 10 ** power).toPrecision(6));
      if (value >= low * 0.999 && value <= high * 1.001) list.push(value);
    }
  }
  return list.length > 8 ? list.filter(value => /^1(\.0*)?(e|$)/.test(value.toExponential()) ) : list;
}

export const short = value => value === 0 ? "0" : Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3 ? value.toExponential(1).replace("e+", "e") : String(Number(value.toPrecision(4)));

// Where the pointer or the keyboard is, by chart.
const pointed = new WeakMap();

// A chart of lines. series: [{ name, index, points: [[x, y]], raw, band: [[x, low, high]], lines: [[[x, y]]], told(x) }]
export function lineChart({ series, title, xLabel, yLabel, xText = short, yText = short, log = false, key }) {
  // As wide as its place, so that its words have the size of words.
  const width = Math.max(280, Math.min(760, document.documentElement.clientWidth - 30));
  const [height, right, top, bottom] = [width < 500 ? 260 : 330, 18, 10, 40];
  const usable = value => Number.isFinite(value) && (!log || value > 0);
  const xs = [], ys = [];
  for (const one of series) {
    for (const list of [one.points, ...(one.lines || []), one.raw || []]) for (const [x, y] of list) if (usable(y)) { xs.push(x); ys.push(y); }
    for (const [x, low, high] of one.band || []) { if (usable(low)) ys.push(low); if (usable(high)) ys.push(high); xs.push(x); }
  }
  if (!xs.length) return make("p", { class: "empty" }, `${title}: nothing to draw yet.`);
  const least = list => list.reduce((a, b) => Math.min(a, b)), most = list => list.reduce((a, b) => Math.max(a, b));
  let [x0, x1, y0, y1] = [least(xs), most(xs), least(ys), most(ys)];
  if (x0 === x1) { x0 -= 0.5; x1 += 0.5; }
  if (y0 === y1) { const pad = Math.abs(y0) * 0.1 || 0.5; y0 -= log ? 0 : pad; y1 += pad; if (log) y0 /= 1.2; }
  if (!log) { const pad = (y1 - y0) * 0.05; y0 -= pad; y1 += pad; }
  const yTicks = log ? logTicks(y0, y1) : ticks(y0, y1, 6);
  // The axis's name stands beside its numbers, however long they are.
  const left = Math.max(58, 32 + 7 * yTicks.reduce((most, y) => Math.max(most, yText(y).length), 0));
  const scaleX = x => left + (x - x0) / (x1 - x0) * (width - left - right);
  const place = y => log ? (Math.log(y) - Math.log(y0)) / (Math.log(y1) - Math.log(y0)) : (y - y0) / (y1 - y0);
  const scaleY = y => height - bottom - place(y) * (height - top - bottom);
  const n = value => value.toFixed(1);
  const path = points => points.filter(([, y]) => usable(y)).map(([x, y], i) => `${i ? "L" : "M"}${n(scaleX(x))} ${n(scaleY(y))}`).join("");
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title, class: "chart", tabindex: "0", "data-key": key });
  const whole = xs.every(Number.isInteger);
  const xTicks = ticks(x0, x1, width < 500 ? 5 : 8).filter(x => !whole || Number.isInteger(x));
  svg.append(
    draw("g", { class: "grid" }, yTicks.map(y => draw("path", { d: `M${left} ${n(scaleY(y))}H${width - right}` }))),
    draw("path", { class: "axis", d: `M${left} ${top}V${height - bottom}H${width - right}` }),
    draw("g", { class: "label" },
      yTicks.map(y => draw("text", { x: left - 6, y: scaleY(y) + 4, "text-anchor": "end" }, yText(y))),
      xTicks.map(x => draw("text", { x: scaleX(x), y: height - bottom + 16, "text-anchor": "middle" }, xText(x))),
      draw("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle" }, xLabel),
      draw("text", { x: 13, y: (top + height - bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 13 ${(top + height - bottom) / 2})` }, yLabel)));
  for (const one of series) {
    const stroke = colour(one.index), pattern = series.length > 1 ? dash(one.index) : "";
    if (one.band?.length) {
      const clip = y => log ? Math.max(y, y0) : y;
      const up = one.band.map(([x, , high]) => `${n(scaleX(x))} ${n(scaleY(clip(high)))}`), down = one.band.map(([x, low]) => `${n(scaleX(x))} ${n(scaleY(clip(low)))}`).reverse();
      svg.append(draw("path", { d: `M${up.concat(down).join("L")}Z`, fill: stroke, "fill-opacity": 0.14 }));
    }
    for (const line of one.lines || []) svg.append(draw("path", { d: path(line), fill: "none", stroke, "stroke-width": 1, "stroke-opacity": 0.45 }));
    if (one.raw) svg.append(draw("path", { d: path(one.raw), fill: "none", stroke, "stroke-width": 1.2, "stroke-opacity": 0.35 }));
    svg.append(draw("path", { d: path(one.points), fill: "none", stroke, "stroke-width": 2, "stroke-dasharray": pattern, "stroke-linejoin": "round" }));
    if (one.points.length === 1 && usable(one.points[0][1])) svg.append(sign(one.index, scaleX(one.points[0][0]), scaleY(one.points[0][1])));
  }
  const cursor = draw("path", { class: "cursor" }), told = make("div", { class: "told", role: "status" });
  told.hidden = true;
  svg.append(cursor);
  const places = [...new Set(xs)].sort((a, b) => a - b);
  let current = places.length - 1;
  function point(index) {
    current = Math.max(0, Math.min(places.length - 1, index));
    const x = places[current];
    pointed.set(svg, x);
    cursor.setAttribute("d", `M${n(scaleX(x))} ${top}V${height - bottom}`);
    told.replaceChildren(make("b", {}, `${xLabel} ${xText(x)}`), ...series.map(one => {
      const words = one.told(x);
      return words ? make("span", {}, swatch(one.index), `${one.name}: ${words}`) : document.createTextNode("");
    }));
    told.hidden = false;
  }
  const nearest = x => places.reduce((best, one, index) => Math.abs(one - x) < Math.abs(places[best] - x) ? index : best, 0);
  function away() { cursor.setAttribute("d", ""); told.hidden = true; pointed.delete(svg); }
  svg.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect(), x = x0 + ((event.clientX - box.left) / box.width * width - left) / (width - left - right) * (x1 - x0);
    point(nearest(x));
  });
  svg.addEventListener("pointerleave", away);
  svg.addEventListener("blur", away);
  svg.addEventListener("keydown", event => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 };
    if (event.key in steps) { event.preventDefault(); point(current + steps[event.key]); }
  });
  // What was told of the chart that this one takes the place of is told on.
  const before = key && document.querySelector(`svg.chart[data-key="${CSS.escape(key)}"]`);
  if (pointed.has(before) && before.matches(":hover, :focus")) point(nearest(pointed.get(before)));
  return make("figure", { class: "plot" }, make("figcaption", {}, title), svg, told);
}

export function swatch(index) {
  return draw("svg", { class: "swatch", viewBox: "0 0 28 10", "aria-hidden": "true" },
    draw("path", { d: "M1 5H27", stroke: colour(index), "stroke-width": 2.5, "stroke-dasharray": dash(index), fill: "none" }));
}
