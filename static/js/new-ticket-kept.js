// The form of a new ticket is kept in its tab, by person, until it was filed: a caller's words are not said twice because
// somebody looked at another page. What looks like a secret is not kept, nor are files.
(() => {
  const PREFIX = "ws-draft:new:";
  const PAUSE = 400;
  const $ = (selector) => document.querySelector(selector);
  const form = $("#ws-new-ticket");

  // Storage may be full or forbidden: then nothing is kept.
  const safely = (act) => {
    try {
      return act();
    } catch {
      return null;
    }
  };
  const read = (name) => safely(() => JSON.parse(sessionStorage.getItem(name)));
  const remove = (name) => safely(() => sessionStorage.removeItem(name));
  const names = () => safely(() => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))) ?? [];

  if (!form) {
    // Another page follows one that was sent only where it was taken.
    for (const name of names()) if (read(name)?.sent) remove(name);
    return;
  }

  const mine = form.dataset.keptAs;
  for (const name of names()) if (name !== mine) remove(name);
  const isSecret = (field) => window.SecretFinder.find(field.value, null).length > 0 || document.getElementById(`${field.id}-secret`) !== null;
  const fields = () => [...form.elements].filter((field) => field.name && field.name !== "csrfmiddlewaretoken" && !["file", "submit"].includes(field.type));
  const values = () => fields().filter((field) => !isSecret(field)).map((field) => [field.name, field.value]);
  const first = JSON.stringify(values());
  //: Answers to questions that are still on their way.
  let waiting = [];
  let timer = null;
  let isSent = false;
  let isOver = false; // a field that is left with the page says that it changed

  function keep() {
    clearTimeout(timer);
    timer = null;
    if (isOver) return null;
    const now = values();
    if (form.hasAttribute("data-fresh") && JSON.stringify(now) === first) return remove(mine);
    return safely(() => sessionStorage.setItem(mine, JSON.stringify({ values: [...now, ...waiting], sent: isSent })));
  }

  function put(pairs) {
    return pairs.filter(([name, value]) => {
      const field = fields().find((one) => one.name === name);
      if (field) field.value = value;
      return !field;
    });
  }

  // After htmx, which asks who it is and what the category asks once the fields change.
  document.addEventListener("DOMContentLoaded", () => {
    const found = read(mine);
    if (!form.hasAttribute("data-fresh")) return keep(); // it came back to be mended, as it was typed
    if (!found) return;
    waiting = put(found.values);
    $("#ws-kept").hidden = false;
    for (const name of ["phone", "email"]) form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
    if (form.elements.category.value) form.elements.category.dispatchEvent(new Event("change", { bubbles: true }));
    keep();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "ws-questions" && event.detail.target?.id !== "ws-questions") return;
    put(waiting);
    waiting = [];
  });

  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { isSent = true; keep(); });
  window.addEventListener("pagehide", () => { if (timer !== null) keep(); });
  // Gone back to after the sending failed: it is not filed yet.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isSent = isOver = false;
    if (read(mine)?.sent) keep();
  });

  function forget() {
    isOver = true;
    remove(mine);
  }
  document.addEventListener("ws:logout", forget);
  $("#ws-kept-away").addEventListener("click", () => {
    forget();
    location.assign(location.pathname);
  });
})();
