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
  if (!response.ok) throw new Error((await response.text()).trim());
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
    stream.addEventListener("open", () => connected(true));
    stream.addEventListener("change", () => news());
    stream.addEventListener("error", () => connected(false));
  };
  document.addEventListener("visibilitychange", settle);
  settle();
}
