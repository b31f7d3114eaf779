import { make, sortable } from "./dom.js";
import { lineChart, short, swatch } from "./chart.js";
import { distinctions, duration, label, method, plural } from "./format.js";
import { filtered, varied } from "./sweep.js";

const metrics = {
  dice: { title: "Validation Dice (%)", value: (curve, i) => curve.dice[i] === null ? NaN : 100 * curve.dice[i] },
  loss: { title: "Training loss", value: (curve, i) => curve.loss[i] },
  monitor: { title: "Monitored score (%)", value: (curve, i) => curve.monitor[i] === null ? NaN : 100 * curve.monitor[i] },
  rate: { title: "Learning rate", value: (curve, i) => curve.rate[i] },
  seconds: { title: "Seconds of an epoch", value: (curve, i) => curve.seconds[i] },
};

// Learning curves of groups of runs. All that is chosen stands in the address.
export async function compareView({ ask, parameters, go }) {
  const sweep = await ask("/api/sweep");
  const told = distinctions(sweep);
  const filter = parameters.get("filter") || "";
  const { shown: fitting, unknown } = filtered(sweep.runs, filter, told);
  const chosen = fitting.filter(run => run.run);
  const tools = controls(parameters, go, `${chosen.length} of ${plural(sweep.runs.length, "run")}${unknown}`, sweep.experiment, varied(chosen));
  if (!chosen.length) return { content: [tools, make("p", { class: "empty" }, sweep.runs.length ? "No run fits the filter." : "No run yet.")] };
  if (chosen.length > mostCurves) return { content: [tools, make("p", { class: "empty" }, `${chosen.length} runs are more than the ${mostCurves} whose curves are drawn at once; choose fewer by the filter.`)] };
  const { curves, differences, absence } = await answers(ask, chosen);
  const groups = group(sweep.runs, chosen, curves, parameters.get("group") || (sweep.experiment ? "variant" : "run"), told);
  const hidden = new Set(parameters.getAll("hide"));
  const shown = groups.filter(one => !hidden.has(one.key));
  const names = (parameters.get("metrics") || "dice,loss").split(",").filter(name => metrics[name]);
  const signature = JSON.stringify([curves, differences.map(one => [one.field, [...one.values]]), chosen.map(run => [run.run, run.state, run.note, run.tags]), sweep.runs.length, sweep.title]);
  return { signature, content: [
    tools, absence ? make("p", { class: "notice" }, absence) : [legend(groups, hidden, parameters, go),
      make("div", { class: "plots" }, names.map(name => plot(name, shown, parameters))), values(shown, names[0] || "dice")], notes(chosen, told), differencesTable(differences, groups),
  ] };
}

// As many as the server answers for, and as many letters as an address may have: beyond that it is asked in parts.
const mostCurves = 1000, mostLetters = 12000;

// The curves, and by run what each field has in which the plans differ. One run stands in every part: a field in which no run of
// a part differs from it is the same in all of that part.
async function answers(ask, runs) {
  const first = (runs.find(run => run.state !== "queued") || runs[0]).run, parts = [[first]];
  let letters = 0;
  for (const { run } of runs) {
    if (run === first) continue;
    letters += encodeURIComponent(run).length + 3;
    if (letters > mostLetters) { parts.push([first]); letters = 0; }
    parts.at(-1).push(run);
  }
  const found = await Promise.all(parts.map(names => ask(`/api/curves?runs=${encodeURIComponent(names.join(","))}`)));
  const fields = new Map();
  found.forEach(({ runs: names, differences }) => differences.forEach(one => {
    if (!fields.has(one.field)) fields.set(one.field, new Map());
    names.forEach((name, place) => fields.get(one.field).set(name, one.values[place] ?? undefined));
  }));
  for (const values of fields.values()) for (const { runs: names } of found) for (const name of names) if (!values.has(name)) values.set(name, values.get(first));
  // What has nothing of all that the others have has no plan on the disk.
  const absent = new Set(fields.size ? runs.map(run => run.run).filter(name => [...fields.values()].every(values => values.get(name) === undefined)) : []);
  for (const values of fields.values()) for (const name of absent) values.delete(name);
  return { curves: [...new Map(found.flatMap(one => one.curves).map(curve => [curve.run, curve])).values()], absence: found[0].absence,
    differences: [...fields].sort(([a], [b]) => a < b ? -1 : 1).map(([field, values]) => ({ field, values })) };
}

