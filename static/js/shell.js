// The admin theme's navigation, menus and signs for a keyboard and a screen reader: its own markup answers to a mouse
// that sees.
(() => {
  const NATIVE = "button, a[href], input, select, textarea, summary, label";
  const words = document.getElementById("shell-skip")?.dataset ?? {};
  const nav = document.getElementById("nav-sidebar");
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isShown = (element) => Boolean(element?.checkVisibility());

  function press(event) {
    if (event.target !== event.currentTarget || event.isComposing || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    event.target.click();
  }
  const switches = $$('[x-on\\:click*="sidebar"]');
  for (const element of new Set([...$$(".cursor-pointer[x-on\\:click]"), ...switches])) {
    if (element.matches(NATIVE) || element.querySelector(NATIVE)) continue;
    element.setAttribute("role", "button");
    element.tabIndex = 0;
    element.addEventListener("keydown", press);
  }

  // ── Names. Icons are letters of a font: read aloud they are nonsense ──────────────────────────────────────
  const NAMES = [
    ['[x-on\\:click*="sidebar"]', words.navigation],
    [`#nav-sidebar a[href]`, words.home],
    ["#searchbar-submit", words.search],
    ['a[href], button, [role="button"]', words.more],
  ];
  for (const icon of $$(".material-symbols-outlined")) {
    if (icon.getAttribute("role") !== "button") icon.setAttribute("aria-hidden", "true");
  }
  const said = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE
    ? node.textContent.trim() !== ""
    : node.nodeType === Node.ELEMENT_NODE && node.ariaHidden !== "true" && (node.alt || said(node)));
  for (const [selector, name] of NAMES) {
    for (const element of $$(selector)) {
      if (name && !element.ariaLabel && !element.title && (switches.includes(element) || !said(element))) element.ariaLabel = name;
    }
  }
  nav?.querySelector("a.active")?.setAttribute("aria-current", "page");
  // Pick lists that search: their script draws them when it has come, and with each line that is added.
  function nameLists() {
    for (const drawn of $$(".select2-selection:not([aria-label])")) {
      const list = drawn.closest(".select2")?.previousElementSibling;
      const name = list?.ariaLabel || list?.labels?.[0]?.textContent.trim();
      for (const part of [drawn, drawn.querySelector("[role=textbox]")]) if (name) part?.setAttribute("aria-label", name);
    }
  }
  const content = document.getElementById("content");
  if (content) new MutationObserver(nameLists).observe(content, { childList: true, subtree: true });
  nameLists();

  // ── The navigation: beside the page, or over it where there is no room ────────────────────────────────────
  const tell = () => switches.forEach((one) => one.setAttribute("aria-expanded", String(isShown(nav))));
  // The theme moves what it shows a moment after it was told to.
  const after = (act) => requestAnimationFrame(() => requestAnimationFrame(act));
  for (const one of switches) {
    one.addEventListener("click", () => after(() => {
      tell();
      const covers = one.getAttribute("x-on:click").includes("Mobile") && isShown(nav);
      const back = isShown(one) ? one : switches.find((other) => !nav.contains(other) && isShown(other));
      (covers ? nav.querySelector("a[href]") : back)?.focus();
    }));
  }
  tell();
  addEventListener("resize", tell);
  nav?.addEventListener("keydown", (event) => {
    const close = switches.find((one) => nav.contains(one));
    if (event.key === "Escape" && !event.defaultPrevented && isShown(close)) close.click();
  });

  // ── One's own menu: theme, language, leaving ──────────────────────────────────────────────────────────────
  const opener = nav?.querySelector('[x-on\\:click*="openUserLinks ="]');
  const menu = opener?.parentElement.querySelector("nav");
  if (!menu) return;
  menu.ariaLabel = words.account;
  const state = () => opener.setAttribute("aria-expanded", String(isShown(menu)));
  // It stands before what opens it: whoever opens it is taken there, unless they have gone on meanwhile.
  let isOpening = false;
  opener.addEventListener("click", () => {
    isOpening = !isShown(menu);
    after(() => isOpening && document.activeElement === opener && menu.querySelector('[role="button"], a[href], button')?.focus());
  });
  new MutationObserver(state).observe(menu, { attributes: true, attributeFilter: ["style"] });
  state();
  menu.parentElement.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isShown(menu)) return;
    event.preventDefault();
    opener.click();
    opener.focus();
  });
})();
