// What is done to a case by a key; which keys, the list of commands says.
(() => {
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

  // In the queue, too, where a case leads that went out of sight.
  window.wsCommands.undo = () => window.wsUndo?.undo() ?? false;
  if (document.getElementById("ws-acts")) window.wsCommands["assign-me"] = take;
})();
