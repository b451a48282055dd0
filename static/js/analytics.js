// Escape puts an open explanation away; everything else works without script.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.documentElement.classList.add("an-quiet");
});
for (const kind of ["pointermove", "focusin"]) {
  document.addEventListener(kind, (event) => {
    if (event.target instanceof Element && !event.target.closest(".an-num:hover, .an-num:focus-within")) {
      document.documentElement.classList.remove("an-quiet");
    }
  });
}

// The outlook looks again each minute; not while somebody reads one of its explanations, which would vanish under them.
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target;
  if (!(part instanceof Element) || part.id !== "outlook") return;
  if (document.hidden || part.querySelector(".an-num:hover, .an-num:focus-within")) event.preventDefault();
});
