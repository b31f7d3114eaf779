import { draw, make, sortable, visible } from "./dom.js";
import { colour, short, sign, ticks } from "./chart.js";
import { distinctions, plural } from "./format.js";

// Every case of every finished run, a point for each, by structure; worst first.
export async function casesView({ ask, parameters, go, source }) {
  const name = parameters.get("measure") || "dice";
  const looks = distinctions(await ask("/api/sweep")).methods;
  const view = await ask(`/api/cases?measure=${encodeURIComponent(name)}`);
  if (!view.measure) return { content: make("p", { class: "empty" }, view.absence || "Cases are those of an experiment: start the server with its file.") };
  if (!view.cases.length) return { content: make("p", { class: "empty" }, "No run has been tested yet.") };
  const chosen = parameters.get("case"), structure = Number(parameters.get("structure") ?? -1);
  const scale = view.measure.unit === "1" ? 100 : 1, unit = view.measure.unit === "1" ? "%" : view.measure.unit;
  const value = one => structure >= 0 ? one.values[structure] : one.mean;
  return { signature: JSON.stringify(view), content: [
    controls(view, parameters, go), strip(view, parameters, go, { chosen, scale, unit, looks }),
    chosen ? detail(view, chosen, parameters, go, { scale, unit }, source) : make("p", { class: "caption" }, source.slice ? "Choose a point or a row to see the case: its structures, and its slices with the truth and what each method made of it." : "Choose a point or a row to see the case and its structures."),
    worst(view, value, structure, { scale, unit, looks }, parameters),
    source.overlays, source.slice ? undefined : make("p", { class: "note" }, "Every slice of every case is in safnet dashboard; a report holds those that it drew."),
  ] };
}

function controls(view, parameters, go) {
  const choice = (name, words, options, usual) => {
    const select = make("select", { "data-key": `choice-${name}` }, options.map(([value, text]) => make("option", { value, selected: (parameters.get(name) || usual) === value }, text)));
    select.addEventListener("change", () => {
      if (select.value === usual) parameters.delete(name); else parameters.set(name, select.value);
      go(parameters);
    });
    return make("label", {}, words, " ", select);
  };
  return make("form", { class: "tools compare", onsubmit: event => event.preventDefault() },
    choice("measure", "Measure", view.measures.map(one => [one.name, one.unit === "1" ? one.name : `${one.name} (${one.unit})`]), "dice"),
    choice("structure", "Sorted by", [["-1", "the mean over structures"], ...view.structures.map((one, index) => [String(index), one])], "-1"));
}

// In the order and with the looks of Compare; a method that was not trained here comes behind those that are.
const methods = (view, looks) => [...new Set([...looks, ...view.cases.map(one => one.variant)])];

function tested(view, looks) {
  const known = new Set(view.cases.map(one => one.variant));
  return methods(view, looks).filter(variant => known.has(variant));
}

