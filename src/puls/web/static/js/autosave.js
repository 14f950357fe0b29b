// Saves a field by itself while somebody writes, one after the other. Without it the button saves.
// Beside each field stands in a hidden one what its writer had before them: the server needs it to
// see that two wrote at once, and then answers with both texts to choose from.

const PAUSE = 4000;
const timers = new Map();
let queue = Promise.resolve();

function fieldOf(target) {
  const form = target.closest?.("form[data-autosaves]");
  return form && target.name && form.elements[`var-${target.name}`] ? form : null;
}

function tell(field, words, state) {
  const place = field.closest(".ds-field");
  let status = place.querySelector(".saved");
  if (!status) {
    status = document.createElement("p");
    status.className = "saved small";
    status.setAttribute("role", "status");
    place.append(status);
  }
  status.textContent = words;
  status.dataset.state = state;
}

async function save(form, field) {
  const was = form.elements[`var-${field.name}`];
  const value = field.value;
  if (value === was.value || field.dataset.clashes) return;
  tell(field, form.dataset.saving, "saving");
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("felt", field.name);
  body.set(field.name, value);
  body.set(was.name, was.value);
  try {
    const answer = await fetch(form.dataset.autosaves, { method: "POST", body });
    const words = await answer.text();
    if (answer.ok) {
      was.value = value;
      tell(field, words, "saved");
    } else if (answer.status === 409) {
      field.dataset.clashes = "1";
      tell(field, "", "clash");
      showClash(field, words);
    } else {
      tell(field, answer.status === 422 ? words : form.dataset.failed, "failed");
    }
  } catch {
    tell(field, form.dataset.failed, "failed");
  }
}

// The choice is a form of its own, so it cannot stand inside the one that is being written.
function showClash(field, html) {
  const form = field.form;
  form.insertAdjacentHTML("beforebegin", html);
  const clash = form.previousElementSibling;
  clash.scrollIntoView({ block: "start" });
  clash.focus();
}

function later(target, pause) {
  const form = fieldOf(target);
  if (!form) return;
  clearTimeout(timers.get(target));
  timers.set(
    target,
    setTimeout(() => {
      queue = queue.then(() => save(form, target));
    }, pause),
  );
}

document.addEventListener("input", (event) => later(event.target, PAUSE));
document.addEventListener("change", (event) => later(event.target, 0));
