import { make, sortable } from "./dom.js";
import { bytes, distinctions, duration, label, percent, plural, states } from "./format.js";

export async function sweepView({ ask, parameters, go }) {
  const [sweep, machine] = await Promise.all([ask("/api/sweep"), ask("/api/machine")]);
  const told = distinctions(sweep);
  return {
    content: [
      summary(sweep), machine ? silences(machine, sweep, told) : undefined, sweep.notices.map(words => make("p", { class: "notice" }, words)),
      sweep.experiment ? matrix(sweep, told, parameters, go) : undefined, troubles(sweep.runs, told), list(sweep, told, parameters, go), machine ? machineBox(machine, sweep, told) : undefined,
    ],
  };
}

export function badge(state, words) {
  return make("span", { class: `state ${state}` }, make("span", { class: "sign", "aria-hidden": "true" }, states[state] || "?"),
    words ?? state);
}

function summary(sweep) {
  if (!sweep.runs.length) {
    return make("p", { class: "empty" }, "No run yet. ", make("code", {}, "safnet run"), " begins them, and they appear here.");
  }
  const total = sweep.runs.length, done = sweep.runs.filter(run => run.state === "finished").length;
  const left = sweep.secondsLeft !== undefined ? `about ${duration(sweep.secondsLeft)} left` : undefined;
  const bar = make("div", { class: "bar", role: "img", "aria-label": sweep.counts.map(one => `${one.runs} ${one.state}`).join(", ") },
    ["finished", "running", "interrupted", "stale", "damaged", "failed", "queued"].map(state => {
      const count = sweep.counts.find(one => one.state === state)?.runs;
      if (!count) return undefined;
      const part = make("span", { class: `part ${state}` });
      part.style.flexGrow = count;
      return part;
    }));
  return make("section", { class: "summary", "aria-label": "Summary" },
    make("p", { class: "lead" }, make("strong", {}, `${done} of ${total}`), " runs finished", left ? `, ${left}` : "",
      sweep.secondsSpent > 0 ? make("span", { class: "soft" }, `, ${duration(sweep.secondsSpent)} trained so far`) : undefined),
    bar,
    make("p", { class: "counts" }, sweep.counts.map(one => badge(one.state, `${one.runs} ${one.state}`))));
}

// Variant by fold, or by fold and seed. Of thousands of runs the first variants: what is said of all stands above and below.
function matrix(sweep, told, parameters, go) {
  const { seeds } = told;
  const runs = sweep.runs.filter(run => run.variant);
  if (!runs.length) return undefined;
  const variants = [...new Set(runs.map(run => run.variant))];
  const column = run => seeds ? `${run.fold}/${run.seed || ""}` : `${run.fold}`;
  const columns = [...new Map(runs.map(run => [column(run), run])).entries()]
    .sort(([, a], [, b]) => a.fold - b.fold || String(a.seed).localeCompare(String(b.seed), "en", { numeric: true }));
  const place = new Map(runs.map(run => [`${run.variant}\n${column(run)}`, run]));
  const head = make("tr", {}, make("th", { scope: "col", class: "words" }, "Variant"), columns.map(([, run]) =>
    make("th", { scope: "col" }, `Fold ${run.fold}`, seeds && run.seed ? make("small", {}, `seed ${run.seed}`) : undefined)));
  const most = Number(parameters.get("variants")) || Math.max(5, Math.floor(mostCells / columns.length));
  const rows = variants.slice(0, most).map(variant => make("tr", {}, make("th", { scope: "row" }, variant), columns.map(([key]) =>
    make("td", {}, cell(place.get(`${variant}\n${key}`), told)))));
  return make("section", { "aria-labelledby": "matrix-title" }, make("h2", { id: "matrix-title" }, "Matrix"),
    make("div", { class: "scroll", tabindex: "0", "data-key": "matrix", role: "region", "aria-labelledby": "matrix-title" },
      make("table", { class: "matrix" }, make("thead", {}, head), make("tbody", {}, rows))),
    variants.length > most ? make("button", { type: "button", "data-key": "more-variants", onclick: () => {
      parameters.set("variants", variants.length);
      go(parameters);
    } }, `${variants.length - most} more variants`) : undefined,
    make("p", { class: "caption" }, "Mean test Dice (%) of finished runs; best validation score (%) in brackets where a run goes on."));
}

