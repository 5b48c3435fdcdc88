// Shortcuts. An element says which key presses it: data-key="r", or two in a row, data-key="g m".
// A field takes the focus; a link or button is pressed. Words for the list: data-key-label, or
// the name the element has anyway. Other modules add keys of their own with `on`.

const own = new Map([["?", { label: "This list", act: () => show() }]]);
let first = "";
let forget;

export const on = (key, label, act) => own.set(key, { label, act });

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
  }
};

const act = (key, event) => {
  const element = find(key);
  const known = own.get(key);
  if (!element && !known) return false;
  if (known) {
    if (known.act(event, element) === false) return false;
  } else {
    press(element);
  }
  event.preventDefault();
  return true;
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || ["Shift", "Tab"].includes(event.key)) return;
  clearTimeout(forget);
  const pair = first && `${first} ${event.key}`;
  first = "";
  if (pair && act(pair, event)) return;
  if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    first = event.key;
    forget = setTimeout(() => (first = ""), 1000);
    return;
  }
  act(event.key, event);
});

const name = (element) =>
  element.dataset.keyLabel || element.getAttribute("aria-label") || element.placeholder || wordsOf(element);

const wordsOf = (element) => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((kbd) => kbd.remove());
  return copy.textContent.trim();
};

const entries = () => {
  const found = new Map([...own].map(([key, { label }]) => [key, label]));
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!found.get(element.dataset.key)) found.set(element.dataset.key, name(element));
  }
  if (document.querySelector("[data-palette]")) found.set("Ctrl k", "Go to, find");
  if (document.querySelector("[data-composer]")) found.set("Ctrl Enter", "Send");
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
  return [term, words];
};

const show = () => {
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.innerHTML = '<h2 id="keys-title">Keys on this page</h2><dl></dl><form method="dialog"><button class="button">Close</button></form>';
  dialog.querySelector("dl").append(...entries().flatMap(line));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
};
