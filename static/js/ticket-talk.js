// The conversation on a ticket's page: where its reader is, what of it is shown, and that neither changes under them.
window.wsTalk = (() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const log = () => $("#ws-conversation");
  const NEAR = 24;
  const scroller = () => (/auto|scroll/.test(getComputedStyle(log()).overflowY) ? log() : document.scrollingElement);

  // ── Where one begins to read: at the message that the address names, at what is new, else at the end ──────
  function begin({ again = false } = {}) {
    if (!log()) return;
    const named = !again && location.hash.startsWith("#message-") ? document.getElementById(location.hash.slice(1)) : null;
    const fresh = again ? null : $("#ws-new");
    if (named) named.scrollIntoView({ block: "nearest" });
    else if (fresh) fresh.scrollIntoView({ block: "start" });
    else log().scrollTop = log().scrollHeight;
  }

  // ── What is shown: earlier messages, once asked for, stay, whatever is drawn anew ─────────────────────────
  let grown = "";  // the ticket whose conversation was made longer
  const number = () => $("#ws-ticket")?.dataset.ticket ?? "";
  const id = (message) => message?.id.replace("message-", "") ?? "0";

  function headers() {
    if (!log()) return {};
    const isCut = $("#ws-earlier", log()) || grown === number();
    return { "X-Conversation": `${isCut ? id($(".ws-said", log())) : 0} ${log().dataset.new || 0}` };
  }

  document.addEventListener("htmx:configRequest", (event) => {
    if (!number() || !event.detail.path.includes(`/${number()}/`)) return;
    Object.assign(event.detail.headers, headers());
    // Who answers has seen what was new.
    if (event.detail.elt.id === "ws-composer") event.detail.headers["X-Conversation"] = headers()["X-Conversation"].replace(/\d+$/, "0");
  });

  let below = 0;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "ws-earlier") below = scroller().scrollHeight - scroller().scrollTop;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!below || !event.detail.requestConfig?.path.includes("/earlier/")) return;
    grown = number();
    oneDayOnce();
    scroller().scrollTop = scroller().scrollHeight - below;
    below = 0;
    log().focus({ preventScroll: true });
  });

  // The last day of what was put in may be the first of what stood there.
  function oneDayOnce() {
    const seen = new Set();
    for (const day of log().querySelectorAll(".ws-day")) {
      if (seen.has(day.id)) day.remove();
      seen.add(day.id);
    }
  }

  // ── When all of it is drawn anew, its reader stays where they are ─────────────────────────────────────────
  let place = null;
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target?.id !== "ws-conversation") return;
    const frame = scroller();
    const top = log().getBoundingClientRect().top;
    const first = [...log().querySelectorAll(".ws-said")].find((said) => said.getBoundingClientRect().bottom > Math.max(top, 0));
    place = {
      atEnd: frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR,
      id: first?.id,
      top: first?.getBoundingClientRect().top,
      open: new Set([...log().querySelectorAll("details[open]")].map(nameOf)),
    };
  });

  const nameOf = (part) => `${part.closest(".ws-said")?.id ?? part.id} ${part.className} ${[...(part.parentElement?.children ?? [])].indexOf(part)}`;

  function settle() {
    for (const part of log().querySelectorAll("details:not([open])")) if (place.open.has(nameOf(part))) part.open = true;
    const anchor = place.id && document.getElementById(place.id);
    if (place.atEnd && scroller() === log()) log().scrollTop = log().scrollHeight;
    else if (anchor) scroller().scrollTop += anchor.getBoundingClientRect().top - place.top;
    place = null;
  }

  document.addEventListener("htmx:oobAfterSwap", () => { if (place && log()) settle(); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.matches(":has(#ws-conversation)")) begin({ again: true });
    shows();
  });

  // ── Only messages, or everything: as each person likes it ─────────────────────────────────────────────────
  const root = document.documentElement;
  const kept = () => `ws-shows:${$("#ws-ticket")?.dataset.me}`;
  function shows() {
    const button = $("#ws-only-messages");
    if (!button) return;
    const only = localStorage.getItem(kept()) === "messages";
    root.classList.toggle("ws-only-messages", only);
    button.setAttribute("aria-pressed", String(only));
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#ws-only-messages")) return;
    const only = root.classList.contains("ws-only-messages");
    if (only) localStorage.removeItem(kept());
    else localStorage.setItem(kept(), "messages");
    shows();
  });

  shows();
  begin();
  return { headers };
})();