const mostCells = 1500;

function cell(run, told) {
  if (!run) return make("span", { class: "soft" }, "—");
  const score = run.testDice !== undefined ? percent(run.testDice) : run.best !== undefined ? `(${percent(run.best)})` : "";
  const epochs = run.plannedEpochs ? `${run.epochs}/${run.plannedEpochs}` : `${run.epochs}`;
  const detail = run.state === "finished" ? "" : run.state === "running"
    ? [epochs, run.secondsLeft !== undefined ? duration(run.secondsLeft) + " left" : run.stage].filter(Boolean).join(", ")
    : run.epochs ? epochs : run.cluster || "";
  const spoken = `${label(run, told)}: ${run.state}${score ? ", " + score : ""}${detail ? ", " + detail : ""}`
    + (run.tags ? `, tags ${run.tags.join(" ")}` : "") + (run.note ? `, note: ${run.note}` : "");
  const content = [badge(run.state, score || run.state), detail ? make("small", {}, detail) : undefined,
    run.tags ? make("small", { class: "tags" }, run.tags.join(" ")) : undefined, progress(run)];
  return run.run
    ? make("a", { class: `cell ${run.state}`, href: `#run?name=${encodeURIComponent(run.run)}`, "aria-label": spoken, title: run.notice || run.failure || spoken,
      "data-key": `cell-${run.run}` }, content)
    : make("span", { class: `cell ${run.state}`, title: spoken }, content);
}

function progress(run) {
  if (run.state !== "running" || !run.plannedEpochs) return undefined;
  const inner = make("span", {});
  inner.style.width = `${Math.min(100, 100 * run.epochs / run.plannedEpochs)}%`;
  return make("span", { class: "progress", "aria-hidden": "true" }, inner);
}

// What failed, and why; what somebody has to look at.
function troubles(runs, told) {
  const bad = runs.filter(run => ["failed", "damaged", "stale"].includes(run.state) || run.notice);
  if (!bad.length) return undefined;
  const most = 50;
  return make("section", { "aria-labelledby": "trouble-title" }, make("h2", { id: "trouble-title" }, "To look at"),
    bad.length > most ? make("p", { class: "note" }, `${most} of ${bad.length}; the others stand among the runs below.`) : undefined, bad.slice(0, most).map(run =>
    make("details", { "data-key": `trouble-${run.run}`, open: bad.length <= 3 },
      make("summary", {}, badge(run.state), " ", label(run, told), " ", make("code", {}, run.run)),
      run.failure || run.state === "failed" ? make("p", {}, run.failure || "its log says why") : undefined,
      run.notice ? make("p", {}, run.notice) : undefined,
      run.state === "stale" ? make("p", {}, "Its worker ended without a word. `safnet run` goes on with it.") : undefined,
      run.logTail?.length ? make("pre", { tabindex: "0", "aria-label": "End of its log" }, run.logTail.join("\n")) : undefined)));
}

