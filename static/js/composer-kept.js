// What could not be saved on the server is kept in this browser, by person and ticket, until it is.
window.WSKept = (() => {
  const { $, form, field, kind } = window.WSComposer;
  const PREFIX = "ws-draft:";
  const name = () => form().dataset.keptAs;
  const isEmpty = () => !field().value.trim() && !$("#ws-forward-to").value.trim();

  // Storage may be full or forbidden: whether it was kept is told.
  function keep() {
    if (isEmpty()) return forget();
    const text = { body: field().value, to: $("#ws-forward-to").value, kind: kind(), at: new Date().toISOString() };
    try {
      localStorage.setItem(name(), JSON.stringify(text));
      return true;
    } catch {
      return false;
    }
  }

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(name()));
    } catch {
      return null;
    }
  }

  function forget() {
    try {
      localStorage.removeItem(name());
    } catch {
      // nothing was kept then
    }
    return true;
  }

  // Who logs out leaves nothing behind for the next one at this machine.
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "logout-form" && !event.target.action?.includes?.("/logout/")) return;
    document.dispatchEvent(new Event("ws:logout"));
    try {
      for (const store of [localStorage, sessionStorage]) {
        Object.keys(store).filter((key) => key.startsWith(PREFIX)).forEach((key) => store.removeItem(key));
      }
    } catch {
      // nothing was kept then
    }
  });

  return { keep, kept, forget, isEmpty };
})();
