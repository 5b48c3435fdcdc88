// What one writes on a ticket is saved by the server every few seconds, so that it can be gone on
// with in another browser. <form data-draft="address">. A newer text of another window is never
// written over: both are offered, and the one that is not chosen stays at hand.

const PAUSE = 2000;
const LEAST = 5000;
const forms = new WeakMap();

const area = (form) => form.querySelector("textarea");
const tell = (form, words) => {
  const note = form.querySelector("[data-draft-note]");
  if (note) note.textContent = words;
};
const isNote = (form) => form.querySelector("[name=kind]:checked")?.value === "note";

const stateOf = (form) => {
  if (!forms.has(form)) forms.set(form, { saved: area(form).value, at: 0, timer: 0, busy: false, stopped: false });
  return forms.get(form);
};

const content = (form, anyway) => {
  const data = new FormData();
  for (const name of ["csrf_token", "form_key", "draft"]) data.set(name, form.elements[name].value);
  data.set("body", area(form).value);
  data.set("kind", isNote(form) ? "note" : "reply");
  if (anyway) data.set("then", "anyway");
  return data;
};

const offer = (form, other) => {
  const state = stateOf(form);
  state.stopped = true;
  form.elements.draft.value = other.revision;
  const box = document.createElement("div");
  box.className = "notice notice-warn draft-choice";
  box.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = other.error;
  const excerpt = document.createElement("blockquote");
  excerpt.dir = "auto";
  excerpt.textContent = other.body.slice(0, 400);
  const actions = document.createElement("p");
  actions.className = "actions";
  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    actions.append(made);
  };
  const settle = () => {
    box.remove();
    state.stopped = false;
    state.saved = null;
    save(form, true);
    area(form).focus();
  };
  button("Keep what stands here", settle);
  if (other.body) {
    button("Take the other one", () => {
      area(form).value = other.body;
      settle();
    });
    button("Put both together", () => {
      area(form).value = `${other.body}\n\n${area(form).value}`;
      settle();
    });
  }
  box.append(words, ...(other.body ? [excerpt] : []), actions);
  form.querySelector(".draft-choice")?.remove();
  form.querySelector(".composer-box").prepend(box);
};

const save = async (form, anyway = false) => {
  const state = stateOf(form);
  const body = area(form).value;
  if (state.busy || state.stopped || body === state.saved || form.dataset.sending !== undefined) return;
  state.busy = true;
  state.at = Date.now();
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: content(form, anyway), credentials: "same-origin" });
    const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok && !answer.redirected) {
      form.elements.draft.value = said.revision;
      state.saved = body;
      tell(form, body.trim() ? "Draft saved" : "");
    } else if (answer.status === 409) {
      if (said.body !== undefined && said.body.trim() !== body.trim()) offer(form, said);
      else form.elements.draft.value = said.revision ?? 0;
    } else {
      tell(form, said.error ?? "Not saved; kept in this window");
    }
  } catch {
    tell(form, "Not saved; kept in this window");
  } finally {
    state.busy = false;
    if (area(form).value !== body) later(form);
  }
};

const later = (form) => {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form), Math.max(PAUSE, state.at + LEAST - Date.now()));
};

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form || !event.target.matches("textarea")) return;
  stateOf(form);
  later(form);
});

// Whoever leaves the page or looks away leaves a saved draft behind.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  const form = document.querySelector("form[data-draft]");
  if (!form || !forms.has(form)) return;
  const state = stateOf(form);
  if (state.stopped || state.busy || area(form).value === state.saved || form.dataset.sending !== undefined) return;
  fetch(form.dataset.draft, { method: "POST", body: content(form), credentials: "same-origin", keepalive: true })
    .then((answer) => (answer.ok ? answer.json() : null))
    .then((said) => {
      if (said) form.elements.draft.value = said.revision;
    })
    .catch(() => {});
  state.saved = area(form).value;
});

// What this window holds and the server never got, because it could not be reached, is offered.
const unsaved = (form) => {
  const kept = JSON.parse(sessionStorage.getItem(`draft ${new URL(form.action, location).pathname}`) ?? "null");
  const text = kept && !kept.sent ? (kept.values?.body ?? "").trim() : "";
  return text && !area(form).value.includes(text) ? text : "";
};

const found = document.querySelector("form[data-draft]");
if (found && Number(found.elements.draft?.value) && area(found).value.trim()) {
  tell(found, "Your draft");
  const text = unsaved(found);
  const revision = found.elements.draft.value;
  if (text) offer(found, { body: text, revision, error: "This window holds another text that was not saved." });
}
