// Writing: nothing one wrote is lost. <form data-composer> with a textarea; for tickets a pair of
// radio buttons, reply and note. What is typed stays in this tab until it stands in the thread
// ([data-thread]), because only that proves that it arrived.

import { on } from "./keys.js";

const FIELDS = "textarea, input[type=text], input[type=email]";
const letters = (text) => text.replace(/\s+/g, "");
const keyOf = (form) => `draft ${new URL(form.action, location).pathname}`;
const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith("draft "));
const read = (key) => JSON.parse(sessionStorage.getItem(key));

const forgetWhatArrived = () => {
  const thread = document.querySelector("[data-thread]");
  const said = thread && letters(thread.textContent);
  for (const key of said ? drafts() : []) {
    const draft = read(key);
    if (draft.sent && said.includes(letters(draft.longest).slice(0, 200))) sessionStorage.removeItem(key);
  }
};

const save = (form, sent = false) => {
  const fields = [...form.querySelectorAll(FIELDS)].filter((field) => field.name && field.name !== "csrf_token");
  const values = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const kind = form.querySelector("[type=radio]:checked");
  const longest = [...form.querySelectorAll("textarea")].map((area) => area.value).sort((a, b) => b.length - a.length)[0] ?? "";
  if (!longest.trim()) return sessionStorage.removeItem(keyOf(form));
  const draft = { values, kind: kind && [kind.name, kind.value], longest, sent };
  sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
};

const restore = (form) => {
  const stored = sessionStorage.getItem(keyOf(form));
  if (!stored) return;
  const draft = JSON.parse(stored);
  if ([...form.querySelectorAll("textarea")].some((area) => area.value.trim())) return;
  for (const [name, value] of Object.entries(draft.values)) {
    const field = form.elements[name];
    if (field && !field.value) field.value = value;
  }
  if (draft.kind) choose(form, draft.kind[1]);
  const note = form.querySelector("[data-draft-note]");
  if (note) note.textContent = "What you wrote before is still here";
};

const choose = (form, kind) => {
  const radio = form.querySelector(`[type=radio][value="${CSS.escape(kind)}"]`);
  if (!radio) return;
  radio.checked = true;
  label(form);
};

const label = (form) => {
  const radio = form.querySelector(".composer-kinds [type=radio]:checked");
  const area = form.querySelector("textarea");
  if (radio?.dataset.placeholder) area.placeholder = radio.dataset.placeholder;
};

const write = (form, kind) => {
  choose(form, kind);
  const area = form.querySelector("textarea");
  area.focus();
  area.scrollIntoView({ block: "nearest" });
};

// Browsers without field-sizing: the field grows with its text all the same.
const grow = CSS.supports("field-sizing", "content")
  ? () => {}
  : (area) => {
      area.style.blockSize = "auto";
      area.style.blockSize = `${area.scrollHeight + 2}px`;
    };

const atHash = () => {
  const kind = location.hash.slice(1);
  const form = document.querySelector("form.composer");
  if (form && (kind === "reply" || kind === "note")) write(form, kind);
};

forgetWhatArrived();
document.querySelectorAll("form[data-composer]").forEach(restore);
document.querySelectorAll("textarea").forEach(grow);
atHash();
addEventListener("hashchange", atHash);

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-composer]");
  if (event.target.matches("textarea")) grow(event.target);
  if (form) save(form);
});
// A press, not a change: the kind that is chosen already also leads to the text.
document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-composer]");
  if (form && event.target.matches("[type=radio]")) write(form, event.target.value);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-composer]")) save(event.target, true);
});
const send = (event) => {
  const form = event.target.form;
  if (!form || !event.target.matches("textarea")) return false;
  const buttons = [...form.querySelectorAll("[data-send]:not(:disabled)")];
  form.requestSubmit(buttons.find((button) => button.offsetParent) ?? buttons[0]);
};
on("Ctrl Enter", "Send", send, { typing: true, here: () => document.querySelector("[data-composer]") });
document.addEventListener("htmx:afterSwap", () => {
  forgetWhatArrived();
  document.querySelectorAll("form[data-composer]").forEach(restore);
});
