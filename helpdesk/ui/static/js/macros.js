// Macros and canned replies on a ticket. A choice with data-take goes into the composer: its text at
// the caret, what else it does in a list above. "/" at the start of a line opens the menu, too.
import { close, open } from "./palette.js";

let form;
const area = () => form.querySelector("textarea");

// Where the slash stood that opened the menu; the field may have lost its caret meanwhile.
let slashAt = -1;

const insert = (text) => {
  const field = area();
  field.focus();
  const slash = slashAt;
  slashAt = -1;
  if (!text) return;
  if (slash >= 0 && field.value[slash] === "/") field.setSelectionRange(slash, slash + 1);
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

const take = async (link) => {
  try {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return location.assign(link.href);
    const piece = document.createElement("template");
    piece.innerHTML = await answer.text();
    const text = piece.content.querySelector("[data-text]");
    const words = text.innerHTML ? text.content.textContent : "";
    text.remove();
    if (piece.content.textContent.trim()) form.querySelector("[data-taken]").replaceChildren(piece.content);
    close();
    insert(words);
    form.scrollIntoView({ block: "nearest" });
  } catch {
    location.assign(link.href);
  }
};

document.addEventListener("click", (event) => {
  form = document.querySelector("form[data-draft]");
  if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("[data-take]");
  if (link) {
    event.preventDefault();
    take(link);
  }
  if (event.target.closest("[data-drop-taken]")) {
    event.preventDefault();
    form.querySelector("[data-taken]").replaceChildren();
    area().focus();
  }
});

document.addEventListener("input", (event) => {
  if (event.data !== "/" || !event.target.matches("form[data-draft] textarea")) return;
  form = event.target.form;
  const before = event.target.value.slice(0, event.target.selectionStart);
  if (!/(^|\n)\/$/.test(before)) return;
  slashAt = before.length - 1;
  open(form.querySelector("button[data-palette]"));
});
