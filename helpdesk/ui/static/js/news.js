// What is new, between the one who asks for it (live.js) and those who show it.
const words = [];

// Something to say with every question, such as that somebody writes: fn(searchParams).
export const say = (fn) => words.push(fn);

export const asking = (link) => {
  for (const fn of words) fn(link.searchParams);
  return link;
};

export const hear = (news) => document.dispatchEvent(new CustomEvent("news", { detail: news }));

export const askNow = () => document.dispatchEvent(new Event("ask-now"));