// A column for each structure and one for the mean; in it a strip for each method.
function strip(view, parameters, go, { chosen, scale, unit, looks }) {
  const all = methods(view, looks), variants = tested(view, looks), look = variant => all.indexOf(variant);
  const columns = ["Mean", ...view.structures];
  const room = document.documentElement.clientWidth - 110, gap = 14;
  const lane = Math.max(9, Math.min(48, (room / columns.length - gap) / variants.length));
  const columnWidth = lane * variants.length + gap, [left, top, height] = [54, 10, 300];
  const longest = Math.max(...columns.map(name => name.length)), bottom = Math.min(130, 20 + longest * 4.6);
  const width = left + columnWidth * columns.length + 10;
  const at = (one, column) => column === 0 ? one.mean : one.values[column - 1];
  const scores = view.cases.flatMap(one => columns.map((_, column) => at(one, column))).filter(value => value !== undefined && value !== null).map(value => value * scale);
  if (!scores.length) return make("p", { class: "empty" }, "Nothing of this measure is stored.");
  let low = scores.reduce((a, b) => Math.min(a, b)), high = scores.reduce((a, b) => Math.max(a, b));
  if (low === high) { low -= 1; high += 1; }
  const pad = (high - low) * 0.04, y = value => top + height - (value - low + pad) / (high - low + 2 * pad) * height;
  const svg = draw("svg", { width, height: top + height + bottom, viewBox: `0 0 ${width} ${top + height + bottom}`, class: "chart strip", role: "img",
    "aria-label": `${view.measure.name} of ${plural(view.cases.length, "case score")} by structure; the table below has the same numbers` });
  svg.append(draw("g", { class: "grid" }, ticks(low, high, 6).map(tick => draw("path", { d: `M${left} ${y(tick).toFixed(1)}H${width - 10}` }))),
    draw("g", { class: "label" }, ticks(low, high, 6).map(tick => draw("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, short(tick))),
      draw("text", { x: 13, y: top + height / 2, "text-anchor": "middle", transform: `rotate(-90 13 ${top + height / 2})` }, `${view.measure.name} (${unit})`)));
  columns.forEach((name, column) => {
    const x0 = left + gap / 2 + column * columnWidth, middle = x0 + (columnWidth - gap) / 2;
    svg.append(draw("g", { class: "label" }, draw("text", { x: middle, y: top + height + 14, "text-anchor": "end", transform: `rotate(-35 ${middle} ${top + height + 14})` }, name.length > 26 ? name.slice(0, 25) + "…" : name)));
    variants.forEach((variant, index) => {
      const centre = x0 + lane * (index + 0.5), points = view.cases.filter(one => one.variant === variant && at(one, column) !== undefined && at(one, column) !== null);
      const sorted = points.map(one => at(one, column) * scale).sort((a, b) => a - b);
      if (sorted.length) {
        const middle = sorted.length % 2 ? sorted[(sorted.length - 1) / 2] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
        svg.append(draw("path", { class: "median", d: `M${centre - lane * 0.42} ${y(middle).toFixed(1)}h${lane * 0.84}` }));
      }
      points.forEach((one, number) => {
        const shift = ((number * 0.618034) % 1 - 0.5) * lane * 0.7, isChosen = one.name === chosen;
        const mark = sign(look(variant), centre + shift, y(at(one, column) * scale), isChosen ? 4.5 : 2.4, { "fill-opacity": isChosen ? 1 : 0.6, class: isChosen ? "point chosen" : "point" });
        mark.append(draw("title", {}, `${one.name}, ${variant}, fold ${one.fold}, ${name}: ${at(one, column) * scale} ${unit}`));
        mark.addEventListener("click", () => { parameters.set("case", one.name); go(parameters); });
        svg.append(mark);
      });
    });
  });
  return make("section", { "aria-labelledby": "strip-title" }, make("h2", { id: "strip-title" }, "Cases by structure"),
    make("p", { class: "legend" }, variants.map(variant => make("span", {}, draw("svg", { class: "swatch", viewBox: "0 0 28 10", "aria-hidden": "true" }, sign(look(variant), 14, 5, 3.6)), variant,
      make("small", {}, ` ${plural(new Set(view.cases.filter(one => one.variant === variant).map(one => one.name)).size, "case")}`)))),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "strip-title", "data-key": "strip" }, svg),
    make("p", { class: "caption" }, "A point is a case of a finished run; the line across is the median. What a truth and a prediction both lack does not count."));
}

function detail(view, name, parameters, go, { scale, unit }, source) {
  const own = view.cases.filter(one => one.name === name);
  if (!own.length) return make("p", { class: "notice" }, `There is no tested case ${name}.`);
  const title = one => own.filter(other => other.variant === one.variant).length > 1 ? `${one.variant}, seed ${one.seed}` : one.variant;
  const heads = [{ title: "Structure", leads: true }, ...own.map(one => ({ title: title(one) }))];
  const cell = value => value === undefined || value === null ? { content: "—", key: "" } : { content: (value * scale).toFixed(2), key: value, title: String(value) };
  const rows = [...view.structures.map((structure, index) => ({ cells: [{ content: structure, key: structure }, ...own.map(one => cell(one.values[index]))] })),
    { cells: [{ content: "Mean", key: "~" }, ...own.map(one => cell(one.mean))] }];
  const close = make("button", { type: "button", "data-key": "close", onclick: () => { parameters.delete("case"); parameters.delete("slice"); go(parameters); } }, "Close");
  return make("section", { class: "detail", "aria-labelledby": "case-title" }, make("h2", { id: "case-title" }, `Case ${name} `, close),
    make("p", { class: "caption" }, `${view.measure.name} (${unit}); fold ${own[0].fold}.`), source.slice ? slices(name, parameters, source) : undefined,
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "case-title", "data-key": "case" }, sortable(heads, rows, { name: "case" })));
}

