import { make, replace, sortable } from "./dom.js";
import { badge } from "./sweep.js";
import { lineChart } from "./chart.js";
import { bytes, duration, label, percent } from "./format.js";

export async function runView({ ask, parameters }) {
  const name = parameters.get("name");
  if (!name) return { content: make("p", { class: "empty" }, "Choose a run in ", make("a", { href: "#sweep" }, "Sweep"), ".") };
  const sweep = await ask("/api/sweep");
  const line = sweep.runs.find(one => one.run === name);
  if (line?.state === "queued") return { content: notBegun(line, sweep) };
  let run;
  try { run = await ask(`/api/run?name=${encodeURIComponent(name)}`); } catch (error) {
    if (!error.isAbsent) throw error;
    return { content: line ? notBegun(line, sweep) : [make("p", { class: "lead" }, make("code", {}, name)),
      make("p", { class: "notice" }, "There is no run of this name: it was removed, or never was. The runs that there are stand in ", make("a", { href: "#sweep" }, "Sweep"), ".")] };
  }
  const last = run.epochs.at(-1);
  return { signature: JSON.stringify(run), content: [
    make("p", { class: "lead" }, run.line ? [badge(run.line.state), " ", make("strong", {}, label(run.line, { seeds: true }))] : undefined, " ",
      make("code", {}, run.run), " ", copy(run.run)),
    run.flaw ? make("p", { class: "notice" }, run.flaw) : undefined,
    run.line?.failure ? make("p", { class: "notice" }, run.line.failure) : undefined,
    run.line?.notice && run.line.notice !== run.flaw ? make("p", { class: "notice" }, run.line.notice) : undefined,
    run.line?.note ? make("p", { class: "note" }, run.line.note) : undefined,
    make("dl", { class: "facts" }, [
      ["Experiment", run.line?.experiments?.join(", ")], ["Tags", run.line?.tags?.join(" ")],
      ["Epochs", run.line?.plannedEpochs ? `${run.line.epochs} of ${run.line.plannedEpochs}` : run.epochs.length], ["Now", run.line?.stage],
      ["Time left", duration(run.line?.secondsLeft)], ["Trained for", run.line?.seconds ? duration(run.line.seconds) : ""],
      ["Best validation score (%)", percent(run.line?.best)], ["Mean test Dice (%)", percent(run.line?.testDice)],
      ["Last loss", last ? String(Number(last.trainingLoss.toPrecision(6))) : ""], ["Cluster", run.line?.cluster], ["Plan", run.identity],
      ...run.facts.map(fact => [fact.name, fact.value]),
    ].filter(([, value]) => value !== undefined && value !== "").map(([title, value]) => make("div", {}, make("dt", {}, title), make("dd", {}, value)))),
    run.epochs.length ? make("section", { "aria-labelledby": "curves-title" }, make("h2", { id: "curves-title" }, "Curves"), make("div", { class: "plots" }, curves(run.epochs))) : undefined,
    part("What happened", run.history.length ? make("ol", { class: "history" }, run.history.map(line => make("li", {}, line))) : undefined),
    part("End of its log", run.log.length ? make("pre", { tabindex: "0", "aria-label": "End of its log" }, run.log.join("\n")) : undefined),
    run.epochs.length ? fold("Epochs", "epochs", epochs(run.epochs)) : undefined,
    run.files.length ? fold("Files", "files", make("ul", {}, run.files.map(file => make("li", {}, make("code", {}, file.name), ` ${bytes(file.bytes)}`)))) : undefined,
    run.leftOut ? make("p", { class: "note" }, run.leftOut) : undefined,
    run.plan ? fold("Plan", "plan", make("pre", { tabindex: "0", "aria-label": "Plan" }, run.plan)) : undefined,
  ] };
}

// A run of the plan of which nothing lies on the disk.
function notBegun(line, sweep) {
  return [make("p", { class: "lead" }, badge(line.state), " ", make("strong", {}, label(line, { seeds: true })), " ", line.run ? make("code", {}, line.run) : undefined),
    make("p", { class: "notice" }, "This run has not begun, or was removed: there is nothing of it to show yet. ", make("code", {}, "safnet run"), " begins it."),
    make("dl", { class: "facts" }, [["Experiment", sweep.experiment || line.experiments?.join(", ")], ["Variant", line.variant], ["Fold", line.fold], ["Seed", line.seed], ["Cluster", line.cluster]]
      .filter(([, value]) => value !== undefined).map(([title, value]) => make("div", {}, make("dt", {}, title), make("dd", {}, value))))];
}

function copy(text) {
  const button = make("button", { type: "button", "data-key": "copy" }, "Copy name");
  button.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(text); replace(button, document.createTextNode("Copied")); } catch { replace(button, document.createTextNode("Cannot copy here")); }
  });
  return button;
}

const part = (title, content) => content ? make("section", {}, make("h2", {}, title), content) : undefined;
const fold = (title, key, content) => make("details", { "data-key": `run-${key}` }, make("summary", {}, title), content);

function curves(epochs) {
  const chart = (title, index, value, scale, yLabel, log) => {
    const points = epochs.map(one => [one.epoch, value(one) === undefined || value(one) === null ? NaN : value(one) * scale]);
    const known = new Map(points);
    return lineChart({ title, key: `curve-${index}`, xLabel: "epoch", yLabel, log, series: [{ name: title, index, points,
      told: x => Number.isFinite(known.get(x)) ? String(known.get(x)) : "none" }] });
  };
  return [chart("Training loss", 0, one => one.trainingLoss, 1, "loss", false), chart("Validation Dice (%)", 1, one => one.meanDice, 100, "Dice (%)", false),
    chart("Learning rate", 2, one => one.learningRate, 1, "learning rate", true), chart("Seconds of an epoch", 3, one => one.seconds, 1, "s", false)];
}

function epochs(records) {
  const heads = ["Epoch", "Loss", "Learning rate", "Monitor (%)", "Mean Dice (%)", "Time"].map(title => ({ title }));
  return make("div", { class: "scroll", tabindex: "0" }, sortable(heads, records.map(one => ({ cells: [
    { content: one.epoch, key: one.epoch }, { content: Number(one.trainingLoss.toPrecision(4)), key: one.trainingLoss, title: String(one.trainingLoss) },
    { content: Number(one.learningRate.toPrecision(4)), key: one.learningRate, title: String(one.learningRate) }, { content: percent(one.monitor), key: one.monitor, title: String(one.monitor) },
    { content: percent(one.meanDice), key: one.meanDice, title: one.meanDice === undefined ? undefined : String(one.meanDice) }, { content: duration(one.seconds), key: one.seconds },
  ] })), { name: "epochs" }));
}
