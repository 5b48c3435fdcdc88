// From ticket to ticket without going back: rows.js keeps the list one came from, as it was then,
// and its keys j and k walk it on the page of a ticket, too; u leads back to it.
import { on } from "./keys.js";

const kept = () => JSON.parse(sessionStorage.getItem("list") ?? "null");
const path = (href) => new URL(href, location).pathname;
const beside = (step) => {
  const list = kept();
  const number = list?.hrefs.findIndex((href) => path(href) === location.pathname) ?? -1;
  return number < 0 ? undefined : list.hrefs[number + step];
};

export const keep = (links) => {
  const hrefs = links.map((link) => link.getAttribute("href"));
  sessionStorage.setItem("list", JSON.stringify({ back: location.href, hrefs }));
};
export const canWalk = (step) => Boolean(beside(step));
export const walk = (step) => location.assign(beside(step));

on("u", "Back to the list", () => location.assign(kept().back), { here: () => canWalk(0) });
