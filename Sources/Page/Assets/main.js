import { make, replace, sorting, visible } from "./dom.js";
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
  element.problem.textContent = visible(words || "");
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
    // What hinders the server from seeing the runs concerns each view.
    const sweep = kept.get("/api/sweep") || await recall("/api/sweep");
    if (turn !== drawing) return;
    element.title.textContent = visible(sweep.title);
    document.title = `${view.title} · ${element.title.textContent}`;
    complain(sweep.problem);
    const signature = page.signature && location.hash + page.signature;
    if (isNews && signature && signature === drawn) return;
    drawn = signature;
    element.view.className = view.name;
    replace(element.view, page.content, (source.leftOut || []).map(words => make("p", { class: "note" }, words)));
    if (isNew) { window.scrollTo(0, 0); part()?.scrollIntoView(); }
  } catch (error) {
    drawn = undefined;
    if (turn === drawing) complain(error.message || String(error));
  }
}

// An address may name a part of the first view, as a table.
function part() {
  const name = location.hash.slice(1).split("?")[0];
  return name && !views.some(view => view.name === name) ? document.getElementById(name) : undefined;
}

// Goes to an address with changed parameters without a new entry in the history.
function go(parameters) {
  // What was sorted since the view was drawn.
  const sorts = sorting.parameters().getAll("sort");
  parameters.delete("sort");
  for (const one of sorts) parameters.append("sort", one);
  address(parameters);
  show({ isChoice: true });
}

function address(parameters) {
  const text = parameters.toString(), hash = `#${place().view.name}${text ? "?" + text : ""}`;
  // A page that another one shows without an address of its own has this one alone.
  try { history.replaceState(null, "", hash); } catch { location.hash = hash; }
}

// What is sorted stands in the page already.
sorting.go = address;

// Charts are drawn for the width that there is.
let resized;
window.addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => show(), 150);
});

window.addEventListener("hashchange", () => show({ isNew: true }));

// An open list and a slider that is drawn are not taken away, but for five seconds at most, however much happens meanwhile.
const busy = (CSS.supports("selector(select:open)") ? "select:open" : "select:focus") + ", input[type=range]:active";
let waiting, end;
function news() {
  clearTimeout(waiting);
  if (document.querySelector(busy) && performance.now() < (end ??= performance.now() + 5000)) {
    waiting = setTimeout(news, 200);
    return;
  }
  end = undefined;
  follow();
}

// One after the other: where more happens than is drawn, something is drawn all the same.
let isFollowing = false, isBehind = false;
async function follow() {
  isBehind = isFollowing;
  if (isFollowing) return;
  isFollowing = true;
  await show({ isNews: true });
  isFollowing = false;
  if (isBehind) news();
}

function connected(isThere) {
  element.connection.textContent = isThere ? "live" : "The server does not answer; what stands here is older.";
  element.connection.className = isThere ? "live" : "lost";
}

show({ isNew: true });
source.start({ news, connected });
