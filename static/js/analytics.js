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
