// The toolbar of the editor. It writes the same marks that one can write by hand, into the text
// area itself, so that undo, saving and everything else work as without it.

const put = (area, text) => {
  area.focus();
  // The old command is the only one that the browser's own undo knows.
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

const selected = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

const around = (area, before, after) => {
  const words = selected(area);
  put(area, before + words + after);
  if (words) return;
  const inside = area.selectionStart - after.length;
  area.setSelectionRange(inside, inside);
};

// The lines that the selection touches, each with a mark before it, or without where all have it.
const lines = (area, mark) => {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const next = area.value.indexOf("\n", area.selectionEnd);
  area.setSelectionRange(start, next === -1 ? area.value.length : next);
  const each = selected(area).split("\n");
  const marked = each.every((line) => line.startsWith(mark));
  put(area, each.map((line) => (marked ? line.slice(mark.length) : mark + line)).join("\n"));
};

const link = (area) => {
  const words = selected(area);
  put(area, `[${words}](https://)`);
  const end = area.selectionStart;
  const at = words ? end - 1 : end - "](https://)".length;
  area.setSelectionRange(at, at);
};

const dialogOf = (editor) => {
  const dialog = document.createElement("dialog");
  dialog.className = "editor-dialog";
  const shut = document.createElement("button");
  shut.type = "button";
  shut.className = "ds-button";
  shut.dataset.variant = "secondary";
  shut.textContent = editor.dataset.close;
  shut.addEventListener("click", () => dialog.close());
  const inside = document.createElement("div");
  dialog.append(inside, shut);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  return [dialog, inside];
};

const picture = async (area, editor) => {
  const [dialog, inside] = dialogOf(editor);
  const choose = (button) => {
    dialog.close();
    put(area, `\n\n${button.dataset.markdown}\n\n`);
  };
  const show = async (address, options) => {
    const answer = await fetch(address, options).catch(() => null);
    if (!answer?.ok || answer.redirected) {
      inside.textContent = editor.dataset.failed;
      return;
    }
    inside.innerHTML = await answer.text();
    dialog.setAttribute("aria-labelledby", "velg-bilde");
    inside.querySelector("h2").focus();
    const added = inside.querySelector("[data-added]");
    if (added) choose(added);
  };
  inside.addEventListener("click", (event) => {
    const button = event.target.closest("[data-markdown]");
    if (button) choose(button);
  });
  inside.addEventListener("submit", (event) => {
    event.preventDefault();
    event.submitter.disabled = true;
    show(event.target.action, { method: "POST", body: new FormData(event.target) });
  });
  dialog.showModal();
  await show(editor.dataset.pictures);
};

const does = {
  bold: (area) => around(area, "**", "**"),
  heading: (area) => lines(area, "## "),
  list: (area) => lines(area, "- "),
  link,
  picture,
};

for (const tools of document.querySelectorAll("[data-editor] .editor-tools")) tools.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-editor] [data-does]");
  if (!button) return;
  const editor = button.closest("[data-editor]");
  does[button.dataset.does](editor.querySelector("textarea"), editor);
});

document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.("[data-editor] textarea");
  if (!area || event.key.toLowerCase() !== "b" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  does.bold(area);
});
