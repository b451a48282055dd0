// What an agent writes: its kind, its keys, its size, what is put into it. Drafts, files and format have scripts of
// their own, which build on this one. Everything works without it, only slower.
window.WSComposer = (() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const form = () => $("#ws-composer");
  const field = () => $("#ws-text");
  const kind = () => $("#ws-composer input[name=kind]:checked")?.value || "reply";
  const isComposing = (event) => event.isComposing || event.keyCode === 229;
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`ws:${name}`, { detail }));

  // ── Text ──────────────────────────────────────────────────────────────────────────────────────────────────
  // As if it were typed, so that Ctrl-Z takes it back.
  function type(text) {
    const box = field();
    reveal(box);
    box.focus();
    if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
      box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  const reveal = (target) => target.dispatchEvent(new CustomEvent("ws:reveal", { bubbles: true }));

  function put(text) {
    const box = field();
    const before = box.value.slice(0, box.selectionStart);
    type((before && !before.endsWith("\n") ? "\n" : "") + text);
  }

  function replaceAll(text) {
    field().focus();
    field().select();
    type(text);
  }

  function choose(name) {
    const radio = $(`input[name=kind][value=${name}]`, form());
    if (!radio || radio.checked) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function write(name) {
    if (!field()) return;
    choose(name);
    reveal(field());
    const to = $("#ws-forward-to");
    (name === "forward" && !to.value ? to : field()).focus();
  }

  // ── Keys ──────────────────────────────────────────────────────────────────────────────────────────────────
  function send({ solved = false } = {}) {
    const then = $("#ws-then");
    if (solved && kind() === "reply" && $("option[value=solved]", then)) then.value = "solved";
    form().requestSubmit($("#ws-send"));
  }

  document.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.key !== "Enter" || !event.target.closest?.("#ws-composer")) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      send({ solved: event.shiftKey });
    } else if (event.target.id === "ws-forward-to") {
      event.preventDefault(); // it would press the first button of the form
      field().focus();
    }
  });

  // ── What is put in ────────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("change", (event) => {
    if (event.target.name === "kind") nameSend();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    button.closest(".ws-pop")?.removeAttribute("open");
    put(button.dataset.insert);
  });

  // The list of articles: down from the box, up and down in it, Escape closes it.
  document.addEventListener("keydown", (event) => {
    const pop = event.target.closest?.("#ws-article-pop");
    if (!pop || isComposing(event)) return;
    const stops = [$("input", pop), ...pop.querySelectorAll("[data-insert]")];
    const at = stops.indexOf(event.target);
    if (event.key === "Escape") {
      event.stopPropagation();
      pop.removeAttribute("open");
      field().focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && at >= 0) {
      event.preventDefault();
      stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else if (event.key === "Enter" && at === 0) {
      event.preventDefault();
      stops[1]?.focus();
    }
  }, true);
  document.addEventListener("toggle", (event) => {
    if (event.target.id === "ws-article-pop" && event.target.open) $("input", event.target).focus();
  }, true);

  // ── What is offered above the field ───────────────────────────────────────────────────────────────────────
  const offer = (which) => $(`[data-offer=${which}]`);
  function show(which, { text = "", when = "" } = {}) {
    const box = offer(which);
    const [textBox, whenBox] = [$("[data-text]", box), $("[data-when]", box)];
    if (textBox) textBox.textContent = text;
    if (whenBox) whenBox.textContent = when;
    box.hidden = false;
  }
  const hide = (which) => { offer(which).hidden = true; };

  // ── Size and words ────────────────────────────────────────────────────────────────────────────────────────
  const sizesItself = window.CSS?.supports?.("field-sizing", "content");
  function fit() {
    const box = field();
    if (!box || sizesItself) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  function nameSend() {
    const button = $("#ws-send");
    const alert = $("#ws-alert");
    if (!button || !alert) return;
    const asks = alert.dataset.send === button.dataset.anyway || (kind() === "reply" && $("#ws-warned").value);
    button.textContent = asks ? button.dataset.anyway : button.dataset[kind()] || alert.dataset.send;
  }

  document.addEventListener("input", (event) => { if (event.target === field()) fit(); });
  // Who reads the end of the conversation goes on reading it while the composer grows.
  let isAtEnd = true;
  const log = () => $("#ws-conversation");
  const stays = new ResizeObserver(() => { if (isAtEnd && log()) log().scrollTop = log().scrollHeight; });
  document.addEventListener("scroll", (event) => {
    if (event.target === log()) isAtEnd = log().scrollHeight - log().scrollTop - log().clientHeight < 24;
  }, true);

  let known = null;
  function begin() {
    if (log()) stays.observe(log());
    if (form() && form() !== known) {
      known = form();
      // What was begun is written on at its end, however one gets there.
      field()?.setSelectionRange(field().value.length, field().value.length);
      fit();
      tell("composer");
    }
    nameSend();
  }
  // A reply that was taken back is written on, at its end.
  function writeOn() {
    field()?.focus();
    field()?.setSelectionRange(field().value.length, field().value.length);
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    begin();
    const path = event.detail.pathInfo?.requestPath ?? "";
    if (!path || event.detail.xhr.status >= 400) return;
    if (window.wsFocus.isElsewhere("#ws-composer")) return;
    if (path.endsWith("/take-back/")) writeOn();
    // One key takes it back; only now: a part that looks again by itself, or another act, takes the focus from nobody.
    else if (path.endsWith("/reply/")) [...document.querySelectorAll(".ws-held [data-mine]")].at(-1)?.focus();
  });
  document.addEventListener("DOMContentLoaded", begin);

  return { $, form, field, kind, isComposing, tell, type, put, replaceAll, choose, write, send, nameSend, offer, show, hide };
})();
