// Numbers as people read them; the exact ones stand in titles and downloads.

export function duration(seconds) {
  if (seconds === undefined || seconds === null) return "";
  if (seconds < 60) return `${seconds < 1 ? Number(seconds.toPrecision(2)) : seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function bytes(count) {
  if (count === undefined || count === null) return "";
  const units = ["B", "KB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) { count /= 1000; unit += 1; }
  return `${unit === 0 ? count : count.toFixed(1)} ${units[unit]}`;
}

export const percent = share => share === undefined || share === null ? "" : (100 * share).toFixed(2);

export const plural = (count, one, many = one + "s") => `${count} ${count === 1 ? one : many}`;

// States have a colour, a sign and a word: the colour alone says nothing.
export const states = {
  finished: "✓", running: "▶", queued: "·", failed: "✕", interrupted: "‖", stale: "?", damaged: "!",
};

// What a run is called: as much as tells it from the others.
export function label(run, told = {}) {
  const words = wording(run, told);
  return told.twice?.has(words) ? `${words} (${run.run})` : words;
}

function wording(run, told) {
  if (!run.variant) return run.run;
  return `${method(run, told)}, fold ${run.fold}` + (told.seeds && run.seed ? `, seed ${run.seed}` : "");
}

// Its variant, with the experiment where several are shown.
export const method = (run, told) => told.experiments && run.experiments?.length ? `${run.experiments.join(" + ")}: ${run.variant}` : run.variant;

const known = new WeakMap();

// What has to be told of these runs, or two of them would be called the same. `methods`: by their order, which is their look.
export function distinctions({ runs, experiment }) {
  if (known.has(runs)) return known.get(runs);
  const experiments = !experiment && new Set(runs.map(run => run.experiments?.join(" + "))).size > 1;
  const seedsOf = new Map();
  for (const run of runs) {
    const name = method(run, { experiments });
    if (run.variant && run.seed) seedsOf.set(name, (seedsOf.get(name) || new Set()).add(run.seed));
  }
  const told = { experiments, seeds: [...seedsOf.values()].some(seeds => seeds.size > 1) };
  const once = new Set();
  told.twice = new Set();
  for (const run of runs) {
    const words = wording(run, told);
    if (once.has(words)) told.twice.add(words);
    once.add(words);
  }
  told.methods = [...new Set(runs.filter(run => run.variant).map(run => method(run, told)))];
  known.set(runs, told);
  return told;
}
