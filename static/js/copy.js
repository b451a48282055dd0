// Copies a text ([data-copy]) or the address of a message ([data-copy-link]), and says so where it was pressed.
(() => {
  const SAID = 1600;

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByHand(text);  // without TLS, or not allowed
    }
  }

  function copyByHand(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "ws-hidden";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }

  function say(button) {
    const words = button.querySelector(".ws-hidden");
    const sign = button.querySelector(".material-symbols-outlined");
    const before = [words.textContent, sign.textContent];
    if (button.dataset.saying) return;
    button.dataset.saying = "yes";
    words.setAttribute("role", "status");
    [words.textContent, sign.textContent] = [button.dataset.copied, "check"];
    setTimeout(() => {
      [words.textContent, sign.textContent] = before;
      words.removeAttribute("role");
      delete button.dataset.saying;
    }, SAID);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-link]");
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (button.href) event.preventDefault();
    if (await copy(button.dataset.copy ?? button.href)) {
      say(button);
      if (button.isConnected) button.focus({ preventScroll: true });
    } else if (button.href) location.assign(button.href);
  });
})();
