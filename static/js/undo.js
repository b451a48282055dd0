// What was just done stands in a corner for a while, with the way back. Without this script it stands above the page.
(() => {
  const SECONDS = 12;
  const corner = document.getElementById("ws-toasts");
  if (!corner) return;
  // The ways back of what was done on this page, the last at the end.
  const done = [];
  let undoing = null;
  let untold = true;
  let timer = 0;

  function show(note) {
    note.classList.remove("ws-gone");
    corner.replaceChildren(note);
    wait();
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Whoever reads or reaches for it has all the time there is; the key and the timeline know the way back longer.
      if (corner.matches(":hover, :focus-within")) wait();
      else corner.firstElementChild?.classList.add("ws-gone");
    }, SECONDS * 1000);
  }

  function gather() {
    for (const note of document.querySelectorAll("#ws-notices .ws-message-success, #ws-notices .ws-message-info")) {
      const box = note.closest(".ws-messages");
      const form = note.querySelector(".ws-undo");
      if (form) done.push(form);
      show(note);
      if (box && !box.childElementCount) box.remove();
    }
  }

  function say(text) {
    const note = document.createElement("p");
    note.className = "ws-message";
    note.textContent = text;
    show(note);
  }

  function undo() {
    if (undoing) return;
    const known = done.at(-1) ?? (untold ? [...document.querySelectorAll(".ws-undo[data-mine]")].at(-1) : null);
    if (known) known.requestSubmit();
    else say(document.getElementById("ws-acts")?.dataset.nothing ?? "");
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches?.(".ws-undo")) return;
    undoing = event.target;
    // What is undone twice would be done again.
    untold = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== undoing) return;
    undoing = null;
    const place = done.indexOf(event.target);
    if (place >= 0) done.splice(place, 1);
  });
  // Parts that are swapped take the focus with them: it goes back to where it was.
  let held = "";
  document.addEventListener("htmx:oobBeforeSwap", () => { held = document.activeElement?.id || held; });
  function holdOn() {
    if (held && (document.activeElement ?? document.body) === document.body) document.getElementById(held)?.focus({ preventScroll: true });
    held = "";
  }

  document.addEventListener("htmx:afterSettle", () => { gather(); holdOn(); });
  document.addEventListener("htmx:oobAfterSwap", gather);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !corner.contains(document.activeElement)) return;
    corner.firstElementChild?.classList.add("ws-gone");
  });

  window.wsUndo = { undo, say };
  gather();
})();
