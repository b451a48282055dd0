// Lists that act on what is chosen (a case's properties, the macros). By keyboard one passes over what lies between, so
// what is chosen counts once it is meant: with Enter, or when one goes on. Escape puts back what was there. A choice by
// pointer, or out of the opened list, counts at once. Without this script each has a button.
(() => {
  const ACTING = "form[hx-trigger^='change'] select, #ws-macro";
  const TYPED = "form[hx-trigger^='change'] textarea";
  const isList = (target) => target.matches?.(ACTING);
  const isTyped = (target) => target.matches?.(TYPED);
  let passing = null;  // the list that shows what does not count yet, and what it showed before
  let pressing = "";  // the key whose doing this is
  let from = null;  // what had the focus before a key led here
  let led = "";  // to which list
  let sent = null;  // the text that Enter sent, and of which field

  // The browser changes a closed list, and tells, while it handles the key: whatever is told later is no key's doing.
  for (const kind of ["keydown", "keypress"]) {
    window.addEventListener(kind, (event) => {
      pressing = event.key;
      setTimeout(() => { pressing = ""; });
    }, true);
  }

  function hold(list) {
    passing ??= { list, before: [...list.options].find((option) => option.defaultSelected)?.value ?? "" };
    list.closest(".ws-property, .ws-tier, .ws-insert")?.classList.add("ws-passing");
  }

  function letGo() {
    passing?.list.closest(".ws-passing")?.classList.remove("ws-passing");
    passing = null;
  }

  function count(list) {
    const { before } = passing;
    letGo();
    pressing = "";
    if (list.isConnected && list.value !== before) list.dispatchEvent(new Event("change", { bubbles: true }));
  }

  window.addEventListener("change", (event) => {
    if (sent?.field === event.target && sent.text === event.target.value) event.stopImmediatePropagation();  // by going back
    if (!isList(event.target)) return;
    if (!pressing || pressing === "Enter") {
      letGo();
      goBack();
      return;
    }
    event.stopImmediatePropagation();
    hold(event.target);
  }, true);

  // The server may draw the list anew meanwhile, for something else: what is shown in it stays (typed-stays.js).
  document.addEventListener("htmx:oobAfterSwap", () => {
    if (!passing || passing.list.isConnected) return;
    const { list: { id, value } } = passing;
    letGo();
    const list = id && document.getElementById(id);
    if (list?.value === value) hold(list);
  });

  window.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (isTyped(event.target)) {
      if (event.key === "Escape") event.target.value = event.target.defaultValue;
      else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();  // its lines are for room alone
        event.target.form.requestSubmit();
        sent = { field: event.target, text: event.target.value };
        goBack();
      }
    }
    const isPassed = passing?.list === event.target;
    if (event.key === "Escape" && isPassed) {
      passing.list.value = passing.before;
      letGo();
    } else if (event.key === "Enter" && isList(event.target) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (isPassed) count(event.target);
      goBack();  // with what was there before, too
    }
  }, true);

  // ── On to the next thing: back where the key was pressed that led here, so that the next one acts ─────────
  function goBack() {
    if (!from) return;
    const back = from.isConnected ? from : document.getElementById(from.id || "ws-conversation");
    from = null;
    if (back?.checkVisibility()) back.focus({ preventScroll: true });
    else document.activeElement.blur();  // it is behind a tab, where the page is narrow
  }

  document.addEventListener("focusin", (event) => {
    if (!isList(event.target) && !isTyped(event.target)) return;
    if (document.getElementById("ws-choosing")) event.target.setAttribute("aria-describedby", "ws-choosing");
    if (!pressing && event.target.id === led) return;  // drawn anew, or back from another window
    const before = event.relatedTarget?.closest("dialog") ? null : event.relatedTarget;
    const isLed = pressing && pressing !== "Tab" && event.target.id !== "ws-macro";  // what a macro says leads on
    from = isLed ? before ?? document.getElementById("ws-conversation") : null;
    led = event.target.id;
  });
  document.addEventListener("pointerdown", () => { led = ""; });

  document.addEventListener("focusout", (event) => {
    if (!isList(event.target) && !isTyped(event.target)) return;
    event.target.removeAttribute("aria-describedby");
    // The blank that the key put behind the last tag is no change.
    if (isTyped(event.target) && event.target.value.trim() === event.target.defaultValue.trim()) event.target.value = event.target.defaultValue;
    // Another window is no going on; nor is it that the list is drawn anew, which is known when that is done.
    queueMicrotask(() => {
      const list = event.target;
      if (passing?.list !== list || !list.isConnected || document.activeElement === list) return;
      from = null;
      count(list);
    });
  });
})();
