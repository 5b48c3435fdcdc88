// Keeps an open page true: <body data-live="…"> says where to ask what is new. It asks every few
// seconds while the page can be seen, and hands the answer to whoever listens with `onNews`.
import { replaceList } from "./swapping.js";
import { asking, hear } from "./news.js";

const EVERY = 5000;
const SLOWEST = 60000;
const url = document.body.dataset.live;
let tag = "";
let wait = EVERY;
let timer;
let stopped = !url;
let underway = false;
let again = false;

const note = (words, link) => {
  const line = document.createElement("p");
  line.className = "flash flash-warn";
  line.dataset.liveNote = "";
  line.append(words);
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link;
    anchor.textContent = "Sign in";
    line.append(" ", anchor);
  }
  document.querySelector("[data-live-note]")?.remove();
  document.querySelector("#flashes")?.append(line);
};

const stop = (words, link) => {
  stopped = true;
  note(words, link);
};

// Not all pages of an office at the same moment.
const later = () => {
  clearTimeout(timer);
  if (!stopped) timer = setTimeout(ask, wait * (0.8 + Math.random() * 0.4));
};

const take = async (answer) => {
  if (answer.redirected || answer.status === 401) return stop("You are signed out. What you wrote is kept in this tab.", location.href);
  if (answer.status === 404) return stop("This is not yours to see any more. What you wrote is kept in this tab.");
  if (answer.status === 422) {
    if (!document.querySelector(".filter-error")) return stop("This list is not kept up to date: its filter is not understood.");
    stopped = true; // the page says so itself
    return;
  }
  if (answer.status !== 304 && !answer.ok) throw new Error(answer.statusText);
  wait = EVERY;
  document.querySelector("[data-live-note]")?.remove();
  if (answer.status === 304) return;
  const news = await answer.json();
  tag = answer.headers.get("ETag") ?? "";
  hear(news);
};

export const ask = async () => {
  if (stopped || document.hidden) return;
  again = underway; // whoever asks now may know of more than the answer on its way does
  if (underway) return;
  underway = true;
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    await take(await fetch(asking(new URL(url, location.href)), { headers, credentials: "same-origin" }));
  } catch {
    wait = Math.min(wait * 2, SLOWEST);
    if (wait > 4 * EVERY) note("We cannot be reached; what you see may be old.");
  }
  underway = false;
  if (again) ask();
  else later();
};

const counts = (news) => {
  for (const [place, count] of Object.entries(news.counts ?? {})) {
    for (const link of document.querySelectorAll(`a[href="${CSS.escape(place)}"]`)) {
      const shown = link.querySelector(".rail-count, [data-count]");
      if (shown && shown.textContent !== count) shown.textContent = count;
      if (shown?.matches("[data-count]")) shown.hidden = count === "0";
    }
  }
  const total = document.querySelector("[data-total]");
  if (total && news.total !== undefined) total.textContent = `${news.total} ${news.total === "1" ? "ticket" : "tickets"}`;
};

if (url) {
  document.addEventListener("news", (event) => counts(event.detail));
  document.addEventListener("news", (event) => event.detail.list !== undefined && replaceList(event.detail.list));
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  document.addEventListener("ask-now", ask);
  addEventListener("pageshow", (event) => event.persisted && ask());
  // The list of tickets does without what an open ticket needs.
  if (document.querySelector("form.composer")) await import("./ticket.js");
  ask();
}
