// The queue follows what happens, and nothing moves: a row that changed is drawn anew in its place, one that left the
// view stays there in grey and says why, new ones wait behind a button. Place, focus, choice and ticks stay.
(() => {
  const main = document.querySelector("[data-live]");
  if (!main) return;
  const words = JSON.parse(main.dataset.liveWords);
  const SOON = 300, ROWS_EVERY = 2000, COUNTS_EVERY = 5000, REMEMBERED = 16_000, MARKED = 4000, MOST = 50;
  // What does not show in a row.
  const UNSEEN = new Set(["mail_sent", "mail_failed", "mail_bounced", "watcher_added", "watcher_removed", "link_sent",
    "link_revoked", "participant_added", "participant_removed", "message_judged", "mentioned", "linked", "unlinked"]);
  // What may bring a ticket into a view that did not hold it.
  const BRINGS = new Set(["opened", "assigned", "took", "team_changed", "handed_back", "routed", "split_from", "unmerged",
    "status_changed"]);
  const queue = () => document.querySelector("#ws-queue");
  const row = (number) => document.getElementById(`ws-row-${number}`);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  let wanted = new Map();
  let news = new Set();
  let stale = false, timer = 0, asked = 0, countTimer = 0, lastTimer = 0, counted = 0;

  // ── What is asked for ─────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("live:news", (event) => {
    if (!queue()) return;
    for (const ticket of event.detail.tickets) {
      const kinds = ticket.kinds.filter((kind) => !UNSEEN.has(kind));
      if (!kinds.length) continue;
      const there = row(ticket.number);
      if (there ? isOld(there, ticket) : kinds.some((kind) => BRINGS.has(kind))) want(ticket.number, kinds, ticket.by);
    }
    askSoon();
    countSoon();
  });

  // Clocks move without a new version.
  const isOld = (there, ticket) => Number(there.dataset.version) < ticket.version
    || ticket.kinds.some((kind) => kind.startsWith("timer_") || kind === "breached");

  function want(number, kinds, by) {
    const before = wanted.get(number) ?? { kinds: [], by: [] };
    wanted.set(number, { kinds: [...before.kinds, ...kinds], by: [...before.by, ...by] });
  }

  document.addEventListener("live:gone", (event) => {
    for (const number of event.detail.numbers) {
      wanted.delete(number);
      news.delete(number);
      leave(row(number), words.elsewhere);
    }
    offer();
  });

  document.addEventListener("live:stale", () => {
    if (!queue()) return;
    stale = true;
    for (const there of document.querySelectorAll(".ws-row[data-ticket]:not(.ws-gone)")) want(there.dataset.ticket, ["changed"], []);
    askSoon();
    offer();
  });

  function askSoon() {
    if (!timer && wanted.size) timer = setTimeout(ask, Math.max(SOON, asked + ROWS_EVERY - Date.now()));
  }

  async function ask() {
    timer = 0;
    asked = Date.now();
    const batch = new Map([...wanted].slice(0, MOST));
    for (const number of batch.keys()) wanted.delete(number);
    const query = new URLSearchParams(location.search);
    query.set("numbers", [...batch.keys()].join());
    const view = location.search;
    try {
      const answer = await fetch(`${words.rows}?${query}`);
      if (!answer.ok || answer.redirected) return;
      const told = await answer.json();
      if (view !== location.search) return;  // another view by now
      for (const number of told.gone) {
        news.delete(number);
        leave(row(number), why(batch.get(number)));
      }
      draw(Object.values(told.rows).join(""));
    } catch {
      // The server is away: the rows are asked for again with the next news, or on coming back.
    }
    askSoon();
  }

  // ── Rows ──────────────────────────────────────────────────────────────────────────────────────────────────
  function draw(html) {
    const part = document.createElement("template");
    part.innerHTML = html;
    for (const fresh of part.content.querySelectorAll("tr[data-ticket]")) {
      const there = row(fresh.dataset.ticket);
      if (there) redraw(there, fresh);
      else news.add(fresh.dataset.ticket);
    }
    offer();
    document.dispatchEvent(new CustomEvent("live:drawn"));
  }

  // Cell by cell, so that focus, ticks and what the pointer is over stay what they are.
  function redraw(there, fresh) {
    const changed = there.dataset.version !== fresh.dataset.version || there.classList.contains("ws-gone");
    there.querySelector(".ws-gone-why")?.remove();
    for (const mark of there.querySelectorAll(".ws-row-here")) mark.remove();
    const chosen = there.classList.contains("ws-chosen");
    there.className = fresh.className;
    there.classList.toggle("ws-chosen", chosen);
    Object.assign(there.dataset, fresh.dataset);
    const cells = [...fresh.cells];
    if (cells.length !== there.cells.length) there.replaceChildren(...cells);
    else [...there.cells].forEach((cell, place) => recell(cell, cells[place]));
    window.htmx?.process(there);
    if (changed) mark(there);
    window.htmx?.trigger(there, "htmx:afterSettle");
  }

  function recell(cell, fresh) {
    if (cell.innerHTML === fresh.innerHTML) return;
    if (cell.querySelector("input[type=checkbox]")) {
      const mark = cell.querySelector(".ws-mark");
      if (mark && mark !== document.activeElement) mark.replaceWith(fresh.querySelector(".ws-mark"));
      return;
    }
    const held = cell.contains(document.activeElement) ? document.activeElement : null;
    const link = held && cell.querySelector("a, button") === held ? fresh.querySelector("a, button") : null;
    if (held && !link) return;
    cell.className = fresh.className;
    cell.replaceChildren(...fresh.childNodes);
    link?.focus({ preventScroll: true });
  }

  function mark(there) {
    there.classList.add("ws-changed");
    setTimeout(() => there.classList.remove("ws-changed"), MARKED);
  }

  function leave(there, text) {
    if (!there || there.classList.contains("ws-gone")) return;
    there.classList.add("ws-gone");
    const said = document.createElement("span");
    said.className = "ws-gone-why";
    said.textContent = text;
    // Before the subject, which may be cut off at its end.
    (there.querySelector(".ws-open") ?? there.cells[0].firstChild).before(said);
    // What may have changed with it is not claimed any more.
    for (const cell of there.querySelectorAll(".ws-col-status, .ws-col-assignee, .ws-col-team, .ws-col-due")) cell.textContent = "—";
  }

  function why(known) {
    const { kinds = [], by = [] } = known ?? {};
    const name = by.findLast((one) => one);
    const said = name ? words.why : words.automatic;
    const kind = Object.keys(said).find((one) => kinds.includes(one)) ?? "changed";
    return fill(said[kind], { name });
  }

  // ── New ones ──────────────────────────────────────────────────────────────────────────────────────────────
  function offer() {
    const there = document.querySelector("#ws-fresh");
    const count = news.size;
    if (!queue() || (!there && !count && !stale)) return;
    const place = there ?? bar();
    const button = place.querySelector("button");
    const text = stale && !count ? words.stale : fill(words.new[count === 1 ? 0 : 1], { n: count });
    if (button.firstChild.textContent !== text) button.firstChild.textContent = text;
    button.hidden = !count && !stale;
  }

  // Above the rows without taking any place: nothing is pushed down.
  function bar() {
    const place = document.createElement("div");
    place.id = "ws-fresh";
    place.className = "ws-fresh";
    place.setAttribute("aria-live", "polite");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ws-button ws-button-main";
    button.setAttribute("aria-keyshortcuts", ".");
    const key = document.createElement("kbd");
    key.textContent = ".";
    key.setAttribute("aria-hidden", "true");
    button.append(document.createTextNode(""), key);
    button.addEventListener("click", load);
    place.append(button);
    // Beside the tools, where the views and their counts are not below it.
    queue().querySelector(".ws-tools-line").after(place);
    return place;
  }

  async function load() {
    const button = document.querySelector("#ws-fresh button");
    const hadFocus = button === document.activeElement;
    const query = new URLSearchParams(location.search);
    query.delete("after");
    const text = String(query);
    await window.htmx.ajax("GET", location.pathname + (text ? `?${text}` : ""), { target: "#ws-queue", swap: "innerHTML" });
    main.scrollTop = 0;
    if (hadFocus) document.querySelector(".ws-row .ws-open")?.focus({ preventScroll: true });
  }

  function forget() {
    wanted = new Map();
    news = new Set();
    stale = false;
    offer();
  }
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "ws-queue") forget(); });

  window.wsCommands["show-new"] = () => {
    const button = document.querySelector("#ws-fresh button:not([hidden])");
    button?.click();
    return Boolean(button);
  };

  // ── Counts ────────────────────────────────────────────────────────────────────────────────────────────────
  // The server remembers its counts for some seconds: the last news are counted once more when it has forgotten.
  function countSoon() {
    clearTimeout(lastTimer);
    lastTimer = setTimeout(count, REMEMBERED);
    countTimer ||= setTimeout(count, Math.max(SOON, counted + COUNTS_EVERY - Date.now()));
  }

  async function count() {
    clearTimeout(countTimer);
    countTimer = 0;
    counted = Date.now();
    if (!queue() || document.hidden) return;
    try {
      const answer = await fetch(words.counts + location.search);
      if (!answer.ok || answer.redirected) return;
      const { counts } = await answer.json();
      for (const tab of document.querySelectorAll("#ws-queue [data-view]")) {
        const place = tab.querySelector(".ws-count");
        if (place && tab.dataset.view in counts) place.textContent = counts[tab.dataset.view];
      }
    } catch {
      // The server is away: the next news count again.
    }
  }
})();