// What people wrote about the runs whose curves are drawn.
function notes(runs, told) {
  const noted = runs.filter(run => run.note || run.tags);
  if (!noted.length) return undefined;
  const heads = [{ title: "Run", leads: true }, { title: "Tags", leads: true }, { title: "Note", leads: true }];
  const rows = noted.map(run => ({ cells: [{ content: make("a", { href: `#run?name=${encodeURIComponent(run.run)}` }, label(run, told)), key: label(run, told) },
    { content: run.tags?.join(" ") || "", key: run.tags?.join(" ") || "" }, { content: run.note || "", key: run.note || "" }] }));
  return make("section", { "aria-labelledby": "notes-title" }, make("h2", { id: "notes-title" }, "Notes"),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "notes-title", "data-key": "notes" }, sortable(heads, rows, { name: "notes" })));
}

function controls(parameters, go, words, experiment, fields) {
  const set = (name, value, usual) => {
    if (value === usual || value === "") parameters.delete(name); else parameters.set(name, value);
    go(parameters);
  };
  const choice = (name, title, options, usual) => {
    const select = make("select", { "data-key": `choice-${name}` }, options.map(([value, text]) => make("option", { value, selected: (parameters.get(name) || usual) === value }, text)));
    select.addEventListener("change", () => set(name, select.value, usual));
    return make("label", {}, title, " ", select);
  };
  const check = (name, title) => {
    const box = make("input", { type: "checkbox", checked: parameters.get(name) === "1", "data-key": `check-${name}` });
    box.addEventListener("change", () => set(name, box.checked ? "1" : "", ""));
    return make("label", {}, box, " ", title);
  };
  const field = make("input", { type: "search", value: parameters.get("filter") || "", placeholder: "name, state, tag=paper, testDice<0.7 …", "aria-label": "Filter the runs", "data-key": "filter" });
  field.addEventListener("input", () => set("filter", field.value, ""));
  const smooth = make("input", { type: "range", min: "0", max: "0.95", step: "0.05", value: parameters.get("smooth") || "0", "data-key": "smooth" });
  smooth.addEventListener("change", () => set("smooth", smooth.value, "0"));
  const boxes = Object.entries(metrics).map(([name, metric]) => {
    const list = () => (parameters.get("metrics") || "dice,loss").split(",");
    const box = make("input", { type: "checkbox", checked: list().includes(name), "data-key": `metric-${name}` });
    box.addEventListener("change", () => set("metrics", Object.keys(metrics).filter(one => one === name ? box.checked : list().includes(one)).join(",") || "dice", "dice,loss"));
    return make("label", {}, box, " ", metric.title);
  });
  return make("form", { class: "tools compare", onsubmit: event => event.preventDefault() }, field,
    choice("group", "A line for each", [["variant", "variant"], ["seed", "variant and seed"], ["fold", "variant and fold"], ["run", "run"], ["tags", "tag"], ...fields.map(name => [`field:${name}`, name])], experiment ? "variant" : "run"),
    choice("x", "over", [["epoch", "epochs"], ["time", "time"]], "epoch"), check("log", "logarithmic"), check("lines", "every run's line"),
    make("label", {}, "Smoothing ", smooth), make("span", { class: "boxes" }, boxes), make("span", { class: "soft", role: "status" }, words));
}

