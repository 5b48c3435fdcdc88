// Files are dropped on the form that one writes in, or pasted into it, and stand in its file field then,
// as if they had been chosen there.

const place = (target) => target.closest?.("form[data-composer]")?.querySelector("input[type=file]");
const holdsFiles = (transfer) => transfer.types.includes("Files");

const add = (field, files) => {
  const held = new DataTransfer();
  for (const file of [...(field.multiple ? field.files : []), ...files]) held.items.add(file);
  field.files = held.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event.dataTransfer) || !place(event.target)) return;
  event.preventDefault();
  event.target.closest("form").classList.add("is-dropped-on");
});
document.addEventListener("dragleave", (event) => {
  const form = event.target.closest?.("form.is-dropped-on");
  if (form && !form.contains(event.relatedTarget)) form.classList.remove("is-dropped-on");
});
document.addEventListener("drop", (event) => {
  const field = place(event.target);
  if (!field || !holdsFiles(event.dataTransfer)) return;
  event.preventDefault();
  field.form.classList.remove("is-dropped-on");
  add(field, event.dataTransfer.files);
});
// Programs that copy words often add a picture of them: then the words are meant.
document.addEventListener("paste", (event) => {
  const field = place(event.target);
  if (!field || !event.clipboardData.files.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  add(field, event.clipboardData.files);
});
