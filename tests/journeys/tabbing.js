// Put into a page that is walked with Tab: what can be reached, what was, and whether it showed.
(() => {
  const everything = [
    ...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']"),
  ];
  const reached = new Set();

  const isLined = (element) => {
    const style = element && getComputedStyle(element);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  };

  // Some draw their line around what stands in for them: a score around its number, a row around
  // all of itself.
  const showsFocus = (element) =>
    [element, element.nextElementSibling, element.closest("label"), element.closest(".row")].some(isLined);

  const step = () => {
    const element = document.activeElement;
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

  window.tabbing = { step, missed };
})();
