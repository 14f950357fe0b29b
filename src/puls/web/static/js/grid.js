// The colour table by keyboard, and the reason of a cell without leaving the page.
//
// The whole table is one stop of the Tab key; arrow keys, Home and End move inside it. Enter is a
// click, as on every link. While a reason is open it follows the focus. Where cells are chosen for a
// meeting they are boxes instead of links: the same keys move, Space ticks.

import { readdress } from "./swap.js";

const FOLLOW_MS = 180;
const STOP = "a, input";
let following = 0;

function stops(row) {
  return [...row.cells].map((cell) => cell.querySelector(STOP));
}

function grid(table) {
  return [...table.rows].filter((row) => row.querySelector(STOP));
}

export function setUpGrids() {
  for (const table of document.querySelectorAll("table.colours:not([data-ready])")) {
    table.dataset.ready = "";
    const links = table.querySelectorAll(STOP);
    for (const link of links) link.tabIndex = -1;
    const first = table.querySelector("[aria-current]") ?? table.querySelector("a.cell, .cell input") ?? links[0];
    if (first) first.tabIndex = 0;
    if (first?.matches("[aria-current]")) bringIntoSight(first);
    markEdges(table.closest(".table-region"));
  }
}

// Tells the style sheet towards which edges there is more of the table than one sees.
const sizes = new ResizeObserver((entries) => {
  for (const entry of entries) tellMore(entry.target);
});

function markEdges(region) {
  sizes.observe(region);
  let waits = false;
  const soon = () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      tellMore(region);
    });
  };
  region.addEventListener("scroll", soon, { passive: true });
}

function tellMore(region) {
  const beyond = region.scrollWidth - region.clientWidth;
  const more = [];
  if (region.scrollLeft > 1) more.push("before");
  if (region.scrollLeft < beyond - 1) more.push("after");
  const told = more.join(" ");
  // Telling the same again would have the whole table looked through once more.
  if (region.parentElement.dataset.more !== told) region.parentElement.dataset.more = told;
}

// A sent address ends in the reason's name: until the page is complete the browser scrolls there.
function bringIntoSight(cell) {
  show(cell);
  if (document.readyState !== "complete") {
    const again = () => {
      // From the heads of the columns down, as far as the cell needs.
      cell.closest(".table-frame").scrollIntoView({ block: "start" });
      show(cell);
    };
    addEventListener("load", () => setTimeout(again), { once: true });
  }
}

// The style sheet keeps what scrolls into view clear of the heads and of the open reason.
function show(cell) {
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function moveTo(link) {
  const table = link.closest("table");
  for (const old of table.querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
  link.tabIndex = 0;
  link.focus();
}

// The next stop in a direction; cells without a link are passed over.
function neighbour(link, down, right) {
  const rows = grid(link.closest("table"));
  let row = rows.indexOf(link.closest("tr"));
  let column = link.closest("td, th").cellIndex;
  for (;;) {
    row += down;
    column += right;
    if (row < 0 || row >= rows.length || column < 0) return null;
    const line = stops(rows[row]);
    if (column >= line.length) return null;
    if (line[column]) return line[column];
  }
}

function edge(link, key, whole) {
  const table = link.closest("table");
  const rows = grid(table);
  const ends = { Home: rows.find((each) => !table.tHead.contains(each)), End: rows.at(-1) };
  const row = whole ? ends[key] : link.closest("tr");
  const line = stops(row).filter(Boolean);
  return key === "Home" ? line[0] : line[line.length - 1];
}

const MOVES = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector(".reason")) {
    close();
    return;
  }
  const link = event.target.closest?.("table.colours :is(a, input)");
  if (!link || event.altKey || event.metaKey) return;
  let to = null;
  if (event.key in MOVES && !event.ctrlKey) to = neighbour(link, ...MOVES[event.key]);
  else if (event.key === "Home" || event.key === "End") to = edge(link, event.key, event.ctrlKey);
  else return;
  event.preventDefault();
  if (to) moveTo(to);
});

document.addEventListener("focusin", (event) => {
  const link = event.target.closest?.("table.colours :is(a, input)");
  if (!link) return;
  for (const old of link.closest("table").querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
  link.tabIndex = 0;
  clearTimeout(following);
  if (link.matches(".cell:not([aria-current])") && document.querySelector(".reason")) {
    following = setTimeout(() => open(link), FOLLOW_MS);
  }
});

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const cell = event.target.closest("a.cell");
  if (cell) {
    event.preventDefault();
    open(cell);
  } else if (event.target.closest(".reason-close")) {
    event.preventDefault();
    close();
  }
});

function choose(cell) {
  for (const old of document.querySelectorAll("a.cell[aria-current]")) {
    old.removeAttribute("aria-current");
  }
  cell?.setAttribute("aria-current", "true");
}

// The address follows, so that it can be sent to somebody; going back leaves the page as before.
async function open(cell) {
  clearTimeout(following);
  choose(cell);
  try {
    const answer = await fetch(cell.href, { headers: { "Puls-Part": "forklaring" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const reason = await answer.text();
    // Another cell may have been chosen meanwhile, or none.
    if (!cell.hasAttribute("aria-current")) return;
    document.getElementById("forklaring").innerHTML = reason;
  } catch {
    location.assign(cell.href);
    return;
  }
  readdress(cell.href);
  show(cell);
}

function close() {
  clearTimeout(following);
  const link = document.querySelector(".reason-close");
  const cell = document.querySelector("a.cell[aria-current]");
  readdress(link.href);
  document.getElementById("forklaring").replaceChildren();
  choose(null);
  cell?.focus();
}
