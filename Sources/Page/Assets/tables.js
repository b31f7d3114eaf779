import { make, sortable } from "./dom.js";

// The tables of `safnet report`, cell by cell: the text, and in its title the exact number, its statistic and n.
export async function tablesView({ ask, source }) {
  const report = await ask("/api/tables");
  if (!report.tables.length) {
    return { content: make("p", { class: "empty" }, "Tables are those of an experiment: start the server with its file, ",
      make("code", {}, "safnet dashboard EXPERIMENT.json"), ".") };
  }
  const whole = source.file("/api/report.json");
  const contents = make("nav", { class: "contents", "aria-label": "Tables" }, report.tables.map(table =>
    make("button", { type: "button", "data-key": `to-${table.identifier}`, onclick: () => document.getElementById(table.identifier).scrollIntoView() },
      table.heading)), whole ? make("a", { ...whole, download: "report.json" }, "All as JSON") : undefined);
  const drawings = await source.drawings();
  return { signature: JSON.stringify([report, drawings.signature]), content: [report.status ? make("p", { class: "notice" }, report.status) : undefined, contents,
    make("p", { class: "caption hint" }, "Click a column's head to sort by it; point at a cell for its exact value, its statistic and n."),
    report.tables.map(table => section(table, source)), drawings.content,
    drawings.isWhole ? undefined : provenance(report.provenance)] };
}

function section(table, source) {
  const heads = table.heads.map((head, index) => ({ title: head.title, leads: index === 0 || head.leads }));
  const rows = table.rows.map(row => ({ row, cells: [
    { content: row.label, key: row.label },
    ...row.cells.map(cell => ({ content: content(cell), title: title(cell.record), key: sortKey(cell.record) })),
  ] }));
  const rowClass = ({ row }) => row.isQuoted ? "quoted" : row.startsSection ? "section" : undefined;
  return make("section", { id: table.identifier, "aria-labelledby": `${table.identifier}-title` },
    make("h2", { id: `${table.identifier}-title` }, table.heading), make("p", { class: "caption" }, table.caption),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": `${table.identifier}-title`, "data-key": `scroll-${table.identifier}` },
      sortable(heads, rows, { name: table.identifier, rowClass })),
    table.notes.map(note => make("p", { class: "note" }, note)),
    downloads(table, source));
}

function downloads(table, source) {
  const links = [["markdown", "Markdown"], ["csv", "CSV"], ["latex", "LaTeX"]].map(([format, name]) => {
    const file = source.file(`/download?table=${table.identifier}&format=${format}`);
    return file ? make("a", { ...file, "data-key": `${table.identifier}-${format}`, "aria-label": `${table.heading} as ${name}` }, name) : undefined;
  });
  return make("p", { class: "downloads" }, "Download: ", links);
}

function content(cell) {
  const text = cell.record.text;
  // What cannot be told from the best has its sign behind it already; it stays outside of the emphasis.
  const mark = cell.isUndecided && text.endsWith("†") ? "†" : "";
  const plain = mark ? text.slice(0, -1) : text;
  if (cell.rank === "best") return [make("b", {}, plain), mark];
  if (cell.rank === "second") return [make("u", {}, plain), mark];
  return text;
}

function title(record) {
  const parts = [];
  if (record.value !== undefined) parts.push(String(record.value) + (record.deviation !== undefined ? ` ± ${record.deviation}` : ""));
  if (record.interval) parts.push(`[${record.interval.join(", ")}]`);
  if (record.statistic) parts.push(`${record.statistic}, n = ${record.n}`);
  if (record.coverage) parts.push(record.coverage);
  return parts.join("; ") || undefined;
}

function sortKey(record) {
  if (record.value !== undefined) return record.value;
  if (record.interval) return record.interval[0];
  return record.text === "—" ? "" : record.text;
}

function provenance(facts) {
  if (!facts) return undefined;
  const entries = [["Dataset", `${facts.dataset} (${facts.cases} cases)`], ["Specification", facts.specification],
    ["Software", `safnet ${facts.software}`], ["Tested checkpoint", facts.checkpoint]];
  return make("section", { "aria-labelledby": "provenance-title" }, make("h2", { id: "provenance-title" }, "Provenance"),
    make("dl", { class: "facts" }, entries.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))));
}
