// A screen, a phone or the leader's page in a room: hears what happens and shows it anew.
// Without this module the pages are plain forms with a way to look again.

const room = () => document.getElementById("rom");
let last = Number(room().dataset.after);
let asked = 0;

const said = (event) => JSON.parse(event.data || "{}");

function put(selector, change) {
  for (const each of document.querySelectorAll(selector)) change(each);
}

/** What somebody has begun to write or choose, by the id or the name and value of its field. */
function begun() {
  const kept = new Map();
  for (const field of room().querySelectorAll("[data-keeps] :is(textarea, input)")) {
    if (field.type === "radio") {
      if (field.checked && !field.defaultChecked) kept.set(`[value="${field.value}"]`, true);
    } else if (field.id && field.value !== field.defaultValue) kept.set(`#${field.id}`, field.value);
  }
  return kept;
}

/** The page again, in place: what somebody is writing stays theirs. */
async function renew() {
  const answer = await fetch(location.href);
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = found.getElementById("rom");
  if (!next) {
    location.reload();
    return;
  }
  const kept = begun();
  const heading = room().querySelector("h1")?.textContent;
  const focus = document.activeElement?.id;
  room().replaceWith(next);
  // Another item has come up: what was written about the one before goes with it.
  const same = heading === next.querySelector("h1")?.textContent;
  for (const [selector, value] of same ? kept : []) {
    const field = next.querySelector(`[data-keeps] ${selector}`);
    if (field?.type === "radio") field.checked = true;
    else if (field) field.value = value;
  }
  if (focus) document.getElementById(focus)?.focus();
  tick();
}

/** Many at once would stand in each other's way: soon, and at most once a second. */
function soon(most) {
  if (asked) return;
  asked = setTimeout(() => {
    asked = 0;
    renew().catch(() => soon(3000));
  }, Math.random() * most);
}

function listen() {
  const hears = room().dataset.hears.split(" ");
  const line = new EventSource(`${room().dataset.live}?etter=${last}`);
  const heard = (event) => {
    last = Number(event.lastEventId) || last;
  };
  line.addEventListener("stage", (event) => {
    heard(event);
    if (hears.includes("stage")) soon(300);
  });
  line.addEventListener("note", (event) => {
    heard(event);
    if (hears.includes("note")) soon(1000);
  });
  line.addEventListener("joined", (event) => {
    heard(event);
    put("[data-joined]", (each) => {
      each.textContent = said(event).joined;
    });
  });
  line.addEventListener("votes", (event) => {
    heard(event);
    const { item, voted } = said(event);
    put(`[data-votes="${item}"]`, (each) => {
      each.textContent = each.textContent.replace(/\d+/, voted);
    });
  });
  line.addEventListener("open", () => put("[data-line]", (each) => (each.textContent = "")));
  // The browser tries again by itself, and says which event it had last.
  line.addEventListener("error", () => {
    if (line.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

/** What is left of the time, counted down. */
function tick() {
  put("[data-until]", (each) => {
    const left = Math.max(0, Math.round((new Date(each.dataset.until) - Date.now()) / 1000));
    each.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  });
}

document.addEventListener("dragstart", (event) => {
  const note = event.target.closest?.("[data-note]");
  if (note) event.dataTransfer.setData("text/plain", note.dataset.note);
});
document.addEventListener("dragover", (event) => {
  if (event.target.closest?.("[data-heap]")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const heap = event.target.closest?.("[data-heap]");
  const note = heap && document.querySelector(
    `[data-note="${CSS.escape(event.dataTransfer.getData("text/plain"))}"]`,
  );
  if (!note) return;
  event.preventDefault();
  note.querySelector("[name=group]").value = heap.dataset.heap;
  note.querySelector("button[name=note]").click();
});

setInterval(tick, 1000);
tick();
listen();
