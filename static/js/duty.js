// The duty switch by key (Shift+D), and back to the page where it was used.
(() => {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    // While an input method composes, keys belong to it.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key !== "D" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const control = document.getElementById("du-switch");
    if (!control) return;
    event.preventDefault();
    control.click();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.id === "du-form") event.target.elements.next.value = location.pathname + location.search;
  });
})();
