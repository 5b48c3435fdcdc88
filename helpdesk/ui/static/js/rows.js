// A list that is walked with j and k: <ol data-rows> of items with a link .row-what.
// The focus is the place, so there is nothing to keep in step. Enter opens, as on any link.
// A button with data-row acts on the chosen rows, or on the one with the focus: its data-key
// chooses that row first. data-row-open="r:reply n:note" opens a row at a place of its page.
import { on, press } from "./keys.js";
import { canWalk, keep, walk } from "./walk.js";

const list = () => document.querySelector("[data-rows]");
const links = () => [...(list()?.querySelectorAll(".row-what") ?? [])];
const current = () => document.activeElement?.closest(".row") ?? null;
const place = () => `row ${location.pathname}${location.search}`;

// Where one was; once that row has left the list, the one that stands there now.
const remembered = () => {
  const [kept, number = "-1"] = (sessionStorage.getItem(place()) ?? "").split(" ");
  const found = links().findIndex((link) => link.getAttribute("href") === kept);
  return found < 0 ? Number(number) : found;
};

const move = (step) => {
  const all = links();
  const here = all.indexOf(current()?.querySelector(".row-what"));
  const from = here < 0 ? remembered() : here;
  const next = here < 0 ? Math.max(from, 0) : from + step;
  const link = all[Math.min(Math.max(next, 0), all.length - 1)];
  link?.focus();
  link?.closest(".row").scrollIntoView({ block: "nearest" });
};

const choose = () => {
  const box = current()?.querySelector(".row-check");
  if (!box) return false;
  box.click();
};

const chosen = () => [...(list()?.querySelectorAll(".row-check:checked") ?? [])];

export const dropChoice = () => chosen().forEach((box) => (box.checked = false));

const pressForRows = (_event, button) => {
  if (!button) return false;
  const box = current()?.querySelector(".row-check");
  if (!chosen().length && !box) return false;
  if (!chosen().length) box.checked = true;
  if (box) sessionStorage.setItem("at", current().querySelector(".row-what").getAttribute("href"));
  press(button);
};

// What is pressed while the list is on its way to the server is done once that is back, with the
// tickets that were chosen then, wherever they stand by now.
export const afterwards = (form, button) => {
  if (button?.dataset.row === undefined || button.dataset.sending !== undefined) return;
  const next = { to: button.getAttribute("formaction"), tickets: chosen().map((box) => box.value), at: Date.now() };
  sessionStorage.setItem("next", JSON.stringify(next));
};

const goOn = () => {
  const next = JSON.parse(sessionStorage.getItem("next"));
  sessionStorage.removeItem("next");
  const proof = document.querySelector("[name=csrf_token]");
  if (!next || !proof || Date.now() - next.at > 10000) return false;
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: next.to, hidden: true });
  const back = `${location.pathname}${location.search}`;
  for (const [name, value] of [["csrf_token", proof.value], ["back", back], ...next.tickets.map((ticket) => ["ticket", ticket])]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.requestSubmit();
  return true;
};

// Back from what was pressed, one is at the same ticket, where it is still there.
const comeBack = () => {
  const at = sessionStorage.getItem("at");
  sessionStorage.removeItem("at");
  const link = at && links().find((one) => one.getAttribute("href") === at);
  link?.focus({ preventScroll: true });
  link?.closest(".row").scrollIntoView({ block: "nearest" });
};

const openAt = (hash) => {
  const link = current()?.querySelector(".row-what");
  if (!link) return false;
  location.assign(`${link.href.split("#")[0]}#${hash}`);
};

// A list may come, or change, while the page is open.
const here = { here: list };
const stepping = (step) => [() => (list() ? move(step) : walk(step)), { here: () => list() || canWalk(step) }];
on("j", "Next ticket", ...stepping(1));
on("k", "Ticket before", ...stepping(-1));
on("Enter", "Open", () => false, here);
on("x", "Select", choose, { here: () => list()?.querySelector(".row-check") });
for (const button of document.querySelectorAll("[data-row][data-key]")) {
  on(button.dataset.key, button.dataset.keyLabel || button.textContent.trim(), pressForRows, here);
}
for (const pair of (list()?.dataset.rowOpen ?? "").split(" ").filter(Boolean)) {
  const [key, hash] = pair.split(":");
  on(key, hash[0].toUpperCase() + hash.slice(1), () => openAt(hash), here);
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches(".row-what")) {
    const number = links().indexOf(event.target);
    sessionStorage.setItem(place(), `${event.target.getAttribute("href")} ${number}`);
    keep(links());
  }
});

// Shift and a press on a box chooses all in between.
let lastBox;
document.addEventListener("click", (event) => {
  if (!event.target.matches(".row-check")) return;
  const boxes = [...document.querySelectorAll(".row-check")];
  if (event.shiftKey && lastBox) {
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(event.target)].sort((a, b) => a - b);
    for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
  }
  lastBox = event.target;
});

if (!goOn()) comeBack();
