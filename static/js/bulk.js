// Choosing rows of the queue, and the panel that says what is to become of them. Without it the boxes and buttons are
// plain forms.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const bar = $("#ws-bulk");
  if (!bar) return;
  const all = $("input[name=all]", bar);
  // By number: rows come and go, and what was chosen stays chosen.
  const picked = new Set();
  let last = null;
  let asked = question();

  /** What the queue is asked for, whatever the order and the page. */
  function question() {
    const query = new URLSearchParams(location.search);
    for (const name of ["after", "sort", "columns", "density"]) query.delete(name);
    query.sort();
    return query.toString();
  }

  function draw() {
    const boxes = $$(".ws-pick");
    for (const box of boxes) {
      box.checked = all.checked || picked.has(box.value);
      box.closest(".ws-row")?.classList.toggle("ws-picked", box.checked);
    }
    const here = boxes.filter((box) => box.checked).length;
    for (const head of $$(".ws-pick-all")) {
      head.checked = here > 0 && here === boxes.length;
      head.indeterminate = here > 0 && here < boxes.length;
    }
    const count = $(".ws-bulk-count", bar);
    const text = picked.size === 1 ? count.dataset.one : count.dataset.many.replace("{count}", picked.size);
    count.textContent = all.checked ? count.dataset.all : picked.size ? text : "";
    bar.classList.toggle("is-on", all.checked || picked.size > 0);
    nameElsewhere(new Set(boxes.map((box) => box.value)));
  }

  /** Those of other pages have no box here. */
  function nameElsewhere(shown) {
    const away = [...picked].filter((number) => !shown.has(number));
    $("#ws-bulk-elsewhere").replaceChildren(...away.map((number) => {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "ticket", value: number });
      return field;
    }));
  }

  function pick(box, on) {
    all.checked = false;
    if (on) picked.add(box.value);
    else picked.delete(box.value);
    last = box.value;
  }

  /** All from the one chosen last to this one become as this one. */
  function pickTo(box, on) {
    const boxes = $$(".ws-pick");
    const [from, to] = [boxes.findIndex((other) => other.value === last), boxes.indexOf(box)];
    if (from < 0) pick(box, on);
    else for (const other of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) pick(other, on);
  }

  function clear() {
    picked.clear();
    all.checked = false;
    last = null;
    draw();
  }

  document.addEventListener("click", (event) => {
    const cell = event.target.closest(".ws-col-pick");
    if (cell && !event.target.closest(".ws-mark")) {
      // The whole cell is the box: nobody who misses it by a little wants to open the case.
      event.stopPropagation();
      const box = $(".ws-pick", cell);
      if (box) {
        const on = event.target === box ? box.checked : !box.checked;
        if (event.shiftKey) pickTo(box, on);
        else pick(box, on);
      } else {
        const head = $(".ws-pick-all", cell);
        const on = event.target === head ? head.checked : !head.checked;
        for (const other of $$(".ws-pick")) pick(other, on);
      }
      setTimeout(draw);
    }
  }, true);
  document.addEventListener("ws:rows", draw);
  all.addEventListener("change", draw);
  $(".ws-bulk-clear", bar).addEventListener("click", () => { clear(); $(".ws-row.ws-chosen .ws-open")?.focus(); });

  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !typing(event.target)) {
      if (!closed()) close();
      else if (picked.size || all.checked) clear();
      return;
    }
    if (typing(event.target) || (event.key !== "x" && event.key !== "X")) return;
    const box = $(".ws-row.ws-chosen .ws-pick");
    if (!box) return;
    event.preventDefault();
    const on = !box.checked;
    if (event.key === "X") pickTo(box, true);
    else pick(box, on);
    draw();
  });

  // ── The panel ─────────────────────────────────────────────────────────────────────────────────────────────
  const closed = () => $("#ws-bulk-panel")?.hidden ?? true;

  // What was typed for an act stands there again when the act is opened anew, also for other cases, until it was done.
  const typed = new Map();
  const FIELDS = "textarea, input[type=text], select";
  const actOf = (form) => $("input[name=act]", form).value;

  document.addEventListener("input", (event) => {
    const form = event.target.closest("#ws-bulk-form");
    if (form) typed.set(actOf(form), $$(FIELDS, form).map((field) => [field.name, field.value]));
  });

  function putBack(panel) {
    const form = $("#ws-bulk-form", panel);
    // A run's own form has its texts, and its first words are not those of before.
    if (!form || panel.hasAttribute("data-ran")) return;
    let last = null;
    for (const [name, value] of typed.get(actOf(form)) ?? []) {
      const field = form.elements[name];
      if (!field || field.value || !value) continue;
      field.value = value;
      // An option that is no longer offered is none.
      if (field.value === value) last = field;
    }
    last?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close() {
    const panel = $("#ws-bulk-panel");
    panel.hidden = true;
    panel.replaceChildren();
    ["hx-get", "hx-trigger"].forEach((name) => panel.removeAttribute(name));
    htmx.process(panel);
    ($(".ws-row.ws-chosen .ws-open") || $("#ws-main")).focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest(".ws-queue ~ .ws-bulk-panel .ws-bulk-close")) return;
    event.preventDefault();
    close();
  });

  bar.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt === bar) event.detail.parameters.address = location.search.slice(1);
  });

  // At once with the rows: what is chosen of the new ones in the next moment stays chosen.
  document.addEventListener("htmx:afterSwap", () => {
    if (question() === asked) return draw();
    asked = question();
    clear();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    draw();
    const panel = event.target.closest("#ws-bulk-panel");
    if (panel && event.target === panel) putBack(panel);
    // What looks again by itself takes the focus from nobody.
    if (panel && event.target === panel && !panel.hasAttribute("hx-get") && !panel.contains(document.activeElement)) {
      ($("select, textarea, input[type=text], #ws-bulk-undo", panel) || panel).focus({ preventScroll: true });
    }
  });

  // Something was done: the rows behind are out of date, and the choice has served.
  document.addEventListener("ws-bulk-ran", (event) => {
    if (event.target.id === "ws-bulk-form") typed.delete(actOf(event.target));
    clear();
    const cursor = $(".ws-row.ws-chosen .ws-open")?.getAttribute("href");
    htmx.ajax("GET", location.pathname + location.search, { target: "#ws-queue", swap: "innerHTML" }).then(() => {
      const link = cursor && $(`.ws-row .ws-open[href="${CSS.escape(cursor).replace(/\\\//g, "/")}"]`);
      link?.closest(".ws-row").classList.add("ws-chosen");
    });
  });

  draw();
})();
