// The ticket's page follows what others do: what is new in the conversation is put in its place, the panels around it
// are drawn anew unless somebody is at work in them, and the composer is never touched. What of it was seen: live-seen.js.
(() => {
  const main = document.querySelector("[data-live]");
  if (!main) return;
  const words = JSON.parse(main.dataset.liveWords);
  const SOON = 200, EVERY = 1000, MARKED = 4000, NEAR = 48;
  const PANELS = ["ws-head", "ws-customer", "ws-context", "ws-to"];
  const $ = (selector, root = document) => root.querySelector(selector);
  const head = () => $("#ws-head[data-ticket]");
  const log = () => $("#ws-conversation");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  // Times said as "3 min ago" differ from one look to the next and are no news.
  // Nor is what its reader opened, or what was loaded into it since.
  function plain(node) {
    const copy = node.cloneNode(true);
    for (const part of copy.querySelectorAll("[hx-preserve]")) part.replaceChildren();
    for (const part of copy.querySelectorAll("details")) part.removeAttribute("open");
    copy.removeAttribute("open");
    return copy.outerHTML.replace(/(<time[^>]*>)[^<]*/g, "$1").replace(/ hx-swap-oob="[^"]*"/g, "");
  }

  let timer = 0, asked = 0;

  // ── What is asked for ─────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("live:news", (event) => {
    const number = head()?.dataset.ticket;
    const news = event.detail.tickets.find((ticket) => ticket.number === number);
    // One's own act in this tab is on the page already.
    if (news && !(news.own && Number(head().dataset.version) >= news.version)) askSoon();
  });
  document.addEventListener("live:stale", () => { if (head()) askSoon(); });
  document.addEventListener("live:gone", (event) => {
    if (head() && event.detail.numbers.includes(head().dataset.ticket)) notice(words.goneTicket);
  });

  function askSoon() {
    if (!timer) timer = setTimeout(ask, Math.max(SOON, asked + EVERY - Date.now()));
  }

  async function ask() {
    timer = 0;
    asked = Date.now();
    const number = head()?.dataset.ticket;
    if (!number) return;
    const before = window.wsAnswers.count();
    try {
      const answer = await fetch(words.ticket.replace(/0{9}/, number) + location.search, { headers: window.wsTalk?.headers() });
      if (!answer.ok || answer.redirected) return;
      const text = await answer.text();
      if (head()?.dataset.ticket !== number) return;  // another page by now
      // A reply on its way out brings all with its answer, and what an act's answer brought is newer than this.
      if (document.querySelector("#ws-composer.htmx-request") || window.wsAnswers.count() !== before) askSoon();
      else draw(text);
    } catch {
      // The server is away; coming back asks again.
    }
  }

  function draw(html) {
    const part = document.createElement("template");
    part.innerHTML = html;
    const fresh = part.content;
    const newer = $("#ws-conversation", fresh);
    if (newer && log()) converse(log(), newer);
    for (const id of PANELS) panel(document.getElementById(id), fresh.getElementById(id));
    document.dispatchEvent(new CustomEvent("live:drawn"));
    document.dispatchEvent(new CustomEvent("live:shown"));
  }

  function notice(text) {
    const place = $("#ws-notices");
    if (!place) return;
    const said = document.createElement("p");
    said.className = "ws-message ws-message-error";
    said.textContent = text;
    place.replaceChildren(said);
  }

  // ── Panels ────────────────────────────────────────────────────────────────────────────────────────────────
  function panel(old, fresh) {
    if (!old || !fresh || plain(old) === plain(fresh)) return;
    if (isBusy(old)) {
      // Later: when whoever is at work there leaves.
      old.addEventListener("focusout", () => setTimeout(askSoon), { once: true });
      if (old.id === "ws-head") Object.assign(old.dataset, fresh.dataset);
      return;
    }
    fresh.removeAttribute("hx-swap-oob");
    keepOpen(old, fresh);
    const top = old.scrollTop;
    old.replaceWith(fresh);
    settle(fresh);
    fresh.scrollTop = top;
  }

  const isBusy = (part) => part.contains(document.activeElement)
    || [...part.querySelectorAll("input:not([type=hidden]), textarea")].some(window.wsTyped.isChanged);

  function keepOpen(old, fresh) {
    const named = (part) => $("summary", part)?.textContent.trim();
    const open = new Set([...old.querySelectorAll("details[open]")].map(named));
    for (const part of fresh.querySelectorAll("details")) if (open.has(named(part))) part.open = true;
    for (const part of old.querySelectorAll("[hx-preserve][id]")) fresh.querySelector(`#${part.id}`)?.replaceWith(part);
  }

  function settle(node) {
    window.htmx?.process(node);
    window.htmx?.trigger(node, "htmx:afterSettle");
  }

  // ── The conversation ──────────────────────────────────────────────────────────────────────────────────────
  const key = (node) => node.id || plain(node);

  function converse(old, fresh) {
    const scroller = scrolls(old) ? old : main;
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
    const kept = new Set([...fresh.children].map(key));
    const known = new Map([...old.children].map((node) => [key(node), node]));
    const added = [];
    let place = old.firstElementChild;
    for (const node of [...fresh.children]) {
      while (place && !kept.has(key(place))) place = drop(place);
      const there = known.get(key(node));
      if (!there) {
        old.insertBefore(node, place);
        settle(node);
        if (node.matches(".ws-said")) added.push(node);
      } else {
        if (there !== place) old.insertBefore(there, place);
        const now = plain(there) === plain(node) || isHeld(there, node) ? there : exchange(there, node);
        place = now.nextElementSibling;
      }
    }
    while (place) place = drop(place);
    if (added.length) tellOf(added, scroller, atEnd);
  }

  // What has the focus is drawn when it has it no more. But that a reply never left is told at once: its author, who
  // has just sent it, stands on its button and believes that it went.
  function isHeld(old, fresh) {
    const isTaken = fresh.matches(".ws-taken-back") && !old.matches(".ws-taken-back");
    const hasFocus = old.contains(document.activeElement);
    if (isTaken) tellTaken(fresh.dataset.takenBackBy, old.querySelector("[data-mine]") !== null);
    else if (hasFocus) old.addEventListener("focusout", () => setTimeout(askSoon), { once: true });
    if (isTaken && hasFocus) log().focus({ preventScroll: true });
    return hasFocus && !isTaken;
  }

  function tellTaken(name, isMine) {
    const text = name ? fill(words.tookBack, { name }) : words.takenBack;
    if (isMine) notice(text);  // in the place of "Sent."
    else say(text);
  }

  const scrolls = (part) => /auto|scroll/.test(getComputedStyle(part).overflowY);

  function drop(node) {
    const next = node.nextElementSibling;
    if (!node.contains(document.activeElement)) node.remove();
    return next;
  }

  function exchange(old, fresh) {
    keepOpen(old, fresh);
    old.replaceWith(fresh);
    settle(fresh);
    return fresh;
  }

  function tellOf(added, scroller, atEnd) {
    for (const node of added) {
      node.classList.add("ws-changed");
      setTimeout(() => node.classList.remove("ws-changed"), MARKED);
    }
    // Whoever reads the end goes on reading it; whoever reads further up is not carried away.
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
    say(added.map((node) => fill(words.wrote, { name: $("header b", node)?.textContent ?? "" })).join(". "));
    WSSeen.add(added);
  }

  function say(text) {
    let place = $("#ws-live-says");
    if (!place) {
      place = document.createElement("p");
      place.id = "ws-live-says";
      place.className = "ws-hidden";
      place.setAttribute("role", "status");
      main.after(place);
    }
    place.textContent = text;
  }
})();
