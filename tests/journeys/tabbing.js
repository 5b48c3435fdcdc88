// Put into a page that is walked with Tab: what can be reached, what was, and whether it showed.
(() => {
  const everything = [
    ...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']"),
  ];
  const reached = new Set();

  const isMarked = (element) => {
    const style = element && getComputedStyle(element);
    const isLined = style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    return isLined || (style && (style.boxShadow !== "none" || style.stroke !== "none"));
  };

  // Some mark what stands for them: a score its number, a row or a composer all of itself, a point
  // of a chart its target.
  const showsFocus = (element) =>
    [
      element,
      element.nextElementSibling,
      element.closest("label"),
      element.closest(".row, .composer-box"),
      element.querySelector(".chart-target"),
    ].some(isMarked);

  // Day, month and year of a date are stops of their own inside one field.
  const hasParts = (element) => ["date", "time", "datetime-local"].includes(element?.type);
  let last = null;

  const step = () => {
    const element = document.activeElement;
    if (element === last && hasParts(element)) return "inside";
    last = element;
    if (!element || element === document.body || reached.has(element)) return null;
    reached.add(element);
    const box = element.getBoundingClientRect();
    return {
      what: element.outerHTML.slice(0, 100),
      seen: box.bottom > 0 && box.top < innerHeight && showsFocus(element),
      place: everything.indexOf(element),
    };
  };

  // Of radio buttons with one name, Tab leads to one; the arrows lead to the others.
  const isOneOfReached = (element) =>
    element.type === "radio" && [...reached].some((other) => other.name === element.name);

  const canBeReached = (element) =>
    !element.disabled &&
    element.type !== "hidden" &&
    element.tabIndex >= 0 &&
    element.checkVisibility({ visibilityProperty: true }) &&
    !isOneOfReached(element);

  const missed = () =>
    everything
      .filter((element) => !reached.has(element) && canBeReached(element))
      .map((element) => element.outerHTML.slice(0, 100));

  // Begin where the page begins, wherever it has put the focus.
  document.body.tabIndex = -1;
  document.body.focus({ preventScroll: true });
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);

  window.tabbing = { step, missed };
})();
