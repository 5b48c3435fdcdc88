// Puts what is new into a page without taking away what somebody is at: the focus, what they chose,
// marked or opened, and the place where they read.

export const parse = (html) => new DOMParser().parseFromString(html, "text/html");

// Somebody is at this element: it is left alone for now.
export const isBusy = (element) => {
  const selection = getSelection();
  if (element.contains(document.activeElement) && document.activeElement !== document.body) return true;
  if (element.querySelector("details.menu[open], dialog[open], [data-sending]")) return true;
  if (selection && !selection.isCollapsed && selection.containsNode(element, true)) return true;
  return [...element.querySelectorAll("input, textarea, select")].some(isTouched);
};

const isTouched = (field) => {
  if (field.matches("[type=hidden]")) return false;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("[type=file]")) return field.files.length > 0;
  if (field.matches("select")) return [...field.options].some((option) => option.defaultSelected && !option.selected);
  return field.value !== field.defaultValue;
};

// Keep what one looks at where it is, whatever comes above it.
export const inPlace = (elements, change) => {
  const seen = elements.find((element) => element.getBoundingClientRect().bottom > 80);
  const before = seen?.getBoundingClientRect().top;
  const wasAtTop = scrollY === 0;
  change();
  if (!seen?.isConnected || wasAtTop) return;
  const moved = seen.getBoundingClientRect().top - before;
  if (Math.abs(moved) > 0.5) scrollBy({ top: moved, behavior: "instant" });
};

// Let `parent` hold what `fresh` holds, in its order. `keyOf` tells which is which; `keep` says
// that an old one stays as it is, also when it has left.
export const reconcile = (parent, fresh, keyOf, { keep, carry = () => {} }) => {
  const old = new Map([...parent.children].map((child) => [keyOf(child), child]));
  const wanted = [...fresh.children].map((child) => {
    const known = old.get(keyOf(child));
    old.delete(keyOf(child));
    if (!known) return document.adoptNode(child);
    if (known.outerHTML === child.outerHTML || keep(known)) return known;
    carry(known, child);
    known.replaceWith(document.adoptNode(child));
    return child;
  });
  for (const gone of old.values()) {
    if (keep(gone)) gone.classList.add("is-gone");
    else gone.remove();
  }
  let place = parent.firstElementChild;
  for (const child of wanted) {
    while (place?.classList.contains("is-gone")) place = place.nextElementSibling;
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
};

const rowKey = (row) => row.querySelector(".row-check")?.value ?? row.textContent;
const isChosen = (row) => row.contains(document.activeElement) || row.querySelector(".row-check:checked") !== null;

// A row that changed while it has the focus or is chosen is drawn anew and keeps both.
const redrawChosen = (list, fresh) => {
  const rows = new Map([...fresh.children].map((row) => [rowKey(row), row]));
  for (const row of list.children) {
    const now = rows.get(rowKey(row));
    if (!now || !isChosen(row)) continue;
    const focus = row.contains(document.activeElement) && document.activeElement.className;
    const checked = row.querySelector(".row-check")?.checked;
    if (row.innerHTML !== now.innerHTML) row.innerHTML = now.innerHTML;
    row.className = now.className;
    if (checked) row.querySelector(".row-check").checked = true;
    if (focus) row.querySelector(`.${focus}`)?.focus({ preventScroll: true });
  }
};

let pointed = 0;
let waiting;
document.addEventListener("pointermove", (event) => {
  if (event.target.closest?.("[data-rows]")) pointed = Date.now();
});

// Nothing moves away under a pointer that is about to press.
export const replaceList = (html) => {
  clearTimeout(waiting);
  const place = document.querySelector("[data-list]");
  if (!place) return;
  if (Date.now() - pointed < 800) {
    waiting = setTimeout(() => replaceList(html), 400);
    return;
  }
  const list = place.querySelector("[data-rows]");
  const fresh = parse(html);
  const rows = fresh.querySelector("[data-rows]");
  if (!list || !rows || list.tagName !== rows.tagName) return replaceAll(place, fresh);
  const known = new Set([...list.children].map(rowKey));
  const came = [...rows.children].filter((row) => !known.has(rowKey(row))).length;
  redrawChosen(list, rows);
  inPlace([...list.children], () => reconcile(list, rows, rowKey, { keep: isChosen }));
  const foot = place.querySelector(".queue-foot");
  const footNow = fresh.querySelector(".queue-foot");
  if (foot && footNow && foot.innerHTML !== footNow.innerHTML && !isBusy(foot)) foot.replaceWith(document.adoptNode(footNow));
  const said = document.querySelector("[data-said]");
  if (said && came) said.textContent = `${came} new in this list`;
};

const replaceAll = (place, fresh) => {
  if (isBusy(place)) return;
  place.replaceChildren(...[...fresh.body.childNodes].map((node) => document.adoptNode(node)));
  const back = place.querySelector("[name=back]");
  if (back) back.value = `${location.pathname}${location.search}`;
};
