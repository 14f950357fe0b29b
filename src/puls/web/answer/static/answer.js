/* Steps through the form that is there without this script too, one question at a time.

   What is answered stays in this tab, under its code, until it is sent or the tab is closed. What
   was sent without a network waits on the device, is sent when the network is back, and is deleted
   when it has arrived, or after two days. The code is the key: sent twice, it counts once. */

const DAYS = 2;
const WAITS = "puls-waiting:";
const at = (id) => document.getElementById(id);
const form = at("svar");
const draft = `puls-draft:${form.action}`;
const steps = [...form.querySelectorAll(".step")];
const asked = steps.filter((step) => !["start", "check"].includes(step.dataset.step));
const preview = "preview" in form.dataset;
const code = at("code");
let here = 0;
let sending = false;
let later = 0;

/* The code, as the server reads it: small letters, spaces, hyphens, O, I and L are forgiven. */
function plain(typed) {
  const read = typed.toUpperCase().replace(/[\s\u2013-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(read) ? read : "";
}

function body() {
  const given = new URLSearchParams();
  for (const [name, value] of new FormData(form)) given.append(name, value);
  if (code) given.set("code", plain(code.value));
  given.set("send", "1");
  return given;
}

/* This tab's own answers. */
function keep() {
  if (preview || !plain(code.value)) return;
  try {
    sessionStorage.setItem(draft, JSON.stringify({ code: plain(code.value), here, given: body().toString() }));
  } catch {
    /* A device that keeps nothing: the answers are on the page. */
  }
}

function restore() {
  const brought = plain(decodeURIComponent(location.hash.slice(1)));
  if (location.hash) history.replaceState(null, "", location.pathname);
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(draft));
  } catch {
    /* Nothing is kept. */
  }
  if (brought && code) code.value = brought;
  const mine = plain(code?.value ?? "");
  if (!kept || (mine && kept.code !== mine)) return forget();
  code.value = kept.code;
  for (const [name, value] of new URLSearchParams(kept.given)) {
    const field = form.elements[name];
    if (field && /^[qbe]\d+$/.test(name)) field.value = value;
  }
  here = Math.min(kept.here, steps.length - 1);
}

function forget() {
  try {
    sessionStorage.removeItem(draft);
  } catch {
    /* Nothing is kept. */
  }
}

function said(step) {
  const ticked = step.querySelector("input:checked");
  if (ticked) return ticked.value === "0" ? "" : ticked.parentElement.innerText.trim();
  return step.querySelector("textarea")?.value.trim() ?? "";
}

const title = (step) => step.querySelector("legend, .asked, .check-title") ?? form.querySelector("h1");

function show(number, move = true) {
  here = number;
  const step = steps[here];
  const last = step.dataset.step === "check";
  const first = step.dataset.step === "start";
  for (const each of steps) each.classList.toggle("here", each === step);
  document.body.classList.toggle("at-start", first);
  const progress = at("progress");
  progress.dataset.school ??= progress.textContent;
  if (first) progress.textContent = progress.dataset.school;
  else if (last) {
    progress.textContent = progress.dataset.check
      .replace("{n}", asked.filter((each) => said(each)).length)
      .replace("{all}", asked.length);
  }
  else {
    progress.textContent = progress.dataset.of
      .replace("{n}", asked.indexOf(step) + 1)
      .replace("{all}", asked.length);
  }
  at("back").hidden = first;
  at("skip").hidden = first || last;
  const next = at("next");
  next.disabled = last && preview;
  if (first) next.textContent = next.dataset.begin;
  else if (last) next.textContent = next.dataset.send;
  else next.textContent = asked.at(-1) === step ? next.dataset.check : next.dataset.next;
  if (last) list();
  hush();
  keep();
  if (move) {
    scrollTo(0, 0);
    title(step).focus({ preventScroll: true });
  }
}

/* What was answered, to look through before it is sent. */
function list() {
  const words = at("check");
  words.hidden = false;
  form.querySelector(".check-title").hidden = false;
  words.replaceChildren(
    ...asked.map((step) => {
      const line = document.createElement("li");
      const told = document.createElement("span");
      const answer = document.createElement("b");
      const change = document.createElement("button");
      told.textContent = title(step).lastChild.textContent;
      answer.textContent = said(step) || words.dataset.skipped;
      answer.classList.toggle("skipped", !said(step));
      told.append(answer);
      change.type = "button";
      change.className = "quiet";
      change.textContent = words.dataset.change;
      change.setAttribute("aria-label", `${words.dataset.change}: ${title(step).lastChild.textContent}`);
      change.addEventListener("click", () => show(steps.indexOf(step)));
      line.append(told, change);
      return line;
    }),
  );
}

