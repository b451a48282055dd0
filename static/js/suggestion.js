// The suggested categories of a ticket: 1, 2 and 3 take one, 0 keeps what it has. Without this, they are buttons.
(() => {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || typing(event.target)) return;
    if (!/^[0-3]$/.test(event.key)) return;
    const button = document.querySelector(`#ws-suggestion [data-suggestion-key="${event.key}"]`);
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });

  // The question is gone once it is answered: go on in the conversation, where every key acts. In the list of
  // categories the next key would choose another one. Parts that the new page loads by themselves come in between.
  let asked = false;
  const isAnswer = ({ detail }) => Boolean(detail.requestConfig?.elt?.closest("#ws-suggestion"));
  document.addEventListener("htmx:beforeRequest", (event) => { asked ||= isAnswer(event); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (isAnswer(event) && !event.detail.successful) asked = false;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!asked || document.querySelector("#ws-suggestion")) return;
    asked = false;
    // After the other parts of the answer have come.
    setTimeout(() => {
      if (!window.wsFocus.isElsewhere("#ws-context")) document.querySelector("#ws-conversation")?.focus({ preventScroll: true });
    });
  });
})();
