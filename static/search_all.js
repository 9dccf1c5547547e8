/* Puts the first finds below the name of each table. Texts are set as text, never as HTML. */
"use strict";

const element = (name, text) => {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
};

const LONGEST = 200; // characters of a cell; the row's own page has the rest
const LONG = 40; // characters from which on a cell needs a wide column
const IN_ADDRESS = /^[\w-]+$/; // keys that stand in an address as they are

const shown = (cell) => {
  const value = cell !== null && typeof cell === "object" && "label" in cell ? cell.label ?? cell.value : cell;
  const text = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

// The key leads to the row, where it is one column.
const cellOf = (row, column, keys, address) => {
  const key = String(row[column]);
  if (keys?.length !== 1 || keys[0] !== column || !IN_ADDRESS.test(key)) {
    const text = shown(row[column]);
    const plain = element("td", text);
    plain.classList.toggle("long", text.length > LONG);
    return plain;
  }
  const cell = document.createElement("td");
  const link = element("a", key);
  link.href = `${address}/${key}`;
  cell.append(link);
  return cell;
};

const tableOf = (rows, keys, address) => {
  const columns = Object.keys(rows[0]).filter((column) => rows.some((row) => shown(row[column]) !== ""));
  const table = document.createElement("table");
  table.className = "rows-and-columns";
  const head = table.createTHead().insertRow();
  for (const column of columns) {
    const cell = element("th", column);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const column of columns) line.append(cellOf(row, column, keys, address));
  }
  return table;
};

const fill = async (section) => {
  const answer = await fetch(section.dataset.search);
  const found = await answer.json();
  if (!answer.ok) {
    section.append(element("p", found.error));
    return;
  }
  const count = found.filtered_table_rows_count ?? found.count ?? found.rows.length;
  section.append(element("p", count === 0 ? "Nothing found." : `${count.toLocaleString()} found; the first ${found.rows.length}:`));
  if (found.rows.length === 0) return;
  const wrapper = document.createElement("div");
  wrapper.className = "table-wrapper";
  wrapper.tabIndex = 0;
  wrapper.setAttribute("role", "region");
  wrapper.setAttribute("aria-label", "Rows");
  wrapper.append(tableOf(found.rows, found.primary_keys, section.dataset.table));
  section.append(wrapper);
};

for (const section of document.querySelectorAll("[data-search]")) {
  fill(section).catch(() => section.append(element("p", "No answer came from the server.")));
}
