// The queue: what opens above it, and marking rows as read; choosing them is in bulk.js. Without it links lead to pages of their own.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const composing = (event) => event.isComposing || event.keyCode === 229;

  // ── The view one is in stands in the strip's visible part ─────────────────────────────────────────────────
  function showTab() {
    const tab = $(".ws-tabs [aria-current]");
    if (!tab) return;
    const [strip, box] = [tab.parentElement, tab.getBoundingClientRect()];
    const frame = strip.getBoundingClientRect();
    if (box.left < frame.left) strip.scrollLeft += box.left - frame.left;
    else if (box.right > frame.right) strip.scrollLeft += Math.min(box.right - frame.right, box.left - frame.left);
  }
  showTab();
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "ws-queue") showTab(); });

  // ── What opens above the rows: one at a time, closed by Escape, the focus back where it was opened ──────────
  let opener = "";
  // What is typed until it is there goes into its first field, and is no key of the page meanwhile.
  let early = null;
  const pop = () => $("#ws-queue-pop");

  function close(back = true) {
    if (!pop()?.firstElementChild) return;
    pop().replaceChildren();
    const button = opener ? document.getElementById(opener) : null;
    button?.setAttribute("aria-expanded", "false");
    if (back) button?.focus();
    opener = "";
  }

  function open(link) {
    if (opener === link.id && pop().firstElementChild) return close();
    close(false);
    opener = link.id;
    link.setAttribute("aria-expanded", "true");
    early = "";
    htmx.ajax("GET", link.href, { source: link, target: "#ws-queue-pop", swap: "innerHTML" });
  }

  window.addEventListener("keydown", (event) => {
    if (early === null || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length !== 1 && event.key !== "Enter") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key.length === 1) early += event.key;
  }, true);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "ws-queue-pop") return;
    const field = $("input[autofocus]", event.target);
    if (field && early) {
      field.value += early;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    early = null;
  });
  for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failed, () => { early = null; });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-pop]");
    if (link && pop() && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      open(link);
    }
    if (event.target.closest("[data-pop-close]")) close();
  });

  // ── Finding a filter or a value by typing a part of it ────────────────────────────────────────────────────
  const boxes = () => $$("#ws-offers input[type=checkbox]").filter((box) => box.offsetParent !== null);

  function narrow(field) {
    const wanted = field.value.trim().toLowerCase();
    const holds = (element) => element.textContent.toLowerCase().includes(wanted);
    let any = false;
    for (const offer of $$(field.dataset.narrows + " .ws-offer")) {
      const whole = holds($("legend", offer));
      let some = whole;
      for (const label of $$("label", offer)) {
        const fits = whole || holds(label);
        label.hidden = !fits;
        some ||= fits;
      }
      offer.hidden = !some;
      any ||= some;
    }
    $("#ws-offers-none").hidden = any;
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-narrows]")) narrow(event.target);
  });

  function inPop(event) {
    if (event.key === "Escape") return close();
    const all = boxes();
    if (event.target.matches("[data-narrows]")) {
      // Enter takes the first value that fits what was typed.
      if (event.key === "Enter" && event.target.value.trim() && all[0]) all[0].checked = true;
      else if (event.key === "ArrowDown" && all[0]) return all[0].focus();
      return false;
    }
    const at = all.indexOf(event.target);
    if (at < 0) return false;
    if (event.key === "Enter") return event.target.form.requestSubmit();
    if (event.key === "ArrowDown") return all[Math.min(at + 1, all.length - 1)].focus();
    if (event.key === "ArrowUp") return (all[at - 1] || $("[data-narrows]")).focus();
    return false;
  }

  // ── Read and unread ──────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("submit", async (event) => {
    if (event.target.id !== "ws-marks" || !event.submitter) return;
    event.preventDefault();
    const button = event.submitter;
    const row = button.closest(".ws-row");
    const body = new URLSearchParams(new FormData(event.target, button));
    try {
      const answer = await fetch(event.target.action, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected || !row.isConnected) throw new Error(String(answer.status));
      const text = await answer.text();
      if (text.trim()) put(row, text);
    } catch {
      $("#ws-trouble").hidden = false;
    }
  });

  // The row as it is now in its place: what is chosen and what has the focus stays so.
  function put(row, html) {
    const holder = document.createElement("tbody");
    holder.innerHTML = html;
    const fresh = holder.firstElementChild;
    if (!fresh) return;
    const focused = row.contains(document.activeElement) ? document.activeElement.className : "";
    fresh.classList.toggle("ws-chosen", row.classList.contains("ws-chosen"));
    row.replaceWith(fresh);
    if (focused) fresh.getElementsByClassName(focused)[0]?.focus({ preventScroll: true });
    document.dispatchEvent(new Event("ws:rows"));
  }
  window.wsPutRow = put;

  // ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────
  const chosen = () => $(".ws-row.ws-chosen") || document.activeElement?.closest?.(".ws-row");
  window.wsCommands = Object.assign(window.wsCommands || {}, {
    mark: () => $(".ws-mark", chosen() || document.createElement("i"))?.click(),
    filter: () => $("#ws-add-filter")?.click(),
  });

  document.addEventListener("keydown", (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (pop()?.contains(event.target) && inPop(event) !== false) event.preventDefault();
  });

  // A new list of rows: nothing of it is chosen, and whoever was in what opened above it is where they opened it.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "ws-queue") return;
    if (opener && document.activeElement === document.body) document.getElementById(opener)?.focus();
    // Unless something was opened again meanwhile.
    if (early === null && !pop()?.firstElementChild) opener = "";
  });
})();
