// Drafts: saved on the server at each pause and whenever the page is left; in this browser where that cannot be reached.
(() => {
  const { $, form, field, kind, choose, replaceAll, nameSend, offer, show, hide } = window.WSComposer;
  const { keep, kept, forget, isEmpty } = window.WSKept;
  const PAUSE = 800;
  const AGAIN = [2000, 5000, 15000, 30000];
  const UNDO = 8000;
  //: What a request may carry that outlives its page (64 kB), with room for the other fields.
  const OUTLIVES = 56000;
  let now = null; // the state of the form on the page

  const version = () => Number($("#ws-version").value);
  const setVersion = (number) => {
    $("#ws-version").value = number;
    $("#ws-discard").hidden = !number;
  };
  const status = (text) => { $("#ws-saved").textContent = text; };
  const words = () => $("#ws-saved").dataset;

  function contents() {
    const said = new FormData(form());
    said.delete("attachments");
    return said;
  }
  const ASIDE = new Set(["csrfmiddlewaretoken", "version", "seen", "warned", "origin_key", "macro"]);
  const print = () => JSON.stringify([...contents()].filter(([name]) => !ASIDE.has(name)));
  const isChanged = () => print() !== now.saved;

  // ── On the server ─────────────────────────────────────────────────────────────────────────────────────────
  function later(pause = PAUSE) {
    clearTimeout(now.timer);
    now.timer = setTimeout(save, pause);
  }

  async function save({ leaving = false } = {}) {
    const mine = now;
    if (!form() || mine.isHeld || mine.isSending || mine.isComposing || !isChanged()) return;
    if (mine.isSaving && !leaving) { mine.again = true; return; }
    const said = contents();
    const tried = { print: print(), body: field().value.trim(), kind: kind() };
    mine.own = [...mine.own.slice(-7), tried];
    mine.isSaving = true;
    mine.isKept = keep();
    if (!leaving) status(words().saving);
    const outlives = leaving && new Blob([said.get("body")]).size < OUTLIVES;
    try {
      const answer = await fetch(form().dataset.save, { method: "POST", body: said, redirect: "manual", keepalive: outlives, headers: { Accept: "application/json" } });
      if (mine === now) await answered(answer, tried);
    } catch {
      if (mine === now) unsaved(mine.isKept ? words().kept : words().unkept);
    }
    mine.isSaving = false;
    if (form() && mine === now && mine.again) { mine.again = false; later(); }
  }

  async function answered(answer, tried) {
    if (answer.headers.has("X-CSRF-Failed")) {
      unsaved(now.isKept ? words().outdated : words().unkept);
      return;
    }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      unsaved(now.isKept ? words().signedOut : words().unkept);
      return;
    }
    if (answer.status !== 200 && answer.status !== 409) throw new Error(String(answer.status));
    const said = await answer.json();
    if (answer.status === 200) saved(said, tried);
    else if (said.code === "draft_moved" && now.own.some((one) => one.body === said.body && one.kind === said.kind)) {
      // Our own, whose answer was lost or is still on its way.
      setVersion(said.version);
      later(0);
    } else if (said.code === "draft_moved") moved(said);
    else gone();
  }

  function saved(said, tried) {
    setVersion(said.version);
    now.saved = tried.print;
    now.failures = 0;
    status(said.saved);
    warn(said.language, said.warning);
    if (print() === tried.print) forget();
  }

  function unsaved(text) {
    status(text);
    later(AGAIN[Math.min(now.failures, AGAIN.length - 1)]);
    now.failures += 1;
  }

  function moved(said) {
    now.isHeld = true;
    now.other = said;
    status("");
    show("moved", { text: said.body, when: said.saved });
  }

  function gone() {
    now.isHeld = true;
    status("");
    show("gone");
  }

  function warn(language, text) {
    const box = offer("language");
    // Said once: what held it back says it already.
    box.hidden = !text || $("#ws-alert .ws-warning") !== null;
    $("[data-text]", box).textContent = text || "";
    $("#ws-warned").value = language || "";
    nameSend();
  }

  // ── Acts of the offers ────────────────────────────────────────────────────────────────────────────────────
  function goOn(which) {
    hide(which);
    now.isHeld = false;
    now.saved = "";
    save();
  }
  const ACTS = {
    take: () => settle(now.other.body, now.other.kind),
    both: () => settle(`${now.other.body}\n\n${field().value.trim()}`, kind()),
    mine: () => settle(null, kind()),
    again: () => {
      setVersion(0);
      // Not randomUUID: browsers have it on https pages alone.
      $("input[name=origin_key]", form()).value = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
      goOn("gone");
    },
    put: () => {
      const found = kept();
      hide("local");
      now.isHeld = false;
      if (!found) return;
      choose(found.kind);
      if (found.to) $("#ws-forward-to").value = found.to;
      replaceAll([field().value.trim(), found.body].filter(Boolean).join("\n\n"));
      save();
    },
    forget: () => { forget(); now.isHeld = false; hide("local"); field().focus(); },
    undo: () => takeUpAgain(),
  };
  function settle(text, as) {
    setVersion(now.other.version);
    choose(as);
    if (text !== null) replaceAll(text);
    goOn("moved");
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#ws-offers [data-act]");
    if (button) ACTS[button.dataset.act]();
    if (event.target.closest("#ws-discard")) discard();
  });

  // ── Discarding: done in a while, so that it can be undone ─────────────────────────────────────────────────
  function discard() {
    now.thrown = { body: field().value, to: $("#ws-forward-to").value };
    now.isHeld = true;
    clearTimeout(now.timer);
    field().value = "";
    $("#ws-forward-to").value = "";
    $("#ws-draft-files").hidden = true;
    $("#ws-discard").hidden = true;
    status("");
    warn("", "");
    forget();
    show("discarded");
    now.discardAt = setTimeout(reallyDiscard, UNDO);
    $("[data-act=undo]").focus();
  }

  function takeUpAgain() {
    clearTimeout(now.discardAt);
    field().value = now.thrown.body;
    $("#ws-forward-to").value = now.thrown.to;
    now.thrown = null;
    now.isHeld = false;
    $("#ws-draft-files").hidden = false;
    setVersion(version());
    hide("discarded");
    field().focus();
    save();
  }

  async function reallyDiscard() {
    const mine = now;
    if (!mine.thrown) return;
    clearTimeout(mine.discardAt);
    mine.thrown = null;
    hide("discarded");
    try {
      const answer = await fetch(form().dataset.discard, { method: "POST", body: contents(), redirect: "manual", keepalive: true });
      if (answer.status === 409 && mine === now) {
        $("#ws-draft-files").hidden = false;
        moved(await answer.json()); // another window has written on: its text stays
        return;
      }
    } catch {
      // It is there again when the page is opened: better than the other way round.
    }
    if (mine !== now) return;
    $("#ws-draft-files").replaceChildren();
    $("#ws-draft-files").hidden = false;
    setVersion(0);
    mine.isHeld = false;
    later();
  }

  // ── When ──────────────────────────────────────────────────────────────────────────────────────────────────
  const isOurs = (event) => now && event.target.closest?.("#ws-composer");
  function changed(event) {
    if (!isOurs(event) || event.target.form !== form() || event.target.type === "file") return;
    if (now.thrown) reallyDiscard();
    else if (now.isHeld) now.isKept = keep();
    else later();
  }
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("compositionstart", (event) => { if (isOurs(event)) now.isComposing = true; });
  document.addEventListener("compositionend", (event) => {
    if (!isOurs(event)) return;
    now.isComposing = false;
    later();
  });
  document.addEventListener("focusout", (event) => { if (isOurs(event)) later(0); });

  function leave() {
    if (!now || !form()) return;
    if (now.thrown) reallyDiscard();
    else if (now.isHeld) { if (isChanged()) now.isKept = keep(); }
    else save({ leaving: true });
  }
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
  window.addEventListener("pagehide", leave);
  window.addEventListener("online", () => { if (now) later(0); });
  window.addEventListener("beforeunload", (event) => {
    if (!now || !form() || now.isSending || !isChanged() || isEmpty()) return;
    if (!keep()) event.preventDefault();
  });

  document.addEventListener("ws:files", (event) => {
    if (!version() || !event.detail.version) setVersion(event.detail.version);
  });

  // While it is sent nothing is saved; what was sent is kept nowhere.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id === "ws-composer") { now.isSending = true; clearTimeout(now.timer); }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.id !== "ws-composer") return;
    if (event.detail.xhr.status === 200) forget();
    else { now.isSending = false; later(); }
  });
  document.addEventListener("ws:composer", () => {
    clearTimeout(now?.timer);
    now = { saved: print(), own: [], failures: 0, isKept: true };
    const told = offer("language");
    if (!told.hidden) warn(told.dataset.language, $("[data-text]", told).textContent);
    const found = kept();
    if (!found || found.body.trim() === field().value.trim()) forget();
    else {
      now.isHeld = true; // what is typed now must not take its place
      show("local", { text: found.body, when: new Date(found.at).toLocaleString(document.documentElement.lang) });
    }
  });
})();
