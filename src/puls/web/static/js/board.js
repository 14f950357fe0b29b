// Cards of the board can be dragged to another column. The buttons on each card do the same without.

const cards = document.querySelectorAll("[data-card]");
let held = null;

function buttonFor(card, state) {
  return card.querySelector(`button[data-target="${state}"]`);
}

for (const card of cards) {
  card.draggable = true;
  card.addEventListener("dragstart", (event) => {
    held = card;
    event.dataTransfer.effectAllowed = "move";
    card.classList.add("held");
    for (const column of document.querySelectorAll("[data-state]")) {
      column.classList.toggle("takes", buttonFor(card, column.dataset.state) !== null);
    }
  });
  card.addEventListener("dragend", () => {
    held = null;
    card.classList.remove("held");
    for (const column of document.querySelectorAll(".takes")) column.classList.remove("takes");
  });
}

for (const column of document.querySelectorAll("[data-state]")) {
  column.addEventListener("dragover", (event) => {
    if (held && buttonFor(held, column.dataset.state)) event.preventDefault();
  });
  column.addEventListener("drop", (event) => {
    const button = held && buttonFor(held, column.dataset.state);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
