// The composer's macros: the text goes into the box, the changes are shown beside it and made when it is sent.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const shown = () => $("#ws-macro-changes");

  async function choose(select) {
    const address = select.dataset.address.replace(/0\/$/, `${select.value}/`);
    select.value = "";
    try {
      const answers = await Promise.all([fetch(address), fetch(`${address}changes/`)]);
      if (!answers.every((answer) => answer.ok)) throw new Error();
      const [text, changes] = await Promise.all(answers.map((answer) => answer.text()));
      if (text) window.WSComposer.put(text);
      show(changes);
    } catch {
      $("#ws-trouble").hidden = false;
    }
  }

  function show(changes) {
    const place = shown();
    place.innerHTML = changes;
    if (!place.children.length) place.replaceChildren();
    htmx.process(place);
    const sets = $("[data-then]", place);
    const select = $("#ws-then");
    if (sets?.dataset.then && select && $(`option[value="${sets.dataset.then}"]`, select)) select.value = sets.dataset.then;
    if (sets?.dataset.kind) {
      const kind = $(`#ws-composer input[name=kind][value=${sets.dataset.kind}]`);
      if (kind && !kind.checked) kind.click();
    }
    // One that says nothing is done by its button: Enter does it.
    if (!window.wsFocus.isElsewhere("#ws-macro")) $("[data-macro-apply]", place)?.focus();
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "ws-macro" && event.target.value) choose(event.target);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest(".ws-macro-drop")) return;
    shown().replaceChildren();
    $("#ws-text")?.focus();
  });
})();
