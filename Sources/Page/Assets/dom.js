// Elements from plain values. Every text is set as text: no name can become markup.

const svgNames = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : shownAttributes.has(name) ? visible(String(value)) : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(visible(String(child))));
  }
  return element;
}

const shownAttributes = new Set(["title", "alt", "aria-label", "placeholder"]);

export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNames, tag), attributes, children);
}

// Signs that act on what shows them are named in their place, the same ones and in the same way as by the program: `[U+202E]`.
export function visible(text) {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\p{Noncharacter_Code_Point}]/gu,
    sign => `[U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
}

// Puts the new content in, and gives the focus back to what had it: a live page must not lose the keyboard.
export function replace(parent, ...children) {
  const focused = document.activeElement && parent.contains(document.activeElement)
    ? document.activeElement.dataset.key : undefined;
  const typed = focused && document.activeElement.type === "search"
    ? [document.activeElement.selectionStart, document.activeElement.selectionEnd] : undefined;
  const open = new Set([...parent.querySelectorAll("details[open][data-key]")].map(one => one.dataset.key));
  const scrolled = new Map([...parent.querySelectorAll(".scroll[data-key]")].map(one => [one.dataset.key, one.scrollLeft]));
  parent.replaceChildren(...children.flat(Infinity).filter(child => child));
  for (const one of parent.querySelectorAll("details[data-key]")) if (open.has(one.dataset.key)) one.open = true;
  for (const one of parent.querySelectorAll(".scroll[data-key]")) one.scrollLeft = scrolled.get(one.dataset.key) || 0;
  const again = focused && parent.querySelector(`[data-key="${CSS.escape(focused)}"]`);
  again?.focus({ preventScroll: true });
  if (again && typed) again.setSelectionRange(...typed);
}

// A table that its heads sort: all of its rows, of which the first `most` are drawn. Rows: { cells: [{ content, key }] }; a
// content may be a function, which is asked when its row is drawn.
export function sortable(heads, rows, { name, rowClass, most = Infinity } = {}) {
  const head = make("tr", {}, heads.map((one, column) => {
    const button = make("button", { type: "button", "data-key": `${name}-head-${column}` }, one.title);
    const cell = make("th", { scope: "col", class: one.leads ? "words" : undefined }, button);
    button.addEventListener("click", () => sort(cell, column));
    return cell;
  }));
  const body = make("tbody", {});
  const lines = new Map();
  const line = row => {
    if (!lines.has(row)) lines.set(row, make("tr", { class: rowClass?.(row) }, row.cells.map((cell, column) => make(column === 0 ? "th" : "td",
      { scope: column === 0 ? "row" : undefined, class: [heads[column].leads ? "words" : "", cell.class || ""].join(" ").trim() || undefined, title: cell.title },
      typeof cell.content === "function" ? cell.content() : cell.content))));
    return lines.get(row);
  };
  const show = order => body.replaceChildren(...order.slice(0, most).map(line));
  function sort(cell, column) {
    const now = cell.getAttribute("aria-sort");
    for (const other of head.cells) other.removeAttribute("aria-sort");
    // Down, up, and back to the order of the report.
    const descending = now !== "descending";
    if (now === "ascending") show(rows); else apply(cell, column, descending);
    sorting.choose(name, now === "ascending" ? undefined : { title: heads[column].title, descending });
  }
  function apply(cell, column, descending) {
    cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
    show([...rows].sort((a, b) => {
      const [x, y] = [a.cells[column].key ?? "", b.cells[column].key ?? ""];
      if (x === "" || y === "") return (x === "") - (y === "");
      const sign = typeof x === "number" && typeof y === "number" ? x - y : words.compare(String(x), String(y));
      return descending ? -sign : sign;
    }));
  }
  const kept = sorting.of(name), column = heads.findIndex(one => one.title === kept?.title);
  if (column >= 0) apply(head.cells[column], column, kept.descending);
  else show(rows);
  return make("table", {}, make("thead", {}, head), body);
}

// Made once: it is asked a hundred thousand times when ten thousand rows are sorted.
const words = new Intl.Collator("en", { numeric: true });

// How tables are sorted stands in the address, by a column's title: columns come and go.
export const sorting = {
  parameters: () => new URLSearchParams(location.hash.split("?")[1] || ""),
  // Set by who writes addresses.
  go: () => {},
  of(name) {
    const text = this.parameters().getAll("sort").find(one => one.startsWith(`${name}:`));
    return text && { title: text.slice(name.length + 1, text.lastIndexOf(":")), descending: text.endsWith(":down") };
  },
  choose(name, choice) {
    const parameters = this.parameters(), others = parameters.getAll("sort").filter(one => !one.startsWith(`${name}:`));
    parameters.delete("sort");
    for (const one of others) parameters.append("sort", one);
    if (choice) parameters.append("sort", `${name}:${choice.title}:${choice.descending ? "down" : "up"}`);
    this.go(parameters);
  },
};
