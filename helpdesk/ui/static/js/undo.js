// What can still be taken back counts down, and is offered no longer than it waits.
const countDown = () => {
  const lines = [...document.querySelectorAll("[data-undo]")];
  for (const line of lines) {
    const left = Math.ceil((Date.parse(line.dataset.undo) - Date.now()) / 1000);
    if (left > 0) line.querySelector("[data-left]").textContent = left;
    else if (line.dataset.sending === undefined) line.remove();
  }
  if (lines.length) setTimeout(countDown, 250);
};
countDown();
