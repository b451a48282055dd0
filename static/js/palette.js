// The palette: commands, tickets, customers and articles by a few letters. Ctrl-K opens it from anywhere, also while typing.
(() => {
  const dialog = document.getElementById("ws-palette");
  if (!dialog) return;
  const field = document.getElementById("ws-palette-text");
  const found = document.getElementById("ws-palette-found");
  const nothing = document.getElementById("ws-palette-nothing");
  const commands = [...dialog.querySelectorAll("#ws-palette-commands [data-command]")];
  const PLACES = { queue: "#ws-queue", ticket: "#ws-ticket", composer: "#ws-composer", everywhere: "body" };
  let asked = 0;
  let waiting = 0;
  let before = null;

  const options = () => [...dialog.querySelectorAll("[role=option]:not([hidden])")];
  const chosen = () => dialog.querySelector("[aria-selected=true]");

  function choose(option) {
    chosen()?.removeAttribute("aria-selected");
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  // Every letter in its order: "tn" finds "Take next"; Chinese by its characters.
  function fits(title, text) {
    let at = 0;
    for (const letter of text.toLowerCase().replace(/\s+/g, "")) {
      at = title.indexOf(letter, at) + 1;
      if (at === 0) return false;
    }
    return true;
  }

  function filter() {
    const text = field.value.trim();
    for (const command of commands) {
      const title = command.querySelector("span").textContent.toLowerCase();
      command.hidden = !document.querySelector(PLACES[command.dataset.place]) || !fits(title, text);
    }
    document.getElementById("ws-palette-commands").hidden = commands.every((command) => command.hidden);
    settle();
  }

  function settle() {
    const all = options();
    if (!chosen() || chosen().hidden) choose(all[0]);
    nothing.hidden = all.length > 0;
  }

  async function ask() {
    const turn = ++asked;
    const text = field.value.trim();
    if (!text) {
      found.replaceChildren();
      settle();
      return;
    }
    const address = new URL(field.dataset.address, location.href);
    address.searchParams.set("q", text);
    const ticket = document.getElementById("ws-ticket")?.dataset.ticket;
    if (ticket) address.searchParams.set("ticket", ticket);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!answer.ok || turn !== asked) return;
      found.innerHTML = await answer.text();
      choose(null);
      settle();
    } catch {
      if (turn === asked) found.replaceChildren();
    }
  }

  function typed() {
    filter();
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  }

  function run(option) {
    const { command, insertOnTicket } = option.dataset;
    dialog.close();
    if (command) window.wsRun(command);
    else if (insertOnTicket && window.WSComposer) window.WSComposer.put(insertOnTicket);
    else location.assign(option.href);
  }

  window.wsCommands.palette = () => {
    if (dialog.open) return;
    before = document.activeElement;
    field.value = "";
    found.replaceChildren();
    dialog.showModal();
    choose(null);
    filter();
    field.focus();
  };

  field.addEventListener("input", (event) => event.isComposing || typed());
  field.addEventListener("compositionend", typed);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      choose(all[(at + by + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (chosen()) run(chosen());
    }
  });
  dialog.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (event.target === dialog) dialog.close();
    if (!option || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    run(option);
  });
  dialog.addEventListener("close", () => {
    asked += 1;
    clearTimeout(waiting);
    // Where the command moved the focus it stays; else it goes back to where one was writing.
    if (document.activeElement === document.body) before?.focus?.();
  });
  for (const help of document.querySelectorAll("#ws-help")) help.addEventListener("click", (event) => event.target === help && help.close());
})();
