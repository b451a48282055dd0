// What is being filled in beside a conversation stays when the answer of another act draws that part anew: it is put into
// what is drawn before that is shown. Not over what the server says has changed meanwhile.
window.wsTyped = (() => {
  const FIELDS = "input:not([type=hidden], [type=file]), textarea, select";
  const isPicked = (field) => field.matches("[type=checkbox], [type=radio]");
  const shown = (field) => (isPicked(field) ? field.checked : field.value);
  function drawn(field) {
    if (isPicked(field)) return field.defaultChecked;
    if (!field.matches("select")) return field.defaultValue;
    return [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value;
  }
  const isChanged = (field) => shown(field) !== drawn(field);
  const path = (field) => field.form?.getAttribute("action") ?? "";
  const mark = (field) => [path(field), field.name, isPicked(field) ? field.value : ""].join("|");

  let answered = "";  // its own form is drawn as it came of it
  document.addEventListener("htmx:beforeSwap", ({ detail }) => { answered = detail.requestConfig.path; }, true);

  document.addEventListener("htmx:oobBeforeSwap", ({ target, detail: { fragment } }) => {
    for (const field of target.querySelectorAll(FIELDS)) {
      if (!path(field) || path(field) === answered || !isChanged(field)) continue;
      const fresh = [...fragment.querySelectorAll(FIELDS)].find((one) => mark(one) === mark(field));
      if (!fresh || drawn(fresh) !== drawn(field)) continue;
      fresh[isPicked(field) ? "checked" : "value"] = shown(field);
      const around = fresh.closest("details");
      if (around && field.closest("details")?.open) around.open = true;
    }
  }, true);

  return { isChanged };
})();
