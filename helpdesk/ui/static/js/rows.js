// A list that is walked with j and k: <ol data-rows> of items with a link .row-what.
// The focus is the place, so there is nothing to keep in step. Enter opens, as on any link.
// A button with data-row acts on the chosen rows, or on the one with the focus: its data-key
// chooses that row first. data-row-open="r:#reply s:/parts#snooze" opens a row at a place of its page,
// or of a page below it; with several chosen, a button with data-row-many="t" has that key.
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

// The ticket that something was done to, when it stands elsewhere in the list by now, with those that
// were beside it: j and k go on from there.
let moved = null;

const move = (step) => {
  const all = links();
  const here = all.indexOf(current()?.querySelector(".row-what"));
  const beside = moved && all[here]?.getAttribute("href") === moved.href && (step > 0 ? moved.after : moved.before);
  const goOnAt = beside && all.find((link) => link.getAttribute("href") === beside);
  if (goOnAt) return goTo(goOnAt);
  const from = here < 0 ? remembered() : here;
  const next = here < 0 ? Math.max(from, 0) : from + step;
  goTo(all[Math.min(Math.max(next, 0), all.length - 1)]);
};

const goTo = (link) => {
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
  if (box) sessionStorage.setItem("stood", JSON.stringify(standing()));
  press(button);
};

const standing = () => {
  const hrefs = links().map((link) => link.getAttribute("href"));
  const number = links().indexOf(current().querySelector(".row-what"));
  return { href: hrefs[number], number, before: hrefs[number - 1], after: hrefs[number + 1] };
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

// Back from what was pressed, one is at the same ticket, where it is still there, and sees the part of
// the list where one was.
const comeBack = () => {
  const stood = JSON.parse(sessionStorage.getItem("stood"));
  sessionStorage.removeItem("stood");
  const all = links();
  const now = all.findIndex((link) => link.getAttribute("href") === stood?.href);
  if (now < 0) return;
  all[now].focus({ preventScroll: true });
  if (now !== stood.number) moved = stood;
  all[Math.min(stood.number, all.length - 1)].closest(".row").scrollIntoView({ block: "nearest" });
};

const openAt = (key, place) => {
  const many = chosen().length > 1 && document.querySelector(`[data-row-many~="${key}"]`);
  if (many) return pressForRows(null, many);
  const link = (current() ?? chosen()[0]?.closest(".row"))?.querySelector(".row-what");
  if (!link) return false;
  location.assign(`${link.href.split("#")[0]}${place}`);
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
  const [key, place] = pair.split(":");
  const name = place.split("#")[1];
  on(key, name[0].toUpperCase() + name.slice(1), () => openAt(key, place), here);
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches(".row-what")) {
    const number = links().indexOf(event.target);
    if (event.target.getAttribute("href") !== moved?.href) moved = null;
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
