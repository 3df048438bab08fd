"use strict";
(() => {
  const table = document.querySelector("table.units"), body = table.tBodies[0], rows = [...body.rows];
  const tools = document.querySelector(".tools"), status = tools.querySelector("[role=status]");
  const find = document.getElementById("find"), hierarchy = document.getElementById("hierarchy");
  const heads = [...table.tHead.rows[0].cells], language = document.documentElement.lang;
  const collator = new Intl.Collator(language, { numeric: true });
  // Letters with a stroke are letters of their own to Unicode, not to someone who searches without the key for them.
  const strokes = { "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d" };
  const plain = (text) =>
    text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[øłđħıßæœþð]/g, (letter) => strokes[letter]);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const above = [], names = new Map(), searched = new Map();
  for (const row of rows) {
    const depth = Number(row.style.getPropertyValue("--d") || 0), unit = row.cells[0];
    const texts = [unit, row.cells[1], row.cells[row.cells.length - 1]].map((cell) => cell.textContent);
    above.length = depth;
    names.set(row, unit.querySelector("bdi").textContent);
    searched.set(row, plain([...above, ...texts].join(" ")));
    // The organisation itself is above all and tells nothing.
    if (depth > 1) unit.prepend(pathOf(above.slice(1)));
    above.push(names.get(row));
  }
  for (const [column, head] of heads.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(column));
    head.append(button);
  }
  find.addEventListener("input", show);
  hierarchy.addEventListener("click", () => sortBy(null));
  tools.hidden = false;
  show();

  function pathOf(names) {
    const path = document.createElement("span");
    path.className = "path";
    names.forEach((name, place) => {
      const part = document.createElement("bdi");
      part.textContent = name;
      path.append(place ? " / " : "", part);
    });
    return path;
  }

  function sortBy(column) {
    const head = heads[column], before = head?.getAttribute("aria-sort");
    const first = head?.classList.contains("num") ? "descending" : "ascending";
    const other = before === "ascending" ? "descending" : "ascending";
    heads.forEach((each) => each.removeAttribute("aria-sort"));
    head?.setAttribute("aria-sort", before ? other : first);
    body.append(...(head ? ordered(column, before ? other : first) : rows));
    show();
  }

  function ordered(column, order) {
    const sign = order === "ascending" ? 1 : -1;
    const value = (row) => {
      const cell = row.cells[column], given = cell.dataset.v;
      if (given !== undefined) return Number(given);
      if (heads[column].classList.contains("num")) return "";
      return column === 0 ? names.get(row) : cell.textContent;
    };
    const keyed = rows.map((row) => [value(row), row]);
    keyed.sort(([a], [b]) => {
      if (a === "" || b === "") return (a === "") - (b === "");
      return sign * (typeof a === "number" ? a - b : collator.compare(a, b));
    });
    return keyed.map(([, row]) => row);
  }

  function show() {
    const wanted = plain(find.value).split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !wanted.every((word) => searched.get(row).includes(word));
    const head = heads.find((each) => each.hasAttribute("aria-sort")), order = head?.getAttribute("aria-sort");
    const n = rows.filter((row) => !row.hidden).length.toLocaleString(language);
    const told = [filled(status.dataset.found, { n })];
    if (head) told.push(filled(status.dataset.sorted, { column: head.textContent, order: status.dataset[order] }));
    status.textContent = told.join(" ");
    hierarchy.setAttribute("aria-pressed", String(!head));
    table.classList.toggle("flat", Boolean(head) || wanted.length > 0);
  }
})();
