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

export function label(run, severalSeeds) {
  if (!run.variant) return run.run;
  return `${run.variant}, fold ${run.fold}` + (severalSeeds && run.seed ? `, seed ${run.seed}` : "");
}
