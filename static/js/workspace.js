// The agents' pages: keys, opening rows, parts that the server sends. Everything works without it, only slower.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ── Rows ──────────────────────────────────────────────────────────────────────────────────────────────────
  const rows = () => $$(".ws-row");
  const chosen = () => $(".ws-row.ws-chosen");

  function choose(row) {
    if (!row) return;
    chosen()?.classList.remove("ws-chosen");
    row.classList.add("ws-chosen");
    $(".ws-open", row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    const at = all.indexOf(chosen());
    choose(at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[at + step]);
  }

  document.addEventListener("click", (event) => {
    const row = event.target.closest(".ws-row");
    if (!row || event.target.closest("a, button, input, select") || String(getSelection())) return;
    const link = $(".ws-open", row);
    if (event.metaKey || event.ctrlKey) window.open(link.href, "_blank", "noopener");
    else link.click();
  });

  // ── Keys ──────────────────────────────────────────────────────────────────────────────────────────────────
  // The rest is in keys.js.
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  window.wsCommands = Object.assign(window.wsCommands || {}, {
    down: () => move(1),
    up: () => move(-1),
    reply: () => window.WSComposer?.write("reply"),
    note: () => window.WSComposer?.write("note"),
    forward: () => window.WSComposer?.write("forward"),
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && typing(event.target) && !event.target.closest("dialog")) event.target.blur();
  });

  // ── Parts that the server sends ───────────────────────────────────────────────────────────────────────────
  const SPOKEN = new Set([400, 403, 409, 422]);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (SPOKEN.has(xhr.status) && (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html")
        && !/^\s*<!doctype/i.test(xhr.responseText)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // Logged in anew in another tab, a page can send nothing more.
  function trouble(event) {
    const place = $("#ws-trouble");
    const words = $("span", place);
    place.dataset.words ??= words.textContent;
    words.textContent = place.dataset[event.detail.xhr?.getResponseHeader("X-CSRF-Failed") ? "outdated" : "words"];
    place.hidden = false;
  }
  document.addEventListener("htmx:responseError", trouble);
  document.addEventListener("htmx:sendError", trouble);
  document.addEventListener("htmx:beforeRequest", () => { $("#ws-trouble").hidden = true; });

  // ── A reply that may still be taken back: how long still ──────────────────────────────────────────────────
  // Counted from when the part came in, by this machine's own steady clock: what time it shows does not matter.
  function holds() {
    for (const text of $$("[data-leaves]:not([data-counting])")) {
      text.dataset.counting = "";
      const end = performance.now() + Number(text.dataset.leaves) * 1000;
      const step = () => {
        if (!text.isConnected) return;
        const seconds = Math.max(Math.ceil((end - performance.now()) / 1000), 0);
        text.textContent = text.dataset.words.replace("{seconds}", seconds);
        if (seconds > 0) setTimeout(step, 250);
        else text.closest("form").querySelector("button")?.setAttribute("disabled", "");
      };
      step();
    }
  }
  holds();

  document.addEventListener("htmx:afterSettle", holds);
})();