// Image, truth and every method on the same slice.
function slices(name, parameters, source) {
  const figure = make("figure", { class: "overlay" }), words = make("figcaption", {}, "Reading the slice …");
  const picture = make("img", { alt: `Slice of ${name}: image, truth and every method's prediction` });
  const slider = make("input", { type: "range", min: "0", max: "0", step: "1", "aria-label": "Slice", "data-key": "slice" });
  slider.disabled = true;
  async function load(slice) {
    try {
      const response = await fetch(`/api/slices?case=${encodeURIComponent(name)}`, { cache: "no-cache" });
      const facts = await response.json();
      if (facts.problem) { words.textContent = visible(facts.problem); return; }
      slider.max = facts.slices - 1;
      slider.value = slice ?? facts.middle;
      slider.disabled = false;
      picture.src = source.slice(name, slice);
      words.textContent = `Slice ${Number(slider.value) + 1} of ${facts.slices}, truth and predictions on it.`;
    } catch (error) { words.textContent = visible(error.message); }
  }
  slider.addEventListener("change", () => {
    parameters.set("slice", slider.value);
    history.replaceState(null, "", `#cases?${parameters}`);
    load(slider.value);
  });
  load(parameters.get("slice") ?? undefined);
  figure.append(make("div", { class: "scroll", tabindex: "0" }, picture), make("p", { class: "tools" }, slider), words);
  return figure;
}

function worst(view, value, structure, { scale, unit, looks }, parameters) {
  const variants = tested(view, looks);
  const names = [...new Set(view.cases.map(one => one.name))];
  const known = new Map(view.cases.map(one => [`${one.name}\n${one.variant}\n${one.seed}`, one]));
  const mean = list => list.length ? list.reduce((a, b) => a + b, 0) / list.length : undefined;
  const seeds = variant => [...new Set(view.cases.filter(one => one.variant === variant).map(one => one.seed))];
  const number = (name, variant) => mean(seeds(variant).map(seed => known.get(`${name}\n${variant}\n${seed}`)).filter(Boolean).map(value).filter(one => one !== undefined && one !== null));
  const list = names.map(name => ({ name, values: variants.map(variant => number(name, variant)) }));
  const extreme = one => { const own = one.values.filter(value => value !== undefined); return own.length ? own.reduce((a, b) => view.measure.worstIsHigh ? Math.max(a, b) : Math.min(a, b)) : undefined; };
  list.sort((a, b) => { const [x, y] = [extreme(a), extreme(b)]; if (x === undefined || y === undefined) return (x === undefined) - (y === undefined); return view.measure.worstIsHigh ? y - x : x - y; });
  const most = Number(parameters.get("rows")) || 100;
  const heads = [{ title: "Case", leads: true }, ...variants.map(title => ({ title }))];
  const link = name => { const next = new URLSearchParams(parameters); next.set("case", name); next.delete("slice"); return `#cases?${next}`; };
  const rows = list.slice(0, most).map(one => ({ cells: [{ content: make("a", { href: link(one.name), "data-key": `case-${one.name}` }, one.name), key: one.name },
    ...one.values.map(value => value === undefined ? { content: "—", key: "" } : { content: (value * scale).toFixed(2), key: value, title: String(value) })] }));
  const of = structure >= 0 ? view.structures[structure] : "mean over structures";
  return make("section", { "aria-labelledby": "worst-title" }, make("h2", { id: "worst-title" }, "Worst first"), make("p", { class: "caption" }, `${view.measure.name} (${unit}), ${of}; where a method has several seeds, their mean.`),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "worst-title", "data-key": "worst" }, sortable(heads, rows, { name: "worst" })),
    list.length > most ? make("p", { class: "note" }, make("a", { href: `#cases?${(() => { const next = new URLSearchParams(parameters); next.set("rows", list.length); return next; })()}` }, `${list.length - most} more cases`)) : undefined);
}
