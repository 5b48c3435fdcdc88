// An open ticket: who else is there, and what came, in its place. When the answer to "what is new"
// says that the ticket changed, its page is asked for once more and put in part by part; a part at
// which somebody is waits. Other parts of the page join with data-part="name".
import { inPlace, isBusy, parse, reconcile } from "./swapping.js";
import { askNow, say } from "./news.js";

const PARTS = [".top", ".aside", "[data-part]"];
const WRITES_FOR = 12000;
const composer = () => document.querySelector("form.composer");
const text = () => composer()?.querySelector("textarea")?.value.trim() ?? "";
const seenBy = (form) => Number(form?.elements.seen?.value ?? 0);
let state;
let owed = false;
let wrote = 0;

say((params) => {
  if (text() && Date.now() - wrote < WRITES_FOR) params.set("writing", "1");
});

const keyOf = (item) => item.id || item.textContent.replace(/\s+/g, " ").trim();

const showThread = (page) => {
  const thread = document.querySelector("[data-thread]");
  const fresh = page.querySelector("[data-thread]");
  if (!thread || !fresh) return [];
  const known = new Set([...thread.querySelectorAll(".message")].map((one) => one.id));
  const latest = document.querySelector("#latest");
  const items = [...thread.children];
  const keep = (item) => item.contains(document.activeElement) || item.querySelector("details[open]") !== null || isBusy(item);
  latest?.remove();
  inPlace(items, () => reconcile(thread, fresh, keyOf, { keep }));
  return [...thread.querySelectorAll(".message")].filter((one) => !known.has(one.id));
};

const partOf = (page, part) =>
  part.dataset.part ? page.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`) : page.querySelector(part.matches(".top") ? ".top" : ".aside");

const showParts = (page) => {
  let left = false;
  for (const part of PARTS.flatMap((selector) => [...document.querySelectorAll(selector)])) {
    const fresh = partOf(page, part);
    if (!fresh || fresh.innerHTML === part.innerHTML) continue;
    if (isBusy(part)) {
      left = true;
      continue;
    }
    const people = part.querySelector("[data-presence]");
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    part.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
    part.querySelectorAll("details").forEach((one, place) => {
      if (open[place]) one.open = true;
    });
    if (people) part.querySelector("[data-presence]")?.replaceWith(people);
  }
  return left;
};

// What somebody writes was written before what came: they look at it first, and say so.
const FIELDS = ["seen", "last_message", "last_entry"];

const agree = (page) => {
  const fresh = page.querySelector("form.composer");
  for (const name of FIELDS) {
    if (fresh?.elements[name] && composer()) composer().elements[name].value = fresh.elements[name].value;
  }
  document.querySelector("[data-news]")?.replaceChildren();
};

const link = (message) => {
  const anchor = document.createElement("a");
  anchor.href = `#${message.id}`;
  anchor.textContent = message.querySelector(".message-who")?.textContent.trim() ?? "It";
  return anchor;
};

const count = (news) => (news.length === 1 ? "1 new message" : `${news.length} new messages`);

const tell = (messages, page, isStale) => {
  const place = document.querySelector("[data-news]");
  if (!place || (!messages.length && !isStale)) return;
  const line = document.createElement("p");
  line.className = "news-line";
  const strong = document.createElement("strong");
  strong.textContent = messages.length ? count(messages) : "Something changed";
  line.append(strong);
  if (messages.length) line.append(" from ", link(messages[0]));
  if (isStale) {
    const seen = document.createElement("button");
    seen.type = "button";
    seen.className = "button";
    seen.textContent = "I have seen it";
    seen.addEventListener("click", () => {
      agree(page);
      composer()?.querySelector("textarea")?.focus();
    });
    line.append(" since you began to write. Look before you send. ", seen);
  }
  place.replaceChildren(line);
};

const mine = (messages) => messages.every((one) => one.querySelector(".message-who")?.textContent.trim() === document.body.dataset.me);

let pending = [];
const refresh = async () => {
  const answer = await fetch(`${location.pathname.replace(/(\/desk\/tickets\/\d+).*/, "$1")}${location.search}`, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = parse(await answer.text());
  const fresh = page.querySelector("form.composer");
  const newer = seenBy(fresh) > seenBy(composer());
  pending = [...pending, ...showThread(page)].filter((one) => one.isConnected);
  owed = showParts(page);
  if (!newer) return;
  if (text()) return tell(pending, page, true);
  agree(page);
  if (pending.length && !mine(pending)) tell(pending, page, false);
  pending = [];
  swapComposer(fresh);
};

// Its buttons depend on the status; one that nobody is at is taken anew.
const swapComposer = (fresh) => {
  const form = composer();
  const foot = form?.querySelector(".composer-foot");
  const now = fresh?.querySelector(".composer-foot");
  if (foot && now && !isBusy(form)) foot.replaceWith(document.adoptNode(now));
};

// Who looks at a ticket has read what they were told about it.
const haveRead = async () => {
  const number = location.pathname.match(/\/desk\/tickets\/(\d+)/)?.[1];
  const body = new URLSearchParams({ csrf_token: composer().elements.csrf_token.value, ticket: number });
  const answer = await fetch("/notifications/reading", { method: "POST", body, credentials: "same-origin" });
  if (answer.ok) askNow();
};

document.addEventListener("news", ({ detail }) => {
  if (detail.version === undefined || !composer()) return; // another page about the ticket
  const people = document.querySelector("[data-presence]");
  if (detail.unread) haveRead();
  if (people && people.textContent !== detail.people) people.textContent = detail.people;
  const isOld = detail.version > seenBy(composer()) && detail.state !== state;
  const isOther = state !== undefined && detail.state !== state;
  state = detail.state;
  if (isOld || isOther || owed) refresh();
});

if (composer() && document.body.dataset.live) {
  document.addEventListener("input", (event) => {
    if (!event.target.matches("form.composer textarea")) return;
    const began = Date.now() - wrote > WRITES_FOR;
    wrote = Date.now();
    if (began) askNow();
  });
  // A part that somebody was at is brought up to date when they leave it.
  document.addEventListener("focusout", () => owed && setTimeout(() => owed && refresh(), 300));
  addEventListener("pagehide", () => {
    const gone = new URL(document.body.dataset.live, location.href);
    gone.searchParams.set("gone", "1");
    fetch(gone, { keepalive: true, credentials: "same-origin" }).catch(() => {});
  });
}
