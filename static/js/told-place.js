// Where the page says what was done, or that the server could not be reached: where somebody writes, between the
// conversation and the composer, which make room for it. So it covers nothing that may be pressed.
(() => {
  const told = document.getElementById("ws-told");
  if (!told) return;
  const GAP = 8;
  const root = document.documentElement;
  const composer = () => document.getElementById("ws-composer");
  const set = (name, length) => root.style.setProperty(name, `${Math.round(length)}px`);

  function place() {
    const over = composer();
    const isOver = Boolean(over?.checkVisibility());
    told.classList.toggle("ws-told-over", isOver);
    if (isOver) {
      const { left, top, width } = over.getBoundingClientRect();
      set("--told-left", left + GAP);
      set("--told-width", width - 2 * GAP);
      set("--told-bottom", innerHeight - top + GAP);
    }
    const height = told.offsetHeight;
    // On a phone the whole page is the conversation: who reads its end goes on reading it.
    const isAtEnd = root.scrollHeight - scrollY - innerHeight < GAP;
    set("--told-room", isOver && height ? height + 2 * GAP : 0);
    if (isAtEnd) scrollTo({ top: root.scrollHeight, behavior: "instant" });
  }

  const sizes = new ResizeObserver(place);
  function watch() {
    sizes.disconnect();
    for (const part of [told, composer()]) if (part) sizes.observe(part);
  }
  document.addEventListener("htmx:afterSettle", watch);
  addEventListener("resize", place);
  addEventListener("scroll", place, { passive: true });
  watch();

  told.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-away]");
    const note = button?.closest(".ws-message");
    if (!note) return;
    if (note.id === "ws-trouble") note.hidden = true;
    else note.classList.add("ws-gone");
    document.getElementById("ws-main")?.focus({ preventScroll: true });
  });
})();
