// The year page: arrow keys from day to day, and a day opened beside the year. Without it every day is a plain link.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const DAY = 86_400_000;
  const dateOf = (link) => new URL(link.href).searchParams.get("day");
  const links = () => [...document.querySelectorAll("#cal-months a")];
  const link = (iso) => $(`#cal-months a[href^="?day=${iso}"]`);
  const plus = (iso, days) => new Date(Date.parse(iso) + days * DAY).toISOString().slice(0, 10);

  // One day at a time is reached by Tab; which, follows the arrows.
  function rove(chosen) {
    for (const other of links()) other.tabIndex = other === chosen ? 0 : -1;
  }

  function begin() {
    const all = links();
    if (!all.length) return;
    rove($("#cal-months .cal-chosen a") || $("#cal-months .cal-today a") || all[0]);
  }

  function monthLater(iso, step) {
    const [year, month, day] = iso.split("-").map(Number);
    const length = new Date(Date.UTC(year, month - 1 + step + 1, 0)).getUTCDate();
    return new Date(Date.UTC(year, month - 1 + step, Math.min(day, length))).toISOString().slice(0, 10);
  }

  const weekday = (iso) => (new Date(Date.parse(iso)).getUTCDay() + 6) % 7;
  const KEYS = {
    ArrowLeft: (iso) => plus(iso, -1),
    ArrowRight: (iso) => plus(iso, 1),
    ArrowUp: (iso) => plus(iso, -7),
    ArrowDown: (iso) => plus(iso, 7),
    PageUp: (iso) => monthLater(iso, -1),
    PageDown: (iso) => monthLater(iso, 1),
    Home: (iso) => plus(iso, -weekday(iso)),
    End: (iso) => plus(iso, 6 - weekday(iso)),
  };

  document.addEventListener("keydown", (event) => {
    const from = event.target.closest?.("#cal-months a");
    const act = from && KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const to = link(act(dateOf(from)));
    if (!to) return;
    rove(to);
    to.focus();
  });

  document.addEventListener("click", (event) => {
    const day = event.target.closest("#cal-months a");
    if (!day || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    rove(day);
    $("#cal-months .cal-chosen")?.classList.remove("cal-chosen");
    day.parentElement.classList.add("cal-chosen");
    const address = day.href.split("#")[0];
    window.htmx.ajax("GET", address, { target: "#cal-day", swap: "innerHTML" }).then(() => {
      history.replaceState(history.state, "", address);
      const panel = $("#cal-day");
      const box = panel.getBoundingClientRect();
      if (box.top > innerHeight - 80 || box.bottom < 80) panel.scrollIntoView({ block: "start" });
    });
  });

  // After a save the whole year came anew: the reader goes on where they were.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.id !== "cal") return;
    begin();
    ($("#cal-day [aria-invalid]") || $("#cal-day .ws-message-error") || $("#cal-day h2"))?.focus({ preventScroll: true });
  });
  begin();
})();
