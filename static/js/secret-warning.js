// Warns while somebody types a secret, before it is sent, in every form whose fields hold what people write. The text
// stays in the browser: the word list is fetched, and nothing is asked of the server. Without scripts the server still takes
// the secret out. The words to say are in the page's <template id="secret-warning">, in the reader's language.
(() => {
  "use strict";

  const { find, looksLikeWords } = window.SecretFinder;
  const PAUSE = 300;
  const CLICK = 250;
  const LONGEST = 20000;
  const FIELDS = "textarea, input[type=text], input:not([type])";
  //: What was looked at, and what was seen in it: held back is a form once, for what its writer has not been shown.
  const seen = new WeakMap();
  const timers = new WeakMap();
  let words = null;
  let asked = false;

  const template = () => document.getElementById("secret-warning");
  const isWatched = (field) => field?.matches?.(FIELDS) && field.form !== null && !field.form.matches("[role=search]");
  const boxOf = (field) => (field.id ? document.getElementById(`${field.id}-secret`) : null);

  async function fetchWords() {
    if (asked) return;
    asked = true;
    try {
      const answer = await fetch(template().dataset.words);
      if (!answer.ok) throw new Error(String(answer.status));
      words = new Set((await answer.text()).split("\n").filter(Boolean));
      lookAtAll();
    } catch {
      asked = false; // the next word typed tries again
    }
  }

  /** Shows or takes away the warning at a field; the kinds that it seems to hold. */
  function look(field) {
    const text = field.value.slice(0, LONGEST);
    if (words === null && looksLikeWords(text)) fetchWords();
    const kinds = find(text, words);
    const told = kinds.join(" ");
    if ((seen.get(field) ?? "") !== told) show(field, kinds);
    seen.set(field, told);
    return kinds;
  }

  function show(field, kinds) {
    boxOf(field)?.remove();
    const ids = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== `${field.id}-secret`);
    if (kinds.length && field.id) {
      const box = template().content.firstElementChild.cloneNode(true);
      box.id = `${field.id}-secret`;
      for (const item of box.querySelectorAll("[data-kind]")) if (!kinds.includes(item.dataset.kind)) item.remove();
      // Beside the frame that a field stands in, not within it.
      (field.closest("[data-secret-beside]") ?? field).after(box);
      ids.push(box.id);
    }
    if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
    else field.removeAttribute("aria-describedby");
  }

  const lookAtAll = () => {
    for (const field of document.querySelectorAll(FIELDS)) if (isWatched(field) && field.value) look(field);
  };
  // A form that came back to be mended still holds what was typed.
  if (template() !== null) lookAtAll();

  document.addEventListener("input", ({ target, isComposing }) => {
    if (template() === null || !isWatched(target) || isComposing) return;
    clearTimeout(timers.get(target));
    timers.set(target, setTimeout(() => look(target), PAUSE));
  });
  document.addEventListener("compositionend", ({ target }) => { if (template() !== null && isWatched(target)) look(target); });
  // Not before the click that took the focus has met what it was meant for: the warning moves the page.
  document.addEventListener("focusout", ({ target }) => {
    if (template() === null || !isWatched(target)) return;
    clearTimeout(timers.get(target));
    timers.set(target, setTimeout(() => look(target), CLICK));
  });

  // The list of articles that fit is asked for with what was typed so far: not with a secret.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id !== "suggestions" || template() === null) return;
    if ([...document.querySelectorAll(FIELDS)].some((field) => isWatched(field) && look(field).length)) event.preventDefault();
  });

  // Pasted and sent at once: the form is held back one time, so that the warning can be read. Captured, before any other
  // script takes the form as sent.
  document.addEventListener("submit", (event) => {
    if (template() === null || event.submitter?.formNoValidate) return;
    for (const field of event.target.elements) {
      if (!isWatched(field)) continue;
      const before = seen.get(field) ?? "";
      const kinds = look(field);
      if (!kinds.length || before === kinds.join(" ")) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
      field.focus();
      boxOf(field)?.scrollIntoView({ block: "nearest" });
      return;
    }
  }, true);
})();
