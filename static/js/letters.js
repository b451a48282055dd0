// Keys of one letter can be switched off, in this browser: who speaks to the machine, or whose hand slips, would set off
// what nobody meant (WCAG 2.1.4). Ctrl-K stays, and finds the list of keys with the switch.
(() => {
  const KEPT = "ws-letters";
  const box = document.getElementById("ws-letters");
  const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog");
  const areOff = () => localStorage.getItem(KEPT) === "off";

  // Before all others.
  window.addEventListener("keydown", (event) => {
    if (!areOff() || event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isTyping(event.target)) event.stopImmediatePropagation();
  }, true);

  if (!box) return;
  const draw = () => {
    box.checked = !areOff();
    document.documentElement.classList.toggle("ws-no-letters", areOff());
  };
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "off");
    draw();
  });
  window.addEventListener("storage", draw);
  draw();
})();
