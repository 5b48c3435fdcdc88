// Keeps "4 h ago" true while a page stays open. The words are those of helpdesk/ui/times.py.
const STEPS = [
  [1209600, 604800, "w", "wk"],
  [86400, 86400, "d", "d"],
  [3600, 3600, "h", "h"],
  [60, 60, "m", "min"],
];

const amount = (seconds, word) => {
  const step = STEPS.find(([from]) => seconds >= from);
  return step && `${Math.floor(seconds / step[1])} ${step[word]}`;
};

export const age = (seconds) => amount(seconds, 2) ?? "now";

export const ago = (seconds) => {
  const size = amount(Math.abs(seconds), 3);
  if (!size) return seconds >= 0 ? "just now" : "in a minute";
  return seconds > 0 ? `${size} ago` : `in ${size}`;
};

export const left = (seconds) => {
  const size = amount(Math.abs(seconds), 3) ?? "0 min";
  return seconds > 0 ? `${size} over` : size;
};

const words = { ago, age, left };

const refresh = () => {
  const now = Date.now();
  for (const element of document.querySelectorAll("time[data-ago], time[data-age], time[data-left]")) {
    const seconds = (now - Date.parse(element.dateTime)) / 1000;
    const kind = Object.keys(words).find((name) => element.dataset[name] !== undefined);
    element.textContent = words[kind](seconds);
  }
};

setInterval(refresh, 60000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
