// Who else is here: on the ticket's page in its head, at the composer who is writing, in the queue a mark in the row.
// Of what is typed nothing is told, only that somebody types, and what it will be. No live region: it would never rest.
(() => {
  const main = document.querySelector("[data-live]");
  if (!main) return;
  const words = JSON.parse(main.dataset.liveWords);
  const AGAIN = 3000, STILL = 6000;
  const $ = (selector, root = document) => root.querySelector(selector);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const open = () => $("#ws-head[data-ticket]")?.dataset.ticket ?? "";
  const people = new Map();

  // ── What we do ────────────────────────────────────────────────────────────────────────────────────────────
  let doing = "read", told = "", toldAt = 0, rest = 0;

  function tell(force) {
    const state = `${open()} ${doing}`;
    if (!force && state === told && (doing === "read" || Date.now() - toldAt < AGAIN)) return;
    told = state;
    toldAt = Date.now();
    document.dispatchEvent(new CustomEvent("live:say", { detail: { type: "here", number: open(), doing } }));
  }

  function still() {
    clearTimeout(rest);
    if (doing === "read") return;
    doing = "read";
    tell();
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("#ws-composer");
    if (!form || !event.target.matches("textarea, [contenteditable], [contenteditable] *")) return;
    doing = $("input[name=kind]:checked", form)?.value === "note" ? "note" : "reply";
    tell();
    clearTimeout(rest);
    rest = setTimeout(still, STILL);
  });
  document.addEventListener("submit", still);
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "ws-composer") still(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) still(); });
  document.addEventListener("live:open", () => tell(true));

  // ── What others do ────────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("live:here", (event) => {
    const { number, people: others } = event.detail;
    if (others.length) people.set(number, others);
    else people.delete(number);
    if (number === open()) showOnPage();
    else showInRow(number);
  });
  document.addEventListener("live:gone", (event) => { for (const number of event.detail.numbers) people.delete(number); });
  for (const name of ["live:drawn", "htmx:afterSettle"]) document.addEventListener(name, showAll);

  function showAll() {
    if (open()) showOnPage();
    for (const number of people.keys()) showInRow(number);
  }

  const says = (one) => fill(words[one.doing === "read" ? "reads" : one.doing], { name: one.name });

  // 王小明 is 王, Ann Lee is AL.
  function initials(name) {
    const han = name.match(/\p{Script=Han}/u);
    if (han) return han[0];
    const parts = name.trim().split(/\s+/);
    return parts.slice(0, 2).map((part) => [...part][0] ?? "").join("").toUpperCase();
  }

  function element(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function avatar(one) {
    const made = element("span", `ws-avatar ws-avatar-${one.id % 6}${one.doing === "read" ? "" : " ws-avatar-writes"}`, initials(one.name));
    made.setAttribute("aria-hidden", "true");
    return made;
  }

  function showOnPage() {
    const others = people.get(open()) ?? [];
    const line = $("#ws-head .ws-head-line");
    const text = others.map(says).join(" ");
    let list = $("#ws-here");
    if (list?.dataset.said !== text || !list.isConnected) {
      list?.remove();
      if (line && others.length) {
        list = element("ul", "ws-here");
        list.id = "ws-here";
        list.dataset.said = text;
        list.setAttribute("aria-label", words.here);
        for (const one of others) {
          const item = element("li", "");
          item.title = says(one);
          item.append(avatar(one), element("span", "ws-here-name", one.name), element("span", "ws-hidden", says(one)));
          list.append(item);
        }
        line.insertBefore(list, $(".ws-head-clocks", line));
      }
    }
    showWriting(others.filter((one) => one.doing !== "read"));
  }

  function showWriting(writers) {
    const form = $("#ws-composer");
    if (!form) return;
    let said = $("#ws-writing");
    const text = writers.map(says).join(" · ");
    if (!text) {
      said?.remove();
      return;
    }
    if (!said) {
      said = element("p", "ws-writing");
      said.id = "ws-writing";
      ($(".ws-kinds", form) ?? form).append(said);
    }
    if (said.textContent !== text) said.textContent = text;
  }

  function showInRow(number) {
    const row = document.getElementById(`ws-row-${number}`);
    if (!row) return;
    const others = people.get(number) ?? [];
    const text = others.map(says).join(", ");
    const there = $(".ws-row-here", row);
    if ((there?.title ?? "") === text) return;
    there?.remove();
    if (!others.length) return;
    const mark = element("span", "ws-row-here");
    mark.title = text;
    mark.append(...others.slice(0, 3).map(avatar), element("span", "ws-hidden", text));
    ($(".ws-open", row) ?? row.cells[0]).after(mark);
  }
})();
