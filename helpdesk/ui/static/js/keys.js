// Shortcuts. An element says which key presses it: data-key="r", or two in a row, data-key="g m".
// A field takes the focus; a link or button is pressed. Words for the list: data-key-label, or
// the name the element has anyway. Other modules add keys of their own with `on`.

// They are the one list of keys: nothing else listens to keys outside a dialog of its own.
//   on("z", "Undo", act)                          act may return false: nothing to do here
//   on("Ctrl k", "Go to, find", act, { here })    here() says whether the page has it at all
//   { typing: true }                              works in a field, too

const own = new Map();
let first = "";
let forget;

export const on = (key, label, act, { here = () => true, typing = false } = {}) =>
  own.set(key, { label, act, here, typing });

const typing = (target) =>
  target.isContentEditable ||
  target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])");

const find = (key) =>
  [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key && !element.disabled);

export const press = (element) => {
  if (element.matches("input:not([type=radio], [type=checkbox], [type=submit]), textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
    if (element.matches("details[open] > summary")) into(element.parentElement);
  }
};

// What a key opens is gone on with by keyboard.
const into = (menu) => menu.querySelector("input:not([type=hidden]), select, textarea, a[href], button")?.focus();

const act = (key, event, isTyping) => {
  const known = own.get(key);
  if (isTyping && !known?.typing) return false;
  const element = find(key);
  if (!element && !known) return false;
  if (known) {
    if (!known.here() || known.act(event, element) === false) return false;
  } else {
    press(element);
  }
  event.preventDefault();
  return true;
};

const named = (event) => {
  if (!event.ctrlKey && !event.metaKey) return event.key;
  return `Ctrl ${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
};

// A <select data-submit> that was gone through by keys waits for Enter: every arrow is a choice
// there, and so is the first letter of a name.
let pressed = null;
export const isChosenByKey = (select) => pressed === select;
document.addEventListener("pointerdown", () => (pressed = null));
document.addEventListener("focusin", () => (pressed = null));

document.addEventListener("keydown", (event) => {
  pressed = event.key === "Enter" ? null : event.target;
  if (event.key === "Enter" && event.target.matches("select[data-chosen]")) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if (document.querySelector("dialog[open]") || ["Shift", "Tab", "Control", "Meta"].includes(event.key)) return;
  const key = named(event);
  const isTyping = typing(event.target);
  clearTimeout(forget);
  const pair = first && `${first} ${key}`;
  first = "";
  if (pair && !isTyping && act(pair, event)) return;
  if (!isTyping && document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    first = key;
    forget = setTimeout(() => (first = ""), 1000);
    return;
  }
  act(key, event, isTyping);
});

const name = (element) =>
  element.dataset.keyLabel || element.getAttribute("aria-label") || element.placeholder || wordsOf(element);

const wordsOf = (element) => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((kbd) => kbd.remove());
  return copy.textContent.trim();
};

// Every key that does something on this page, with words: [["j", "Next ticket"], …].
const entries = () => {
  const here = [...own].filter(([, known]) => known.here());
  const found = new Map(here.map(([key, { label }]) => [key, label]));
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!element.disabled && !found.get(element.dataset.key)) found.set(element.dataset.key, name(element));
  }
  return [...found].filter(([, label]) => label);
};

const line = ([key, label]) => {
  const term = document.createElement("dt");
  for (const part of key.split(" ")) {
    const kbd = document.createElement("kbd");
    kbd.textContent = part;
    term.append(kbd, " ");
  }
  const words = document.createElement("dd");
  words.textContent = label;
  const pair = document.createElement("div");
  pair.append(term, words);
  return pair;
};

// Buttons, links and fields of this page that have a key, without the ways to other pages: what the
// palette offers to be done here.
export const doable = () => entries().filter(([key]) => !key.includes(" ") && find(key));
export const doKey = (key) => act(key, { preventDefault: () => {}, target: document.activeElement }, false);

const show = () => {
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.innerHTML = '<h2 id="keys-title">Keys on this page</h2><dl></dl><form method="dialog"><button class="button">Close</button></form>';
  dialog.querySelector("dl").append(...entries().map(line));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.scrollTop = 0; // whoever opens it reads from the top, though the button has the focus
};

on("?", "This list", show);
