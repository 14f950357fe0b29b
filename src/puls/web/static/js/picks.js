// Counts the cells that are ticked for a meeting while one ticks them. The sentence comes with the
// page; only its number changes, and where one cell becomes several the page's own plural.

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-picks]");
  if (!form) return;
  const told = form.querySelector("[data-picked]");
  const count = Number(told.dataset.picked) + form.querySelectorAll(".cell :checked").length;
  const words = count === 1 ? told.dataset.one : told.dataset.many;
  told.textContent = words.replace("#", count);
});