function forward() {
  if (steps[here].dataset.step === "check") return send();
  if (here === 0 && code) {
    const wrong = !plain(code.value);
    at("code-wrong").hidden = !wrong;
    code.setAttribute("aria-invalid", wrong);
    if (wrong) return code.focus();
  }
  if (here < steps.length - 1) show(here + 1);
  return undefined;
}

function skip() {
  for (const each of steps[here].querySelectorAll("input")) each.checked = each.value === "0";
  const words = steps[here].querySelector("textarea");
  if (words) words.value = "";
  forward();
}

/* Reading aloud, with the device's own voice. */
function hush() {
  globalThis.speechSynthesis?.cancel();
  const button = at("aloud");
  button.textContent = button.dataset.start ?? button.textContent;
}

function aloud() {
  const voice = globalThis.speechSynthesis;
  if (voice.speaking) return hush();
  const button = at("aloud");
  button.dataset.start ??= button.textContent;
  button.textContent = button.dataset.stop;
  const step = steps[here];
  const parts = [...step.querySelectorAll(".intro, legend, .asked, .option:not(.skip) span, .check li > span")];
  for (const part of parts) {
    const words = new SpeechSynthesisUtterance(part.innerText);
    words.lang = document.documentElement.lang === "nb" ? "nb-NO" : document.documentElement.lang;
    if (part === parts.at(-1)) words.addEventListener("end", hush);
    voice.speak(words);
  }
  return undefined;
}

/* Sending. */
function end(id) {
  hush();
  form.hidden = true;
  for (const each of document.querySelectorAll(".end")) each.hidden = each.id !== id;
  at(id).querySelector("h1").focus();
}

function tell(sentence) {
  form.hidden = false;
  at("waiting").hidden = true;
  at("notice").textContent = sentence;
  at("notice").hidden = false;
  at("notice").scrollIntoView({ block: "center" });
}

/* Everything that waits on this device: key, where to, what, until when. Old ones are deleted. */
function waiting() {
  const found = [];
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(WAITS)) continue;
    const each = JSON.parse(localStorage.getItem(key));
    if (each.until > Date.now()) found.push({ key, ...each });
    else localStorage.removeItem(key);
  }
  return found;
}

/* One whole submission. Gives what became of it, or "" when nobody can say yet. */
async function deliver(to, what) {
  try {
    const answer = await fetch(to, {
      method: "POST",
      body: new URLSearchParams(what),
      headers: { "X-Puls-Script": "1" },
      signal: AbortSignal.timeout(25000),
    });
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return ["", ""];
    if (!answer.headers.get("content-type").includes("json")) return ["refused", await answer.text()];
    const { became, sentence } = await answer.json();
    return [became, sentence];
  } catch {
    return ["", ""];
  }
}

async function send() {
  if (sending || preview) return;
  sending = true;
  const what = body().toString();
  const key = WAITS + plain(code.value);
  /* First kept, then sent: a page that is closed in between loses nothing. */
  try {
    localStorage.setItem(key, JSON.stringify({ to: form.action, what, until: Date.now() + DAYS * 864e5 }));
  } catch {
    /* A device that keeps nothing sends from the page. */
  }
  const [became, sentence] = await deliver(form.action, what);
  sending = false;
  if (became === "") {
    end("waiting");
    clearTimeout(later);
    later = setTimeout(send, 5000 + Math.random() * 10000);
    return;
  }
  clearTimeout(later);
  localStorage.removeItem(key);
  if (became === "recorded" || became === "already") {
    forget();
    end(became === "recorded" ? "done" : "already");
  } else tell(sentence);
}

/* What an earlier visit left waiting, for whatever code. */
async function sendOthers() {
  let found = [];
  try {
    found = waiting();
  } catch {
    return;
  }
  for (const each of found) {
    const [became] = await deliver(each.to, each.what);
    if (became !== "") localStorage.removeItem(each.key);
  }
}

form.noValidate = true;
document.body.classList.add("stepping");
at("steps").hidden = false;
at("next").addEventListener("click", forward);
at("back").addEventListener("click", () => show(here - 1));
at("skip").addEventListener("click", skip);
at("again").addEventListener("click", send);
if ("speechSynthesis" in globalThis) {
  at("aloud").hidden = false;
  at("aloud").addEventListener("click", aloud);
}
form.addEventListener("change", keep);
form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name === "language") {
    keep();
    return;
  }
  event.preventDefault();
  forward();
});
addEventListener("online", () => (at("waiting").hidden ? sendOthers() : send()));
addEventListener("pagehide", hush);
restore();
show(here, false);
sendOthers();
