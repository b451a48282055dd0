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

  // Letter after letter, or on to where a word begins: "tn" finds "Take next". Each Chinese character begins one.
  const begins = (title, at) => /\p{Script=Han}/u.test(title[at]) || (/\S/.test(title[at]) && !/[\p{L}\p{N}]/u.test(title[at - 1] ?? " "));
  function fits(title, text) {
    const beginnings = [...Array(title.length).keys()].filter((at) => begins(title, at));
    let next = beginnings;
    for (const letter of text.replace(/\s+/g, "")) {
      const at = next.filter((place) => title[place] === letter).map((place) => place + 1);
      next = [...new Set([...at, ...beginnings.filter((place) => place >= at[0])])].sort((one, other) => one - other);
      if (!at.length) return false;
    }
    return true;
  }

  // Those that are named come before those that only fit.
  function filter() {
    const text = field.value.trim().toLowerCase().replace(/\s+/g, " ");
    const named = [];
    const others = [];
    for (const command of commands) {
      const title = command.querySelector("span").textContent.toLowerCase();
      const isNamed = title.includes(text);
      const { place, control } = command.dataset;
      const isHere = document.querySelector(PLACES[place]) && (!control || document.querySelector(control));
      command.hidden = !isHere || !(isNamed || fits(title, text));
      (isNamed ? named : others).push(command);
    }
    const group = document.getElementById("ws-palette-commands");
    group.append(...named, ...others);
    group.hidden = commands.every((command) => command.hidden);
    // What was found so far answers what was typed before: only the reader may choose of it.
    choose(commands.every((command) => command.hidden) ? null : first());
    nothing.hidden = true;
  }

  // An article goes into the answer only where the reader chose it, never by an Enter that was meant for something else.
  const first = () => options().find((option) => !option.dataset.insertOnTicket);

  /** What is highlighted stays so while it is there. */
  function show(html) {
    const had = chosen();
    found.innerHTML = html;
    if (!had?.isConnected) choose(options().find((option) => had && option.href === had.href) ?? first());
    nothing.hidden = options().length > 0;
  }

  async function ask() {
    const turn = ++asked;
    const text = field.value.trim();
    if (!text) {
      show("");
      return;
    }
    const address = new URL(field.dataset.address, location.href);
    address.searchParams.set("q", text);
    const ticket = document.getElementById("ws-ticket")?.dataset.ticket;
    if (ticket) address.searchParams.set("ticket", ticket);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      const options = answer.ok ? await answer.text() : "";
      if (turn === asked) show(options);
    } catch {
      if (turn === asked) show("");
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
      // With nothing chosen yet the way up begins at the end.
      choose(all[(Math.max(at, by < 0 ? 0 : -1) + by + all.length) % all.length]);
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
