// Everything here makes a page quicker to use; no page needs it.
import { into, isChosenByKey, on, press } from "./keys.js";
import { afterwards, dropChoice } from "./rows.js";
import "./composer.js";
import "./files.js";
import "./palette.js";
import "./macros.js";
import "./drafts.js";
import "./times.js";
import "./live.js";
if (document.querySelector("[data-undo]")) import("./undo.js");

document.documentElement.classList.add("has-script");

// A form that is on its way is not sent a second time.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending !== undefined) {
    event.preventDefault();
    afterwards(form, event.submitter);
    return;
  }
  form.dataset.sending = "";
  event.submitter?.setAttribute("data-sending", "");
  if (form.hasAttribute("data-sign-out")) sessionStorage.clear();
});

const ready = (root) => {
  for (const sent of root.querySelectorAll("[data-sending]")) sent.removeAttribute("data-sending");
};
addEventListener("pageshow", () => ready(document));
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.elt.removeAttribute("data-sending");
  ready(event.detail.elt);
});

// What went wrong behind the page is told where flashes stand.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
});
document.addEventListener("htmx:sendError", () => {
  const line = document.createElement("p");
  line.className = "flash flash-bad";
  line.textContent = "We could not be reached. Nothing was changed; try again in a moment.";
  document.querySelector("#flashes")?.replaceChildren(line);
});

// A menu closes when one presses elsewhere, or Escape.
const close = (menu) => {
  if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  menu.open = false;
};
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
on(
  "Escape",
  "Close a menu, leave a field, drop the selection",
  (event) => {
    const menus = document.querySelectorAll("details.menu[open]");
    menus.forEach(close);
    if (event.target.matches("textarea, input")) event.target.blur();
    else if (!menus.length) dropChoice();
    return false; // the browser has something to close as well
  },
  { typing: true },
);

// <select data-submit> sends its form as soon as one has chosen; by keys, once one presses Enter or
// the button that appears.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-submit]")) return;
  if (isChosenByKey(event.target)) event.target.dataset.chosen = "";
  else event.target.form.requestSubmit();
});

// A key leads to a place of another page: #tags presses data-at="tags" there, and goes into the
// section with the id when that is marked data-into.
const hash = CSS.escape(location.hash.slice(1));
const there = hash ? document.querySelector(`[data-at="${hash}"], [data-into]#${hash}`) : null;
if (there?.dataset.at) press(there);
else if (there && document.readyState === "complete") into(there);
else if (there) addEventListener("load", () => into(there)); // the browser goes there by itself first

// What went wrong is where one reads first.
document.querySelector("[data-focus]")?.focus();