// A line keeps its look whatever the filter leaves: it is by the place among all runs, and a variant's is the variant's.
function group(all, runs, curves, by, told) {
  const found = new Map(curves.map(curve => [curve.run, curve]));
  const field = by.startsWith("field:") ? by.slice(6) : undefined;
  const name = run => field ? `${field} = ${run.fields?.[field] ?? "absent"}` : by === "tags" ? run.tags?.join(" ") || "no tag" : by === "run" || !run.variant ? label(run, told) : by === "seed" ? `${method(run, told)}, seed ${run.seed}` : by === "fold" ? `${method(run, told)}, fold ${run.fold}` : method(run, told);
  const keyOf = run => by === "run" ? run.run : name(run);
  const looks = new Map(by === "variant" ? told.methods.map((one, index) => [one, index]) : []);
  for (const run of all) if (!looks.has(keyOf(run))) looks.set(keyOf(run), looks.size);
  const groups = new Map();
  for (const run of runs) {
    const key = keyOf(run);
    if (!groups.has(key)) groups.set(key, { key, name: name(run), runs: [], index: looks.get(key) });
    const one = groups.get(key);
    one.runs.push({ run, curve: found.get(run.run) });
  }
  for (const one of groups.values()) one.states = countStates(one.runs.map(({ run }) => run.state));
  return [...groups.values()];
}

// A group is what the worst of its runs is: failed before running before finished.
function countStates(states) {
  const order = ["failed", "damaged", "stale", "interrupted", "running", "queued", "finished"];
  return order.map(state => [state, states.filter(one => one === state).length]).filter(([, count]) => count).map(([state, count]) => `${count} ${state}`).join(", ");
}

function legend(groups, hidden, parameters, go) {
  const toggle = one => {
    if (hidden.has(one.key)) hidden.delete(one.key); else hidden.add(one.key);
    parameters.delete("hide");
    for (const key of hidden) parameters.append("hide", key);
    go(parameters);
  };
  const most = 40;
  return make("div", { class: "legend", role: "group", "aria-label": "Lines" }, groups.slice(0, most).map(one => make("button", { type: "button", "aria-pressed": String(!hidden.has(one.key)),
    "data-key": `legend-${one.key}`, title: `${plural(begun(one).length, "run")} with epochs; ${one.states}`, onclick: () => toggle(one) }, swatch(one.index), one.name, make("small", {}, ` n = ${begun(one).length} of ${one.runs.length}`))),
    groups.length > most ? make("span", { class: "soft" }, `and ${groups.length - most} more lines`) : undefined);
}

const begun = one => one.runs.filter(({ curve }) => curve?.epochs.length);

const mean = list => list.reduce((a, b) => a + b, 0) / list.length;
function deviation(list) {
  if (list.length < 2) return undefined;
  const m = mean(list);
  return Math.sqrt(list.reduce((sum, one) => sum + (one - m) ** 2, 0) / (list.length - 1));
}

// Exponential, without the pull of its beginning; a gap stays one.
function smoothed(points, weight) {
  let [sum, norm] = [0, 0];
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    sum = weight * sum + (1 - weight) * y;
    norm = weight * norm + (1 - weight);
    return [x, sum / norm];
  });
}

function plot(name, groups, parameters) {
  const metric = metrics[name], byTime = parameters.get("x") === "time", weight = Number(parameters.get("smooth")) || 0;
  const series = groups.map(one => {
    const members = begun(one).map(({ curve }) => {
      let time = 0;
      return curve.epochs.map((epoch, i) => ({ epoch, time: (time += curve.seconds[i]), value: metric.value(curve, i) }));
    });
    const epochs = [...new Set(members.flat().map(point => point.epoch))].sort((a, b) => a - b);
    const byEpoch = new Map();
    for (const point of members.flat()) if (Number.isFinite(point.value)) byEpoch.set(point.epoch, [...(byEpoch.get(point.epoch) || []), point]);
    const steps = epochs.filter(epoch => byEpoch.has(epoch)).map(epoch => {
      const points = byEpoch.get(epoch), list = points.map(point => point.value);
      return { x: byTime ? mean(points.map(point => point.time)) / 60 : epoch, mean: mean(list), deviation: deviation(list), n: list.length };
    });
    const plain = steps.map(step => [step.x, step.mean]);
    const words = step => `${short(step.mean)}${step.deviation !== undefined ? ` ± ${short(step.deviation)}` : ""}, n = ${step.n}`;
    const told = new Map(steps.map(step => [step.x, words(step)]));
    // No two lines have the same times: each tells its nearest.
    const nearest = x => { const step = steps.reduce((best, one) => Math.abs(one.x - x) < Math.abs(best.x - x) ? one : best, steps[0]); return step && `${words(step)}, at ${short(step.x)}`; };
    const drawn = weight ? smoothed(plain, weight) : plain;
    return { name: one.name, index: one.index, points: drawn, raw: weight ? plain : undefined, told: byTime ? nearest : x => told.get(x),
      band: steps.length > 1 && !weight ? steps.filter(step => step.deviation !== undefined).map(step => [step.x, step.mean - step.deviation, step.mean + step.deviation]) : [],
      lines: parameters.get("lines") === "1" && members.length > 1 ? members.map(points => points.map(point => [byTime ? point.time / 60 : point.epoch, point.value])) : [] };
  });
  const spread = groups.some(one => begun(one).length > 1) ? `: mean${weight ? "" : " ± SD (n − 1)"} of the runs that have the epoch${weight ? ", smoothed, with the raw one behind" : ""}` : weight ? ", smoothed" : "";
  return lineChart({ series, title: metric.title + spread, key: `plot-${name}`, xLabel: byTime ? "minutes" : "epoch", yLabel: metric.title, log: parameters.get("log") === "1" });
}

