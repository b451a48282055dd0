// What stands beside a conversation: cards that stay open or closed, the drawer and the parts of narrow screens, and
// the way to the tickets before and after.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const root = document.documentElement;

  // ── Cards ─────────────────────────────────────────────────────────────────────────────────────────────────
  const kept = () => `ws-cards:${$("#ws-ticket")?.dataset.me}`;
  function closed() {
    try {
      return new Set(JSON.parse(localStorage.getItem(kept())) || []);
    } catch {
      return new Set();
    }
  }
  function cards() {
    const names = closed();
    // A refusal is never hidden.
    for (const card of document.querySelectorAll("details[data-card]")) {
      if (names.has(card.dataset.card) && !$("[role=alert]", card)) card.open = false;
    }
  }
  document.addEventListener("click", (event) => {
    const card = event.target.closest("summary")?.parentElement;
    if (!card?.matches("details[data-card]")) return;
    const names = closed();
    if (card.open) names.add(card.dataset.card);
    else names.delete(card.dataset.card);
    localStorage.setItem(kept(), JSON.stringify([...names]));
  });

  // ── The drawer of middle widths ───────────────────────────────────────────────────────────────────────────
  function draw(open) {
    root.classList.toggle("ws-drawn", open);
    $("#ws-drawer")?.setAttribute("aria-expanded", String(open));
  }
  const isDrawn = () => root.classList.contains("ws-drawn");
  document.addEventListener("click", (event) => {
    if (event.target.closest("#ws-drawer")) {
      draw(!isDrawn());
      if (isDrawn()) $("#ws-customer summary")?.focus();
    } else if (isDrawn() && !event.target.closest("#ws-customer, dialog, .ws-told") && event.target.isConnected) draw(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229 || !isDrawn() || $("dialog[open]")) return;
    draw(false);
    $("#ws-drawer")?.focus();
  });

  // ── The parts of narrow ones, one at a time ───────────────────────────────────────────────────────────────
  let part = "talk";
  function show(name = part) {
    part = name;
    root.dataset.wsPart = part;
    for (const button of document.querySelectorAll("[data-part]")) button.setAttribute("aria-pressed", String(button.dataset.part === part));
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-part]");
    if (button) show(button.dataset.part);
  });

  // ── Whatever is gone to is brought to view ────────────────────────────────────────────────────────────────
  const PARTS = { talk: "#ws-talk", customer: "#ws-customer", context: "#ws-context" };
  function reveal(target) {
    if (!target?.closest("#ws-ticket")) return;
    const name = Object.keys(PARTS).find((key) => target.closest(PARTS[key]));
    if (name) show(name);
    if (name === "customer") draw(true);
    for (let around = target.closest("details"); around; around = around.parentElement?.closest("details")) around.open = true;
  }
  document.addEventListener("ws:reveal", (event) => reveal(event.target));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('#ws-ticket a[href^="#"]:not([data-copy-link])');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    reveal(target);
    if (target.matches("input, select")) {
      event.preventDefault();
      target.focus();
    }
  });

  // ── Before and after ──────────────────────────────────────────────────────────────────────────────────────
  function steps() {
    const place = $(".ws-steps-list");
    if (!place) return;
    const { links } = window.wsList();
    const at = links.indexOf(location.pathname);
    place.hidden = at < 0;
    $("[data-runs=previous-ticket]", place).disabled = at <= 0;
    $("[data-runs=next-ticket]", place).disabled = at === links.length - 1;
    const words = place.dataset.words.replace("{place}", at + 1).replace("{count}", links.length);
    $("[data-place]", place).textContent = words;
  }

  function begin() {
    cards();
    show();
    steps();
  }
  document.addEventListener("htmx:afterSettle", begin);
  begin();
})();
