import { make, replace } from "./dom.js";
import { sweepView } from "./sweep.js";
import { tablesView } from "./tables.js";

// The view and all that was chosen in it stand in the address: it can be kept and sent.
const views = [
  { name: "sweep", title: "Sweep", show: sweepView },
  { name: "tables", title: "Tables", show: tablesView },
];

const element = { view: document.getElementById("view"), nav: document.getElementById("views"),
  problem: document.getElementById("problem"), title: document.getElementById("title"),
  connection: document.getElementById("connection") };

function place() {
  const [name, query] = location.hash.slice(1).split("?");
  return { view: views.find(view => view.name === name) || views[0], parameters: new URLSearchParams(query || "") };
}

export async function ask(path) {
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

async function show({ isNew = false } = {}) {
  const { view, parameters } = place();
  const turn = ++drawing;
  replace(element.nav, views.filter(one => !one.isHidden).map(one => make("a", { href: `#${one.name}`, "data-key": one.name,
    "aria-current": one === view ? "page" : undefined }, one.title)));
  try {
    const page = await view.show({ ask, parameters, go });
    if (turn !== drawing) return;
    element.title.textContent = page.title || element.title.textContent;
    document.title = `${view.title} · ${element.title.textContent}`;
    complain(page.problem);
    element.view.className = view.name;
    replace(element.view, page.content);
    if (isNew) { window.scrollTo(0, 0); }
  } catch (error) {
    if (turn === drawing) complain(error.message);
  }
}

// Goes to an address with changed parameters without a new entry in the history.
function go(parameters) {
  const text = parameters.toString();
  history.replaceState(null, "", `#${place().view.name}${text ? "?" + text : ""}`);
  show();
}

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
  stream.addEventListener("change", () => show());
  stream.addEventListener("error", () => connected(false));
}

function connected(isThere) {
  element.connection.textContent = isThere ? "live" : "The server does not answer; what stands here is older.";
  element.connection.className = isThere ? "live" : "lost";
}

document.addEventListener("visibilitychange", listen);
if (location.search) history.replaceState(null, "", "/" + location.hash);
show({ isNew: true });
listen();