// The same in numbers, for those who do not see the lines, and for copying.
function values(groups, name) {
  const metric = metrics[name];
  const heads = [{ title: "Line", leads: true }, { title: "Runs" }, { title: "Last epoch" }, { title: `${metric.title}, last` }, { title: "n" }, { title: "Time of an epoch" }, { title: "States", leads: true }];
  const rows = groups.map(one => {
    const own = begun(one);
    const ends = own.map(({ curve }) => metric.value(curve, curve.epochs.length - 1)).filter(Number.isFinite);
    const epoch = own.length ? own.map(({ curve }) => curve.epochs.at(-1)) : [];
    const [low, high] = [Math.min(...epoch), Math.max(...epoch)];
    const seconds = own.flatMap(({ curve }) => curve.seconds);
    const spread = deviation(ends);
    return { cells: [{ content: one.name, key: one.name }, { content: one.runs.length, key: one.runs.length }, { content: !epoch.length ? "" : low === high ? low : `${low} to ${high}`, key: epoch.length ? high : "" },
      { content: ends.length ? short(mean(ends)) + (spread !== undefined ? ` ± ${short(spread)}` : "") : "—", key: ends.length ? mean(ends) : "", title: ends.length ? String(mean(ends)) : undefined }, { content: ends.length, key: ends.length },
      { content: seconds.length ? duration(mean(seconds)) : "", key: seconds.length ? mean(seconds) : "" }, { content: one.states, key: one.states }] };
  });
  return make("section", { "aria-labelledby": "values-title" }, make("h2", { id: "values-title" }, "In numbers"),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "values-title", "data-key": "values" }, sortable(heads, rows, { name: "values" })));
}

function differencesTable(differences, groups) {
  if (!differences.length) return undefined;
  const told = differences.filter(one => !/^fold\.(train|validation|test)/.test(one.field));
  const columns = groups.slice(0, 12);
  const heads = [{ title: "Field", leads: true }, ...columns.map(one => ({ title: one.name, leads: true }))];
  const rows = told.map(difference => ({ cells: [{ content: make("code", {}, difference.field), key: difference.field }, ...columns.map(one => {
    const own = [...new Set(one.runs.map(({ run }) => difference.values.has(run.run) ? difference.values.get(run.run) ?? "absent" : "not begun"))];
    const text = own.length > 5 ? `${own.slice(0, 5).join(", ")} and ${own.length - 5} more` : own.join(", ");
    return { content: text.length > 60 ? text.slice(0, 59) + "…" : text, key: text, title: text };
  })] }));
  return make("section", { "aria-labelledby": "differences-title" }, make("h2", { id: "differences-title" }, "Where the plans differ"),
    rows.length ? make("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "differences-title", "data-key": "differences" }, sortable(heads, rows, { name: "differences" }))
      : make("p", { class: "soft" }, "In the cases of the folds only."),
    groups.length > 12 ? make("p", { class: "note" }, `Of the first 12 of ${groups.length} lines.`) : undefined,
    told.length < differences.length ? make("p", { class: "note" }, "The lists of a fold's cases differ too; they are not shown.") : undefined);
}
