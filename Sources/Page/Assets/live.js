import { make } from "./dom.js";

// What a server answers, and tells when it changes.
export function liveSource() {
  // Of thousands of runs those are sent that have changed since the last answer.
  const sweepPath = "/api/sweep";
  let sweep;
  async function askSweep() {
    const before = sweep;
    const { changes, ...news } = await fetched(before ? `${sweepPath}?since=${before.version}` : sweepPath);
    if (changes) {
      news.runs = [...before.runs];
      for (const [place, run] of Object.entries(changes)) news.runs[place] = run;
    }
    sweep = news;
    return news;
  }
  return {
    first: "sweep",
    ask: path => path === sweepPath ? askSweep() : fetched(path),
    file: path => ({ href: path, download: true }),
    // The drawings of a report, each as a section.
    drawings: async () => {
      const figures = await fetched("/api/figures");
      return { signature: figures, content: [figures.names.map(drawing), figures.leftOut.map(words => make("p", { class: "note" }, words))] };
    },
    slice: (name, depth) => `/api/overlay?case=${encodeURIComponent(name)}` + (depth === undefined ? "" : `&slice=${depth}`),
    start({ news, connected }) {
      if (location.search) history.replaceState(null, "", "/" + location.hash);
      listen(news, connected);
    },
  };
}

async function fetched(path) {
  const response = await fetch(path, { cache: "no-cache", credentials: "same-origin" });
  if (response.status === 401) throw new Error("The server was started anew: open the address that it printed.");
  if (!response.ok) {
    const words = (await response.text()).trim() || `The server refuses what the page asks for (${response.status}).`;
    throw Object.assign(new Error(words), { isAbsent: response.status === 404 });
  }
  const content = await response.json();
  if (content.problem && Object.keys(content).length === 1) throw new Error(content.problem);
  return content;
}

// As `safnet report` draws them.
function drawing(name) {
  const address = `/download?figure=${encodeURIComponent(name)}`;
  return make("section", { "aria-label": `Figure ${name}` }, make("h2", {}, `Figure: ${name}`),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Figure ${name}`, "data-key": `figure-${name}` }, make("img", { src: address, alt: `Figure ${name} of the report` })),
    make("p", { class: "downloads" }, "Download: ", make("a", { href: address, download: true, "data-key": `figure-${name}-svg` }, "SVG")));
}

// Milliseconds: without a word of the server; for its answer.
const silence = 8000, answer = 4000;

// One stream while the page is looked at: a browser has six connections for all of its pages.
function listen(news, connected) {
  let stream;
  const settle = () => {
    if (document.hidden) {
      stream?.close();
      stream = undefined;
      return;
    }
    if (stream) return;
    stream = new EventSource("/events");
    stream.addEventListener("open", () => heard(true));
    stream.addEventListener("change", () => { heard(true); news(); });
    stream.addEventListener("error", () => heard(false));
    heard(stream.readyState === EventSource.OPEN);
  };
  // A server that was stopped keeps its connections: one that was silent for long is asked.
  let waiting;
  function heard(isThere) {
    connected(isThere);
    wait();
  }
  function wait() {
    clearTimeout(waiting);
    if (!document.hidden) waiting = setTimeout(probe, silence);
  }
  async function probe() {
    try {
      await fetch("/favicon.ico", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(answer) });
      connected(stream?.readyState === EventSource.OPEN);
      // That nothing changes is news too: a worker may have fallen silent.
      news();
    } catch { connected(false); }
    wait();
  }
  document.addEventListener("visibilitychange", settle);
  settle();
}
