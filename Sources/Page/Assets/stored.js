import { make } from "./dom.js";

// What a report holds: its numbers as JSON, its drawings and plans in the page as it stands without a script. Nothing is asked
// of anybody. Undefined where the page is a server's.
export function storedSource() {
  const element = document.getElementById("data");
  if (!element) return undefined;
  const data = JSON.parse(element.textContent);
  // Out of the page, and kept: views show parts of it again.
  const kept = document.createDocumentFragment();
  kept.append(...document.getElementById("view").childNodes);
  const find = selector => [...kept.querySelectorAll(selector)];
  const files = new Map(find("a[data-path]").map(link => [link.dataset.path, { href: link.getAttribute("href"), download: link.getAttribute("download") }]));
  // What predicts with a run's networks stands behind the run itself.
  const plans = new Map(find("#runs pre[data-run]").reverse().map(plan => [plan.dataset.run, plan.textContent]));
  const figures = find("figure.drawing"), rest = find("#left-out, #runs, #methods, #provenance");
  for (const figure of figures) figure.append(make("p", { class: "downloads" }, "Download: ", make("button", { type: "button", "data-key": `figure-${figure.id}-svg`,
    "aria-label": `Figure ${figure.id} as SVG`, onclick: () => save(figure.querySelector("svg"), `${figure.id}.svg`) }, "SVG")));
  const answers = {
    "/api/sweep": () => data.sweep,
    "/api/machine": () => undefined,
    "/api/tables": () => data.tables,
    "/api/run": query => run(data, plans, query.get("name")),
    "/api/curves": query => curves(data, new Set(query.get("runs").split(","))),
    "/api/cases": query => cases(data, query.get("measure")),
  };
  return {
    first: "tables",
    leftOut: data.leftOut,
    ask: async path => {
      const [name, query] = path.split("?");
      return answers[name](new URLSearchParams(query || ""));
    },
    file: path => files.get(path),
    drawings: async () => ({ content: [...figures, ...rest], isWhole: true }),
    overlays: figures.find(figure => figure.id === "overlays"),
    start() {},
  };
}

function save(svg, name) {
  const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function curves(data, names) {
  const chosen = data.sweep.runs.map((run, place) => names.has(run.run) ? place : -1).filter(place => place >= 0);
  return {
    runs: chosen.map(place => data.sweep.runs[place].run),
    curves: (data.curves || []).filter(curve => names.has(curve.run)),
    absence: data.curves ? undefined : "The learning curves are left out of this report.",
    differences: data.differences.map(one => ({ field: one.field, values: chosen.map(place => one.values[one.places[place]]) }))
      .filter(one => new Set(one.values).size > 1),
  };
}

function run(data, plans, name) {
  const line = data.sweep.runs.find(one => one.run === name);
  if (!line) throw Object.assign(new Error("There is no such run in this report."), { isAbsent: true });
  const own = data.curves?.find(curve => curve.run === name);
  const { identity, facts } = data.runs[data.sweep.runs.indexOf(line)];
  return { line, run: name, identity, facts, history: [], log: [], files: [], plan: plans.get(name),
    leftOut: "A report holds no log, events and files: safnet runs show and safnet dashboard do.",
    epochs: (own?.epochs || []).map((epoch, i) => ({ epoch, trainingLoss: own.loss[i], learningRate: own.rate[i], monitor: own.monitor[i],
      meanDice: own.dice[i] ?? undefined, seconds: own.seconds[i] })) };
}

// What a server would answer: measures are kept apart, and what is the same in all of them once.
function cases(data, name) {
  const { structures, cases, measures } = data.cases;
  const measure = measures.find(one => one.name === name) || measures[0];
  if (!measure) return { absence: "The scores of the cases are left out of this report." };
  return { structures, measures, measure, cases: cases.map((one, i) => ({ ...one, values: measure.values[i], mean: measure.means[i] })) };
}
