// A form or a link marked with data-swaps puts the main part of the page that it leads to in place of
// the one that stands here: what one looks at stays where it is, and focus with it. Whatever does
// not go well becomes an ordinary way there. A page read anew after "back" is the server's own.

const here = () => location.pathname + location.search;
const sheets = (page) =>
  [...page.querySelectorAll("link[rel=stylesheet]")].map((each) => each.getAttribute("href")).join();
let shown = here();
let asked = null;

/** Gives the page another address, in the same place of the history. */
export function readdress(address) {
  history.replaceState(null, "", address);
  shown = here();
}

async function swap(address) {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    const answer = await fetch(address, { signal });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = next.getElementById("innhold");
    // A page of another kind, such as the log-in, comes whole.
    if (!answer.ok || !main || sheets(next) !== sheets(document)) throw new Error(answer.status);
    const focused = document.activeElement?.id;
    document.getElementById("innhold").replaceWith(main);
    document.title = next.title;
    history.pushState(null, "", answer.url);
    shown = here();
    document.dispatchEvent(new Event("swapped"));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  } catch {
    if (!signal.aborted) location.assign(address);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swaps]")) return;
  event.preventDefault();
  const address = new URL(form.getAttribute("action") ?? location.pathname, location);
  address.search = new URLSearchParams(new FormData(form));
  swap(address);
});

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a[data-swaps]");
  if (!link) return;
  event.preventDefault();
  swap(link.href);
});

// Not for a mere #fragment: the page that stands here is still the right one.
addEventListener("popstate", () => {
  if (here() !== shown) location.reload();
});
