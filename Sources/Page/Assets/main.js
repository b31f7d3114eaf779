import { make, replace } from "./dom.js";
import { casesView } from "./cases.js";
import { compareView } from "./compare.js";
import { liveSource } from "./live.js";
import { runView } from "./run.js";
import { storedSource } from "./stored.js";
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
  return { view: views.find(view => view.name === name) || views.find(view => view.name === source.first), parameters: new URLSearchParams(query || "") };
}

// Of a report that holds its data, or of a server.
const source = storedSource() || liveSource();

// What was answered last, for choices that are about what is there already: a filter answers at once.
const kept = new Map();

async function ask(path) {
  const content = await source.ask(path);
  kept.set(path, content);
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
    const page = await view.show({ ask: recall, parameters, go, source });
    if (turn !== drawing) return;
    element.title.textContent = page.title || element.title.textContent;
    document.title = `${view.title} · ${element.title.textContent}`;
    complain(page.problem);
    const signature = page.signature && location.hash + page.signature;
    if (isNews && signature && signature === drawn) return;
    drawn = signature;
    element.view.className = view.name;
    replace(element.view, page.content, (source.leftOut || []).map(words => make("p", { class: "note" }, words)));
    if (isNew) { window.scrollTo(0, 0); part()?.scrollIntoView(); }
  } catch (error) {
    drawn = undefined;
    if (turn === drawing) complain(error.message);
  }
}

// An address may name a part of the first view, as a table.
function part() {
  const name = location.hash.slice(1).split("?")[0];
  return name && !views.some(view => view.name === name) ? document.getElementById(name) : undefined;
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

show({ isNew: true });
source.start({ news, connected });
