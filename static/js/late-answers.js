// Two acts in quick succession: the answer of one comes when that of the other has drawn the page anew.
window.wsAnswers = (() => {
  // ── The form that asked is no longer in the page: what it is told is told to the page, where htmx would not look ──
  const TOLD = ["htmx:beforeSwap", "htmx:responseError", "htmx:sendError"];
  const ONLY_PARTS = { swapStyle: "none", swapDelay: 0, settleDelay: 0 };

  function tellPage(event) {
    const { currentTarget: form, type, detail } = event;
    if (form.isConnected) return;
    document.body.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
    if (type !== "htmx:beforeSwap" || !detail.shouldSwap) return;
    detail.shouldSwap = false;  // by htmx itself
    window.htmx.swap(document.body, detail.serverResponse, ONLY_PARTS, { eventInfo: detail, contextElement: document.body });
  }

  // ── The act before was answered after: what it drew is older than what is shown. Its words and a refusal are shown;
  // its panels are not, and are asked for anew (live-ticket.js) ───────────────────────────────────────────────────
  const DRAWN = ["ws-head", "ws-customer", "ws-context", "ws-to", "ws-conversation"];
  const turns = new WeakMap();  // of each act on its way
  let last = 0, shown = 0;
  let isOvertaken = false;

  document.addEventListener("htmx:beforeSend", ({ detail: { xhr, elt, requestConfig } }) => {
    if (requestConfig.verb === "get") return;
    turns.set(xhr, ++last);
    for (const type of TOLD) elt.addEventListener(type, tellPage);
  });

  // All that an answer swaps follows at once.
  document.addEventListener("htmx:beforeSwap", ({ detail: { xhr } }) => {
    const turn = turns.get(xhr) ?? shown;
    isOvertaken = turn < shown && xhr.status < 400;
    shown = Math.max(shown, turn);
  }, true);

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (!isOvertaken || !DRAWN.includes(event.target.id)) return;
    event.detail.shouldSwap = false;
    document.dispatchEvent(new CustomEvent("live:stale"));
  }, true);

  /** Grows with the acts that were answered: what was asked for before is no news after. */
  return { count: () => shown };
})();
