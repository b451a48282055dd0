// Keys: what each command of the list does in this page. The list itself, with titles and keys, is drawn by the server
// (workspace/palette.html); other scripts add what they can do: wsCommands.name = () => …
window.wsCommands = Object.assign(window.wsCommands || {}, (() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const focus = (selector) => lead($(selector));
  const lead = (field) => {
    if (!field) return false;
    for (let around = field.closest("details:not([open])"); around; around = around.parentElement?.closest("details:not([open])")) around.open = true;
    field.dispatchEvent(new CustomEvent("ws:reveal", { bubbles: true }));
    field.focus();
    if (field.matches("textarea, [type=text], [type=search]")) field.setSelectionRange(field.value.length, field.value.length);
    field.scrollIntoView({ block: "nearest" });
    return true;
  };
  const press = (selector) => {
    const button = $(selector);
    button?.click();
    return Boolean(button);
  };

  const submit = (form) => {
    form?.requestSubmit();
    return Boolean(form);
  };
  // The shell's own controls, in its menu of the person.
  const theme = (name) => press(`#nav-sidebar [x-on\\:click="switchTheme('${name}')"]`);
  const language = (code) => submit($(`#nav-sidebar form [name=language][value="${code}"]`)?.form);

  // ── From ticket to ticket, in the order of the list they were opened from ─────────────────────────────────
  const LIST = "ws-list";
  function remember() {
    const links = [...document.querySelectorAll("#ws-queue .ws-open")].map((link) => link.pathname);
    if (links.length) sessionStorage.setItem(LIST, JSON.stringify({ links, from: location.pathname + location.search }));
  }
  function list() {
    try {
      return JSON.parse(sessionStorage.getItem(LIST)) || { links: [], from: "" };
    } catch {
      return { links: [], from: "" };
    }
  }
  window.wsList = list;
  function step(by) {
    const { links } = list();
    const at = links.indexOf(location.pathname);
    const next = at < 0 ? "" : links[at + by];
    if (next) location.assign(next);
    else {
      const { apart, first, last } = $(".ws-steps").dataset;
      window.wsUndo.say(at < 0 ? apart : by > 0 ? last : first);
    }
    return true;
  }
  document.addEventListener("click", (event) => event.target.closest("#ws-queue") && remember(), true);
  document.addEventListener("keydown", (event) => event.key === "Enter" && event.target.closest?.("#ws-queue") && remember(), true);

  return {
    help: () => $("#ws-help").showModal(),
    search: () => focus("#ws-search"),
    "take-next": () => submit($("#ws-take-next") || $("#ws-take-anywhere")),
    "next-page": () => press("[rel=next]"),
    back: () => location.assign(list().from || $(".ws-home").href),
    "next-ticket": () => step(1),
    "previous-ticket": () => step(-1),
    "assign-me": () => press("#ws-take"),
    status: () => focus("#ws-set-status"),
    priority: () => focus("#ws-set-priority"),
    category: () => focus("#ws-set-category"),
    assignee: () => focus("#ws-set-assignee"),
    tags: () => {
      const field = $("#ws-set-tags");
      if (field && /\S$/.test(field.value)) field.value += " ";  // what is typed now is a tag of its own
      return focus("#ws-set-tags");
    },
    macro: () => focus("#ws-macro"),
    watch: () => press("#ws-watch"),
    merge: () => focus("#ws-into"),
    link: () => focus("#ws-link"),
    split: () => lead([...document.querySelectorAll(".ws-split")].at(-1)),
    "follow-up": () => focus("#ws-follow-up"),
    "theme-light": () => theme("light"),
    "theme-dark": () => theme("dark"),
    "theme-system": () => theme("auto"),
    "language-zh": () => language("zh-hans"),
    "language-en": () => language("en"),
    "log-out": () => submit($("#logout-form")),
  };
})());

(() => {
  const $ = (selector) => document.querySelector(selector);
  const listed = () => [...document.querySelectorAll("#ws-help [data-key]")];
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]") !== null;
  const PLACES = { queue: "#ws-queue", ticket: "#ws-ticket", composer: "#ws-composer", everywhere: "body" };
  const here = (entry) => $(PLACES[entry.dataset.place]) !== null;

  // Whether the command could be done here; one that is only an address is gone to.
  window.wsRun = (name) => {
    const entry = listed().find((one) => one.dataset.command === name);
    if (entry?.dataset.address) {
      location.assign(entry.dataset.address);
      return true;
    }
    const run = window.wsCommands[name];
    return run ? run() !== false : false;
  };

  let begun = "";
  let timer = 0;
  function forget() {
    begun = "";
    clearTimeout(timer);
  }

  document.addEventListener("keydown", (event) => {
    // While an input method composes, keys belong to it (229: what some report instead of saying so).
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      window.wsCommands.palette?.();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target) || $("dialog[open]")) return;
    const key = event.shiftKey && event.key.length === 1 && /[a-z]/i.test(event.key) ? `Shift+${event.key.toUpperCase()}` : event.key;
    const pressed = begun ? `${begun} ${key}` : key;
    const entries = listed().filter(here);
    const found = entries.find((entry) => entry.dataset.key === pressed);
    forget();
    if (found) {
      if (window.wsRun(found.dataset.command)) event.preventDefault();
    } else if (entries.some((entry) => entry.dataset.key.startsWith(`${pressed} `))) {
      event.preventDefault();
      begun = pressed;
      timer = setTimeout(forget, 1500);
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-runs]");
    if (button) window.wsRun(button.dataset.runs) || window.wsCommands[button.dataset.runs]?.();
  });
})();
