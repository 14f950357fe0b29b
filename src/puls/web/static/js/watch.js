// A part of the page that tells how far something has come is asked for again every two seconds. When it is
// over, the whole page is read anew: what can be done next has changed with it.

const EVERY = 2000;

async function look() {
  const part = document.querySelector("[data-watch]");
  if (!part) return;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-watch]");
    if (!answer.ok || !next) return location.reload();
    // Only where something moved, so that a reader of screens hears nothing twice.
    for (const mark of ["[role=status]", "progress"]) {
      const [old, fresh] = [part.querySelector(mark), next.querySelector(mark)];
      if (old.outerHTML !== fresh.outerHTML) old.replaceWith(fresh);
    }
  } catch {
    /* No network for a moment: the next look tells. */
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
