// Keys of the ticket's page for what is done to a case. Others add theirs to the same table: key → {title, run}.
(() => {
  window.wsKeys ??= {};
  const words = (name) => document.getElementById("ws-acts")?.dataset[name] ?? "";

  function take() {
    const button = document.getElementById("ws-take");
    if (button) {
      button.form.requestSubmit(button);
      return;
    }
    // Somebody has it: whoever may, takes it over.
    const choice = document.getElementById("ws-set-assignee");
    if (!choice) return;
    if (choice.value === words("me")) {
      window.wsUndo?.say(words("mine"));
      return;
    }
    choice.value = words("me");
    choice.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Only where there is a case.
  if (!document.getElementById("ws-acts")) return;
  window.wsKeys.z = { get title() { return words("undo"); }, run: () => window.wsUndo?.undo() };
  window.wsKeys.a = { get title() { return words("take"); }, run: take };
})();
