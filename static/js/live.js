// The socket of this page: opened while somebody looks, opened again when it breaks, and quiet about it.
// What it hears it passes on as events on the document: live:news, live:gone, live:stale, live:here, live:notice,
// live:open. What others want to say they dispatch as live:say; that the page shows other tickets, as live:shown.
(() => {
  const main = document.querySelector("[data-live]");
  if (!main) return;
  const words = JSON.parse(main.dataset.liveWords);
  const OUT = 4401, TABS = 4408, CHANGED = 4409;
  const FIRST = 1000, LONGEST = 20_000, HIDDEN = 30_000, PATIENCE = 5000;
  let socket = null, tries = 0, retry = 0, resting = 0, complaint = 0, stopped = false, known = "";

  // What is shown is as old as the page, until the socket says more.
  let since = Math.max(0, ...[...document.querySelectorAll("[data-now]")].map((part) => Number(part.dataset.now)));

  function address() {
    const where = main.dataset.live;
    if (/^wss?:/.test(where)) return where;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    return where.startsWith(":") ? `${scheme}//${location.hostname}${where}` : `${scheme}//${location.host}${where}`;
  }

  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
  const isOpen = () => socket !== null && socket.readyState === WebSocket.OPEN;
  const say = (message) => { if (isOpen()) socket.send(JSON.stringify(message)); };

  function shown() {
    const parts = document.querySelectorAll("[data-ticket][data-version]:not(.ws-gone)");
    return Object.fromEntries([...parts].slice(0, 250).map((part) => [part.dataset.ticket, Number(part.dataset.version)]));
  }

  function watch(catchUp) {
    const tickets = shown();
    const now = Object.keys(tickets).join();
    if (!catchUp && now === known) return;
    known = now;
    say({ type: "watch", tickets, since: catchUp && since ? since : null });
    tell("open");
  }

  function open() {
    clearTimeout(retry);
    if (socket || stopped || document.hidden) return;
    const mine = socket = new WebSocket(address());
    mine.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    mine.addEventListener("close", (event) => { if (socket === mine) closed(event.code); });
    complaint ||= setTimeout(() => state(words.away, words.awayWhy), PATIENCE);
  }

  function hear(message) {
    if (message.type === "hello") {
      tries = 0;
      clearTimeout(complaint);
      complaint = 0;
      state("");
      watch(true);
    } else tell(message.type, message);
    if (message.now) since = message.now;
  }

  function closed(code) {
    socket = null;
    if (document.hidden) return;
    if (code === OUT || code === TABS) {
      stopped = true;
      clearTimeout(complaint);
      complaint = 0;
      state(code === OUT ? words.out : words.tabs);
      return;
    }
    // All pages lose a server at the same moment, and must not all come back in one.
    const pause = code === CHANGED ? FIRST : Math.min(FIRST * 2 ** tries, LONGEST);
    tries += 1;
    complaint ||= setTimeout(() => state(words.away, words.awayWhy), PATIENCE);
    retry = setTimeout(open, pause * (0.5 + Math.random()));
  }

  function close() {
    clearTimeout(retry);
    const old = socket;
    socket = null;
    old?.close(1000);
  }

  // Said in the header, to whoever looks there: nothing is lost, and a reload helps.
  function state(text, why = "") {
    let place = document.querySelector("#ws-live-state");
    if (!place && !text) return;
    if (!place) {
      place = document.createElement("p");
      place.id = "ws-live-state";
      place.className = "ws-live-state";
      place.setAttribute("role", "status");
      document.querySelector(".ws-top")?.append(place);
    }
    place.textContent = text;
    place.title = why;
    place.hidden = !text;
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(resting);
    if (document.hidden) {
      resting = setTimeout(close, HIDDEN);
      return;
    }
    stopped = false;
    tries = 0;
    open();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  window.addEventListener("online", () => { tries = 0; open(); });
  document.addEventListener("live:say", (event) => say(event.detail));
  document.addEventListener("live:shown", () => watch(false));
  document.addEventListener("htmx:afterSettle", () => watch(false));
  open();
})();
