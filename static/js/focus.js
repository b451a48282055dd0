// Who works with the keyboard stays where they were: a part that the server sends anew does not take the focus away. What
// had it gets it again; if that is gone, what stands in its place; else the part around it, and at last the page itself.
// Never a field that one did not go to: the next key, meant as a command, would be typed there.
window.wsFocus = (() => {
  const STOPS = "a[href], button:not(:disabled), input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";
  const TYPED = "input:not([type=checkbox], [type=radio], [type=button]), select, textarea";
  const stops = (root) => [...root.querySelectorAll(STOPS)].filter((one) => one.checkVisibility());
  const isPressed = (stop) => !stop.matches(TYPED);
  const isLost = () => !document.activeElement || document.activeElement === document.body;
  let known = null;

  /** What makes it known again: its place in a form or an address, whatever its row or state. */
  function marks(element) {
    const form = element.form?.getAttribute("action") ?? "";
    const value = element.matches("button, [type=checkbox], [type=radio]") ? element.value : "";
    const words = element.ariaLabel || element.title;
    return [element.tagName, element.id, element.name, value, element.dataset.view || element.getAttribute("href"), words, form].join("|");
  }

  function remember() {
    const had = document.activeElement;
    if (isLost() || had.closest("dialog")) return;
    const around = [];
    for (let part = had.parentElement?.closest("[id]"); part; part = part.parentElement?.closest("[id]")) {
      around.push({ id: part.id, place: stops(part).indexOf(had) });
    }
    known = { had, marks: marks(had), around };
  }

  function restore() {
    if (!known || !isLost() || known.had.isConnected) return;
    const { marks: wanted, around } = known;
    known = null;
    const same = stops(document).find((one) => marks(one) === wanted);
    if (same) return same.focus({ preventScroll: true });
    for (const { id, place } of around) {
      const part = document.getElementById(id);
      const here = part ? stops(part) : [];
      const inPlace = here.slice(Math.max(place, 0)).find(isPressed) ?? here.findLast(isPressed);
      if (inPlace) return inPlace.focus({ preventScroll: true });
    }
    document.getElementById("ws-main")?.focus({ preventScroll: true });
  }

  // After all others have put it where they want it.
  const later = () => setTimeout(restore);
  for (const swap of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) document.addEventListener(swap, remember, true);
  for (const swap of ["htmx:afterSettle", "htmx:oobAfterSwap"]) document.addEventListener(swap, later);

  /** Whether somebody has gone on to a field or a dialog outside of where an act began: they are left there. */
  function isElsewhere(start) {
    const at = document.activeElement?.closest(`${TYPED}, dialog`);
    return Boolean(at) && !at.closest(start);
  }

  return { isElsewhere };
})();
