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
    // Those before stay, out of sight, while the key still leads back through them.
    for (const old of [...corner.children]) {
      if (done.some((form) => old.contains(form))) old.classList.add("ws-gone");
      else old.remove();
    }
    note.append(away());
    corner.append(note);
    // It was taken out of what came before htmx had seen to it.
    window.htmx?.process(note);
    wait();
  }

  // Pressed, told-place.js puts the note away; the key still leads back.
  function away() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ws-away";
    button.dataset.away = "";
    button.ariaLabel = corner.dataset.away;
    return button;
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Whoever reads or reaches for it has all the time there is; the key and the timeline know the way back longer.
      if (corner.matches(":hover, :focus-within")) wait();
      else corner.lastElementChild?.classList.add("ws-gone");
    }, SECONDS * 1000);
  }

  function gather() {
    for (const note of document.querySelectorAll("#ws-notices .ws-messages > .ws-message-success, #ws-notices .ws-messages > .ws-message-info")) {
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
    if (undoing) return true;
    const known = done.at(-1) ?? (untold ? [...document.querySelectorAll(".ws-undo[data-mine], .ws-messages .ws-undo")].at(-1) : null);
    if (known) {
      known.requestSubmit();
      return true;
    }
    const nothing = document.getElementById("ws-acts")?.dataset.nothing;
    if (nothing) say(nothing);
    return Boolean(nothing);
  }

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!detail.elt.matches(".ws-undo")) return;
    undoing = detail.elt;
    // What is undone twice would be done again.
    untold = false;
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    // Its note may be gone by now, and the event is told of what is still there.
    if (!undoing || detail.requestConfig?.elt !== undoing) return;
    const place = done.indexOf(undoing);
    undoing = null;
    // Not where the server could not be reached: then it can be tried again.
    if (place < 0 || !detail.xhr.status) return;
    const [form] = done.splice(place, 1);
    const note = form.closest("#ws-toasts > *");
    if (note !== corner.lastElementChild) note?.remove();
    else note.classList.add("ws-gone");
  });
  // Parts that are swapped take the focus with them: it goes back to where it was.
  let held = "";
  document.addEventListener("htmx:oobBeforeSwap", () => {
    held = document.activeElement?.id || held;
    // All parts of one answer are swapped in one go; the next answer asks anew.
    setTimeout(() => { held = ""; });
  });
  function holdOn() {
    const lost = held && (document.activeElement ?? document.body) === document.body;
    if (lost) document.getElementById(held)?.focus({ preventScroll: true });
  }

  document.addEventListener("htmx:afterSettle", gather);
  document.addEventListener("htmx:oobAfterSwap", () => {
    holdOn();
    gather();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !corner.contains(document.activeElement)) return;
    corner.lastElementChild?.classList.add("ws-gone");
  });

  window.wsUndo = { undo, say };
  gather();
})();
