// Calling a colleague by name in an internal note: "@" opens a list, arrows choose, Enter or Tab puts the name in.
// What an input method composes is left to it. Without this script a name that is typed out counts just as well.
(() => {
  const MOST = 8;
  const BEFORE = /(?:^|[^A-Za-z0-9._%+-])[@＠]([^\n@＠]{0,40})$/u;
  const acts = () => document.getElementById("ws-acts");
  const known = new Map();
  let list = null;
  let field = null;
  let at = 0;

  async function people() {
    const address = acts()?.dataset.people;
    if (!address) return [];
    if (!known.has(address)) {
      const asked = fetch(address, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
        .then((data) => data.people);
      known.set(address, asked);
      asked.catch(() => known.delete(address));
    }
    return known.get(address).catch(() => []);
  }

  const isNote = () => document.querySelector("#ws-composer [name=kind]:checked")?.value === "note";
  const typed = () => field.value.slice(0, field.selectionStart).match(BEFORE)?.[1];

  function fitting(all, begun) {
    const wanted = begun.toLowerCase();
    const begins = (name) => name.startsWith(wanted) || name.split(/\s+/).some((word) => word.startsWith(wanted));
    const named = all.map((person) => [person, person.name.toLowerCase()]);
    const first = named.filter(([, name]) => begins(name));
    const inside = wanted ? named.filter(([, name]) => !begins(name) && name.includes(wanted)) : [];
    return [...first, ...inside].slice(0, MOST).map(([person]) => person);
  }

  async function look(target) {
    field = target;
    if (!isNote() || typed() === undefined || field.selectionStart !== field.selectionEnd) return close();
    const all = await people();
    const begun = document.activeElement === field ? typed() : undefined;
    const found = begun === undefined ? [] : fitting(all, begun);
    if (found.length) open(found);
    else close();
  }

  function open(found) {
    list ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "ws-people", id: "ws-people" }));
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", acts()?.dataset.list ?? "");
    list.replaceChildren(...found.map((person, place) => {
      const option = document.createElement("div");
      option.id = `ws-person-${place}`;
      option.setAttribute("role", "option");
      option.dataset.name = person.name;
      const name = document.createElement("span");
      name.textContent = person.name;
      const role = document.createElement("span");
      role.className = "ws-quiet";
      role.textContent = person.role;
      option.append(name, role);
      return option;
    }));
    list.hidden = false;
    const box = field.getBoundingClientRect();
    list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - list.offsetWidth - 8))}px`;
    list.style.top = `${Math.max(8, box.top - list.offsetHeight - 4)}px`;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "ws-people");
    mark(0);
  }

  function close() {
    if (!list || list.hidden) return;
    list.hidden = true;
    for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"]) field?.removeAttribute(name);
  }

  const isOpen = () => list !== null && !list.hidden && field?.isConnected;

  function mark(place) {
    const options = [...list.children];
    at = (place + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    options[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[at].id);
  }

  function choose(option) {
    const begun = typed();
    close();
    if (begun === undefined) return;
    const end = field.selectionStart;
    field.focus();
    field.setRangeText(`@${option.dataset.name} `, end - begun.length - 1, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("input", (event) => {
    if (event.target.id === "ws-text" && !event.isComposing) look(event.target);
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.id === "ws-text") look(event.target);
  });
  document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.("#ws-people [role=option]");
    if (!option) return;
    event.preventDefault();
    choose(option);
  });
  // Before others: Escape closes the list, not the field; Enter puts the name in.
  document.addEventListener("keydown", (event) => {
    if (!isOpen() || event.target !== field || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acting = {
      ArrowDown: () => mark(at + 1),
      ArrowUp: () => mark(at - 1),
      Enter: () => choose(list.children[at]),
      Tab: () => choose(list.children[at]),
      Escape: close,
    }[event.key];
    if (!acting || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    acting();
  }, true);
})();
