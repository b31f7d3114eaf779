import { make, replace } from "./dom.js";
import { casesView } from "./cases.js";
import { compareView } from "./compare.js";
import { runView } from "./run.js";
import { sweepView } from "./sweep.js";
import { tablesView } from "./tables.js";

// The view and all that was chosen in it stand in the address: it can be kept and sent.
const views = [
  { name: "sweep", title: "Sweep", show: sweepView },
  { name: "compare", title: "Compare", show: compareView },
  { name: "cases", title: "Cases", show: casesView },
  { name: "run", title: "Run", show: runView, isHidden: true },
  { name: "tables", title: "Tables", show: tablesView },
];

const element = { view: document.getElementById("view"), nav: document.getElementById("views"),
  problem: document.getElementById("problem"), title: document.getElementById("title"),
  connection: document.getElementById("connection") };

function place() {
  const [name, query] = location.hash.slice(1).split("?");
  return { view: views.find(view => view.name === name) || views[0], parameters: new URLSearchParams(query || "") };
}

// What the server said last, for choices that are about what is there already: a filter answers at once.
const kept = new Map();

async function ask(path) {
  const content = path === sweepPath ? await askSweep() : await fetched(path);
  kept.set(path, content);
  return content;
}

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

async function fetched(path) {
  const response = await fetch(path, { cache: "no-cache", credentials: "same-origin" });
  if (response.status === 401) throw new Error("The server was started anew: open the address that it printed.");
  if (!response.ok) throw new Error((await response.text()).trim());
  const content = await response.json();
  if (content.problem && Object.keys(content).length === 1) throw new Error(content.problem);
  return content;
}

function complain(words) {
  element.problem.hidden = !words;
  element.problem.textContent = words || "";
}

let drawing = 0;
// Of what stands in the page: the same again is not drawn again.
let drawn;

async function show({ isNew = false, isNews = false, isChoice = false } = {}) {
  const { view, parameters } = place();
  const turn = ++drawing;
  replace(element.nav, views.filter(one => !one.isHidden).map(one => make("a", { href: `#${one.name}`, "data-key": one.name,
    "aria-current": one === view ? "page" : undefined }, one.title)));
  try {
    const known = new Map(kept);
    kept.clear();
    const recall = path => {
      if (!isChoice || !known.has(path)) return ask(path);
      kept.set(path, known.get(path));
      return known.get(path);
    };
    const page = await view.show({ ask: recall, parameters, go });
    if (turn !== drawing) return;
    element.title.textContent = page.title || element.title.textContent;
    document.title = `${view.title} · ${element.title.textContent}`;
    complain(page.problem);
    const signature = page.signature && location.hash + page.signature;
    if (isNews && signature && signature === drawn) return;
    drawn = signature;
    element.view.className = view.name;
    replace(element.view, page.content);
    if (isNew) { window.scrollTo(0, 0); }
  } catch (error) {
    drawn = undefined;
    if (turn === drawing) complain(error.message);
  }
}

// Goes to an address with changed parameters without a new entry in the history.
function go(parameters) {
  const text = parameters.toString();
  history.replaceState(null, "", `#${place().view.name}${text ? "?" + text : ""}`);
  show({ isChoice: true });
}

// Charts are drawn for the width that there is.
let resized;
window.addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => show(), 150);
});

window.addEventListener("hashchange", () => show({ isNew: true }));

// One stream while the page is looked at: a browser has six connections for all of its pages.
let stream;
function listen() {
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
}

// Nobody's pointer or choice is taken away, but for five seconds at most.
let waiting;
function news(patience = 10) {
  clearTimeout(waiting);
  const isBusy = document.querySelector(".plot:hover, select:focus, input[type=range]:focus");
  if (isBusy && patience > 0) waiting = setTimeout(() => news(patience - 1), 500);
  else show({ isNews: true });
}

function connected(isThere) {
  element.connection.textContent = isThere ? "live" : "The server does not answer; what stands here is older.";
  element.connection.className = isThere ? "live" : "lost";
}

document.addEventListener("visibilitychange", listen);
if (location.search) history.replaceState(null, "", "/" + location.hash);
show({ isNew: true });
listen();
