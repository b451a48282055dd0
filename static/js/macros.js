// The composer's macros: what one changes is shown as soon as it is chosen, and made when the message is sent.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const shown = () => $("#ws-macro-changes");

  // Before the text is put in: that clears the choice.
  document.addEventListener("change", (event) => {
    if (event.target.id !== "ws-macro" || !event.target.value || !shown()) return;
    const address = event.target.dataset.address.replace(/0\/$/, `${event.target.value}/changes/`);
    htmx.ajax("GET", address, { target: "#ws-macro-changes", swap: "innerHTML" });
  }, true);

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "ws-macro-changes") return;
    const then = $("[data-then]", event.target)?.dataset.then;
    const select = $("#ws-then");
    if (then && select && $(`option[value="${then}"]`, select)) select.value = then;
    // One that says nothing is done by its button: Enter does it.
    $("[data-macro-apply]", event.target)?.focus();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest(".ws-macro-drop")) {
      shown().replaceChildren();
      $("#ws-text")?.focus();
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.target.matches?.("[data-macro-apply]")) shown()?.replaceChildren();
  });
})();
