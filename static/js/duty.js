// The duty switch by its key, and back to the page where it was used.
(() => {
  window.wsCommands = Object.assign(window.wsCommands || {}, {
    duty: () => {
      const control = document.getElementById("du-switch");
      control?.click();
      return Boolean(control);
    },
  });

  document.addEventListener("submit", (event) => {
    if (event.target.id === "du-form") event.target.elements.next.value = location.pathname + location.search;
  });
})();
