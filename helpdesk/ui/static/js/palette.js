// The palette: Ctrl K opens a field that finds tickets, customers, views and actions while one
// types. Arrows move, Enter opens, Escape closes. Without script its link leads to the search page.
// Any link or button with data-palette="address of what it offers" opens one; data-placeholder says
// what there is to find, data-search where the whole of it is.

import { doKey, doable, on } from "./keys.js";

const PAUSE = 120;
let dialog;
let latest = 0;
let timer;
let shown; // what was typed when what is listed was asked for
let enters = false; // somebody pressed Enter before that came

const options = () => [...dialog.querySelectorAll("[role=option]")];
const chosen = () => dialog.querySelector("[aria-selected=true]");

const choose = (option) => {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  const field = dialog.querySelector("input");
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
};

const move = (step) => {
  const all = options();
  if (!all.length) return;
  choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
};

const show = (html, number, text) => {
  if (number !== latest) return;
  shown = text;
  const found = dialog.querySelector("[data-found]");
  found.innerHTML = html;
  if (dialog.dataset.url.endsWith("/desk/palette")) found.prepend(...onThisPage());
  choose(options()[0]);
  if (enters) chosen()?.click();
  enters = false;
};

// What has a key on this page is done from here as well: "res" finds Resolve.
const onThisPage = () => {
  const typed = dialog.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
  const starts = (label) => typed.every((start) => label.toLowerCase().split(/\s+/).some((word) => word.startsWith(start)));
  const fitting = doable().filter(([, label]) => starts(label)).slice(0, 6);
  if (!fitting.length) return [];
  const labels = fitting.map(([, label]) => label);
  for (const option of options()) if (labels.includes(option.firstElementChild.textContent)) option.remove();
  dialog.querySelectorAll("[role=group]:not(:has([role=option])), .palette-note:not(.tone-bad)").forEach((empty) => empty.remove());
  return [group("On this page", fitting.map(choiceOf))];
};

const group = (label, choices) => {
  const made = document.createElement("div");
  made.setAttribute("role", "group");
  made.ariaLabel = label;
  const words = document.createElement("p");
  words.className = "palette-label";
  words.ariaHidden = "true";
  words.textContent = label;
  made.append(words, ...choices);
  return made;
};

const choiceOf = ([key, label], number) => {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "palette-choice", id: `palette-here-${number}`, tabIndex: -1 });
  button.setAttribute("role", "option");
  button.setAttribute("aria-selected", "false");
  const words = document.createElement("span");
  words.textContent = label;
  const kbd = document.createElement("kbd");
  kbd.textContent = key;
  button.append(words, kbd);
  button.addEventListener("click", () => {
    dialog.close(); // which leads the focus back to the row or field where one was
    doKey(key);
  });
  return button;
};

const ask = async () => {
  const number = ++latest;
  const link = new URL(dialog.dataset.url, location.href);
  const text = dialog.querySelector("input").value;
  link.searchParams.set("q", text);
  const ticket = document.querySelector("[data-draft]")?.action.match(/\/tickets\/(\d+)\//);
  if (ticket) link.searchParams.set("ticket", ticket[1]);
  try {
    const answer = await fetch(link, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (answer.redirected) location.assign(answer.url);
    else if (answer.ok || answer.status === 422) show(await answer.text(), number, text);
  } catch {
    show('<p class="palette-note">We could not be reached. Try again in a moment.</p>', number, text);
  }
};

// Never what stood there before the last letters were typed.
const go = (event) => {
  if (shown !== dialog.querySelector("input").value) {
    event.preventDefault();
    clearTimeout(timer);
    enters = true;
    return ask();
  }
  const option = chosen();
  if (!option) return;
  event.preventDefault();
  option.click();
};

const LOOK_FOR = "Tickets, customers, views, actions";

const build = ({ palette: url, placeholder = LOOK_FOR, search = url.replace("/palette", "/search") }) => {
  shown = undefined;
  enters = false;
  dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.dataset.url = url;
  dialog.setAttribute("aria-label", "Go to");
  dialog.innerHTML = `<form method="get" role="search"><input type="search" name="q" maxlength="2000" autocomplete="off" spellcheck="false" dir="auto" role="combobox" aria-expanded="true" aria-controls="palette-found"></form><div id="palette-found" role="listbox" aria-label="Found" data-found></div>`;
  dialog.querySelector("form").action = search;
  dialog.querySelector("input").placeholder = placeholder;
  dialog.querySelector("input").ariaLabel = placeholder;
  const mine = dialog;
  mine.addEventListener("close", () => {
    mine.remove();
    if (dialog !== mine) return; // another one is open by now
    latest += 1;
    dialog = undefined;
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.querySelector("input").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") dialog.close();
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") return go(event);
    else return;
    event.preventDefault();
  });
  document.body.append(dialog);
};

export const close = () => dialog?.close();

export const open = (opener) => {
  if (document.querySelector("dialog[open]")) return;
  build(opener.dataset);
  dialog.showModal();
  dialog.querySelector("input").focus();
  ask();
};

const opener = () => document.querySelector("[data-palette]");
on("Ctrl k", "Go to, find", () => open(opener()), { typing: true, here: opener });
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-palette]");
  if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(pressed);
});
