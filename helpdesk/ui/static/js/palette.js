// The palette: Ctrl K opens a field that finds tickets, customers, views and actions while one
// types. Arrows move, Enter opens, Escape closes. Without script its link leads to the search page.
// Any link or button with data-palette="address of what it offers" opens one; data-placeholder says
// what there is to find, data-search where the whole of it is.

import { on } from "./keys.js";

const PAUSE = 120;
let dialog;
let latest = 0;
let timer;

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

const show = (html, number) => {
  if (number !== latest) return;
  dialog.querySelector("[data-found]").innerHTML = html;
  choose(options()[0]);
};

const ask = async () => {
  const number = ++latest;
  const link = new URL(dialog.dataset.url, location.href);
  link.searchParams.set("q", dialog.querySelector("input").value);
  const ticket = document.querySelector("[data-draft]")?.action.match(/\/tickets\/(\d+)\//);
  if (ticket) link.searchParams.set("ticket", ticket[1]);
  try {
    const answer = await fetch(link, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (answer.redirected) location.assign(answer.url);
    else if (answer.ok || answer.status === 422) show(await answer.text(), number);
  } catch {
    show('<p class="palette-note">We could not be reached. Try again in a moment.</p>', number);
  }
};

const go = (event) => {
  const option = chosen();
  if (!option) return;
  event.preventDefault();
  option.click();
};

const LOOK_FOR = "Tickets, customers, views, actions";

const build = ({ palette: url, placeholder = LOOK_FOR, search = url.replace("/palette", "/search") }) => {
  dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.dataset.url = url;
  dialog.setAttribute("aria-label", "Go to");
  dialog.innerHTML = `<form method="get" role="search"><input type="search" name="q" maxlength="2000" autocomplete="off" spellcheck="false" dir="auto" role="combobox" aria-expanded="true" aria-controls="palette-found"></form><div id="palette-found" role="listbox" aria-label="Found" data-found></div>`;
  dialog.querySelector("form").action = search;
  dialog.querySelector("input").placeholder = placeholder;
  dialog.querySelector("input").ariaLabel = placeholder;
  dialog.addEventListener("close", () => {
    latest += 1;
    dialog.remove();
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
