// Steps can be dragged to another place on the line. Whoever does not drag has buttons for it.

let dragged = null;

for (const step of document.querySelectorAll("[data-step]")) {
  const head = step.querySelector(".step-head");
  head.draggable = true;
  head.classList.add("drags");
  head.addEventListener("dragstart", (event) => {
    dragged = step;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", step.dataset.step);
    event.dataTransfer.setDragImage(step, 20, 20);
    step.classList.add("dragged");
  });
  head.addEventListener("dragend", () => {
    step.classList.remove("dragged");
    dragged = null;
  });
  step.addEventListener("dragover", (event) => {
    if (!dragged || dragged === step) return;
    event.preventDefault();
    step.classList.add("aim");
  });
  step.addEventListener("dragleave", () => step.classList.remove("aim"));
  step.addEventListener("drop", (event) => {
    event.preventDefault();
    step.classList.remove("aim");
    if (dragged && dragged !== step) move(dragged, step);
  });
}

// The place of the step it was dropped on: the others make room.
function move(step, onto) {
  const line = [...step.parentElement.querySelectorAll("[data-step]")];
  const form = step.querySelector("form[data-shift]");
  form.elements.plass.value = line.indexOf(onto) + 1;
  const act = document.createElement("input");
  act.type = "hidden";
  act.name = "gjor";
  act.value = "flytt";
  form.append(act);
  form.submit();
}
