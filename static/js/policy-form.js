/* Of a step's fields only those are shown that its act needs. Without this script all are shown, and the server
   empties the others. */
"use strict";
(() => {
  const NEEDS = { tell_person: "person", assign: "person", move_to_team: "team", add_note: "text", call_webhook: "webhook" };
  const FIELDS = ["person", "team", "webhook", "text"];

  function fit(select) {
    const group = select.closest(".form-group");
    if (!group) return;
    for (const name of FIELDS) {
      const field = group.querySelector(`[name$="-${name}"]`);
      const box = field && (field.closest(`.field-${name}`) || field.parentElement);
      if (box) box.hidden = NEEDS[select.value] !== name && !box.querySelector(".errorlist, .text-red-700");
    }
  }

  function fitAll(root) {
    for (const select of root.querySelectorAll('select[name^="steps-"][name$="-act"]')) fit(select);
  }

  document.addEventListener("DOMContentLoaded", () => fitAll(document));
  document.addEventListener("change", (event) => {
    if (event.target.matches('select[name^="steps-"][name$="-act"]')) fit(event.target);
  });
  document.addEventListener("formset:added", (event) => fitAll(event.target));
})();