function list(sweep, told, parameters, go) {
  const runs = sweep.runs;
  if (!runs.length) return undefined;
  const text = parameters.get("filter") || "";
  const field = make("input", { type: "search", value: text, placeholder: "name, state, tag=paper, testDice<0.7 …", "data-key": "filter",
    "aria-label": "Filter the runs", id: "filter" });
  field.addEventListener("input", () => {
    if (field.value) parameters.set("filter", field.value); else parameters.delete("filter");
    go(parameters);
  });
  const { shown, unknown } = filtered(runs, text, told);
  const most = Number(parameters.get("rows")) || 200;
  const heads = [{ title: "Run", leads: true }, { title: "State", leads: true }, { title: "Epochs" }, { title: "Best (%)" },
    { title: "Test Dice (%)" }, { title: "Time" }, { title: "Left" }];
  const all = varied(shown), asked = parameters.getAll("field").filter(name => all.includes(name));
  const fields = [...new Set([...all.slice(0, 4), ...asked])];
  const more = [
    ...(!sweep.experiment && runs.some(run => run.experiments) ? [["Experiment", run => run.experiments?.join(", ")]] : []),
    ...fields.map(name => [name, run => run.fields?.[name]]),
    ...(runs.some(run => run.cluster) ? [["Cluster", run => run.cluster]] : []),
    ...(runs.some(run => run.tags) ? [["Tags", run => run.tags?.join(" ")]] : []),
    ...(runs.some(run => run.note) ? [["Note", run => run.note]] : []),
  ];
  heads.push(...more.map(([title]) => ({ title, leads: true })));
  const rows = shown.map(run => ({ run, cells: [
    { content: () => run.run ? make("a", { href: `#run?name=${encodeURIComponent(run.run)}` }, label(run, told)) : label(run, told), key: label(run, told) },
    { content: () => badge(run.state), key: run.state },
    { content: run.plannedEpochs ? `${run.epochs}/${run.plannedEpochs}` : run.epochs, key: run.epochs },
    { content: percent(run.best), key: run.best, title: exact(run.best) }, { content: percent(run.testDice), key: run.testDice, title: exact(run.testDice) },
    { content: run.seconds > 0 ? duration(run.seconds) : "", key: run.seconds }, { content: duration(run.secondsLeft), key: run.secondsLeft },
    ...more.map(([, value]) => ({ content: value(run) ?? "", key: ordered(value(run)), title: value(run) })),
  ] }));
  const rest = shown.length > most ? make("button", { type: "button", "data-key": "more", onclick: () => {
    parameters.set("rows", most + 200);
    go(parameters);
  } }, `${shown.length - most} more: show the next 200`) : undefined;
  return make("section", { "aria-labelledby": "runs-title" }, make("h2", { id: "runs-title" }, "Runs"),
    make("p", { class: "tools" }, field, make("span", { class: "soft", role: "status" },
      text ? `${shown.length} of ${plural(runs.length, "run")}${unknown}` : plural(runs.length, "run")), another(all.filter(name => !fields.includes(name)), parameters, go)),
    make("div", { class: "scroll", tabindex: "0", "data-key": "runs", role: "region", "aria-labelledby": "runs-title" },
      sortable(heads, rows, { name: "runs", most })), rest);
}

// Fields that have no column yet, each to have one.
function another(fields, parameters, go) {
  if (!fields.length) return undefined;
  const select = make("select", { "data-key": "another-field" }, make("option", { value: "" }, "choose a field"), fields.map(name => make("option", { value: name }, name)));
  select.addEventListener("change", () => {
    parameters.append("field", select.value);
    go(parameters);
  });
  return make("label", {}, "Another column ", select);
}

const exact = value => value === undefined ? undefined : String(value);

// Numbers are sorted as such.
const ordered = text => text === undefined || text === "" ? "" : Number.isFinite(Number(text)) ? Number(text) : text;

// Fields in which the plans of these runs differ, that with the fewest different values first: those that were varied.
export function varied(runs) {
  const values = new Map();
  for (const run of runs) for (const name in run.fields) if (!values.has(name)) values.set(name, new Set());
  for (const run of runs) for (const [name, set] of values) set.add(run.fields?.[name]);
  return [...values].filter(([, set]) => set.size > 1).sort(([a, x], [b, y]) => x.size - y.size || a.localeCompare(b, "en")).map(([name]) => name);
}

// "unet failed testDice<0.7 tag=paper width=32": every word must fit. A comparison is of a number of the run, a field of its
// plan (by its path or the end of it), a tag or an experiment; any other word is part of its name, label, state, tags or note.
//
// Shares are written as such or, as the columns show them, in percent: no share is above 1.
export function filtered(runs, text, told) {
  const comparison = /^([a-z][\w.[\]]*)(<=|>=|!=|<|>|=)(.+)$/;
  const parts = text.trim().toLowerCase().replace(/(^|\s)([a-z][\w.[\]]*)\s*(<=|>=|!=|<|>|=)\s+(?=\S)/g, "$1$2$3").replace(/(^|\s)([a-z][\w.[\]]*)\s+(<=|>=|!=|=)(?=\S)/g, "$1$2$3").split(/\s+/).filter(Boolean);
  const match = matcher(parts, comparison, told);
  const names = parts.map(word => word.match(comparison)?.[1]).filter(name => name && !usual.has(name) && !runs.some(run => values(run, name).length));
  return { shown: text ? runs.filter(match) : runs, unknown: names.length ? `; no run has ${[...new Set(names)].join(", ")}` : "" };
}

