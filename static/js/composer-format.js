// The composer's tool bar and its keys: they write the signs that the server reads. The preview is the server's own.
(() => {
  const { $, form, field, isComposing, type } = window.WSComposer;

  function around(before, after = before) {
    const box = field();
    const { selectionStart: start, selectionEnd: end, value } = box;
    const chosen = value.slice(start, end);
    const outer = value.slice(start - before.length, start) === before && value.slice(end, end + after.length) === after;
    if (outer && chosen) {
      box.setSelectionRange(start - before.length, end + after.length);
      type(chosen);
      box.setSelectionRange(start - before.length, end - before.length);
      return;
    }
    // Blanks at the edges stay outside: signs beside them mean nothing.
    const [, lead, words, tail] = chosen.match(/^(\s*)([\s\S]*?)(\s*)$/);
    type(lead + before + words + after + tail);
    const at = start + lead.length + before.length;
    box.setSelectionRange(at, at + words.length);
  }

  function lines(sign) {
    const box = field();
    const { value } = box;
    const start = value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const stop = value.indexOf("\n", box.selectionEnd);
    const end = stop < 0 ? value.length : stop;
    const old = value.slice(start, end).split("\n");
    const marked = old.every((line, place) => line.startsWith(sign(place)));
    const now = old.map((line, place) => (marked ? line.slice(sign(place).length) : sign(place) + line)).join("\n");
    box.setSelectionRange(start, end);
    type(now);
    box.setSelectionRange(old.length > 1 ? start : start + now.length, start + now.length);
  }

  function link() {
    const box = field();
    const { selectionStart: start, selectionEnd: end, value } = box;
    const chosen = value.slice(start, end);
    if (/^https?:\/\/\S+$/.test(chosen)) {
      type(`[](${chosen})`);
      box.setSelectionRange(start + 1, start + 1);
    } else {
      type(`[${chosen}](https://)`);
      const at = start + chosen.length + 3;
      box.setSelectionRange(chosen ? at : start + 1, chosen ? at + 8 : start + 1);
    }
  }

  const FORMATS = {
    bold: () => around("**"),
    italic: () => around("*"),
    link,
    list: () => lines(() => "- "),
    numbers: () => lines((place) => `${place + 1}. `),
    quote: () => lines(() => "> "),
    code: () => {
      const box = field();
      const chosen = box.value.slice(box.selectionStart, box.selectionEnd);
      if (chosen.includes("\n")) around("```\n", "\n```");
      else around("`");
    },
  };

  document.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    const bar = event.target.closest?.(".ws-format-signs");
    if (bar && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const stops = [...bar.querySelectorAll("button")];
      const next = stops[(stops.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1) + stops.length) % stops.length];
      stops.forEach((stop) => { stop.tabIndex = stop === next ? 0 : -1; });
      next.focus();
      event.preventDefault();
      return;
    }
    if (event.key === "Escape" && event.target.closest?.("#ws-preview, #ws-preview-switch") && isShown()) {
      hide();
      event.stopPropagation();
      return;
    }
    if (event.target !== field() || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const name = event.shiftKey ? { k: "link" }[key] : { b: "bold", i: "italic" }[key];
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    FORMATS[name]();
  }, true);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-format]");
    if (button) {
      hide();
      FORMATS[button.dataset.format]();
    }
    if (event.target.closest("#ws-preview-switch")) (isShown() ? hide : show)();
  });

  // ── Preview ───────────────────────────────────────────────────────────────────────────────────────────────
  const isShown = () => $("#ws-preview-switch")?.getAttribute("aria-pressed") === "true";

  function turn(shown) {
    $("#ws-preview-switch").setAttribute("aria-pressed", String(shown));
    $("#ws-preview").hidden = !shown;
    field().hidden = shown;
  }

  function hide() {
    if (!isShown()) return;
    turn(false);
    field().focus();
  }

  async function show() {
    const said = new FormData(form());
    said.delete("attachments");
    try {
      const answer = await fetch(form().dataset.preview, { method: "POST", body: said, redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      $("#ws-preview").innerHTML = await answer.text(); // cleaned by the server
      turn(true);
    } catch {
      $("#ws-trouble").hidden = false;
    }
  }
})();
