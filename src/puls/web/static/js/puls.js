// What makes the pages smoother. Everything here also works without it: links are links, forms are
// forms. Listeners sit on the document, so that parts put in later need no set-up.
import { setUpGrids } from "./grid.js";
import "./picks.js";
import "./swap.js";

document.documentElement.classList.add("scripted");

function setUp() {
  for (const button of document.querySelectorAll("[data-copies], [data-prints]")) {
    button.hidden = false;
  }
  for (const button of document.querySelectorAll("[data-unneeded]")) {
    button.hidden = true;
  }
  setUpGrids();
}

// A choice in a list takes effect at once. The form is sent as its button would send it.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosend]");
  if (form && event.target.matches("select")) form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const copies = event.target.closest("[data-copies]");
  if (copies) {
    const field = document.getElementById(copies.dataset.copies);
    field.select();
    await navigator.clipboard.writeText(field.value);
    copies.textContent = copies.dataset.copied;
  }
  if (event.target.closest("[data-prints]")) window.print();

  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-closes][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The page may have changed its address since it came: a new language leads back to where one is.
document.addEventListener("submit", (event) => {
  const next = event.target.querySelector?.("input[name=next]");
  if (event.target.matches(".language") && next) {
    next.value = location.pathname + location.search + location.hash;
  }
});

document.addEventListener("swapped", setUp);
setUp();