// What a run may have and none has yet.
const usual = new Set(["tag", "tags", "experiment", "variant", "fold", "seed", "best", "testdice", "secondsleft", "plannedepochs", "failure", "notice", "cluster", "stage", "note"]);
const shares = new Set(["best", "testdice"]);

function matcher(parts, comparison, told) {
  const words = parts.map(word => {
    const parts = word.match(comparison);
    if (!parts) return run => `${run.run} ${label(run, told)} ${run.seed || ""} ${run.state} ${run.failure || ""} ${run.cluster || ""} ${run.tags?.join(" ") || ""} ${run.note || ""}`.toLowerCase().includes(word);
    const [, name, sign, written] = parts, value = shares.has(name) ? share(written) : written;
    return run => {
      const own = values(run, name);
      return sign === "!=" ? !own.some(one => compare(one, "=", value)) : own.some(one => compare(one, sign, value));
    };
  });
  return run => words.every(word => word(run));
}

function share(text) {
  const number = Number(text.replace(/%$/, ""));
  return Number.isFinite(number) && (text.endsWith("%") || number > 1) ? String(number / 100) : text;
}

function values(run, name) {
  if (name === "tag" || name === "tags") return run.tags || [];
  if (name === "experiment") return run.experiments || [];
  const key = Object.keys(run).find(one => one.toLowerCase() === name && typeof run[one] !== "object");
  if (key !== undefined) return run[key] === "" ? [] : [run[key]];
  return Object.entries(run.fields || {}).filter(([path]) => path.toLowerCase() === name || path.toLowerCase().endsWith("." + name)).map(([, value]) => value);
}

function compare(own, sign, value) {
  const [x, y] = [Number(own), Number(value)];
  if (own !== "" && Number.isFinite(x) && Number.isFinite(y)) return { "<": x < y, ">": x > y, "<=": x <= y, ">=": x >= y, "=": x === y }[sign];
  return sign === "=" && String(own).toLowerCase().replace(/^"|"$/g, "") === value;
}

// Of a worker that is there and does nothing, its run's state says nothing.
function silences(machine, sweep, told) {
  return machine.workers.filter(worker => worker.silence).map(worker => make("p", { class: "notice" },
    `${label(sweep.runs.find(run => run.run === worker.run) || worker, told)}: no sign of its worker for ${duration(worker.silence.seconds)}`
    + (worker.silence.isStopped ? `; process ${worker.pid} on ${worker.host} is stopped.` : ".")));
}

function machineBox(machine, sweep, told) {
  const facts = [
    ["Machine", machine.host], ["Processor", `${machine.processor}, ${plural(machine.cores, "core")}`],
    ["Load, last minute", machine.load === undefined ? "unknown" : machine.load.toFixed(2)],
    ["Memory", `${bytes(machine.freeMemory)} free of ${bytes(machine.memory)}`],
    ["Disk of the workspace", machine.freeDisk === undefined ? "unknown" : `${bytes(machine.freeDisk)} free`],
    ["Workspace", sweep.workspace],
  ];
  const byName = new Map(sweep.runs.map(run => [run.run, run]));
  const workers = machine.workers.map(worker => make("li", {}, label(byName.get(worker.run) || worker, told), ": ",
    [`process ${worker.pid} on ${worker.host}`, worker.threads ? plural(worker.threads, "thread") : undefined,
      worker.memory ? bytes(worker.memory) : undefined].filter(Boolean).join(", ")));
  return make("section", { "aria-labelledby": "machine-title" }, make("h2", { id: "machine-title" }, "Machine"),
    make("dl", { class: "facts" }, facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
    workers.length ? make("ul", { class: "workers" }, workers) : undefined);
}
