// The theme that the reader chose in the admin shell, or their system's. Runs before the first paint, so that nothing
// flashes; then the shell's menus (Alpine) read and write the same choice.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = (chosen) => chosen === "dark" || (chosen === "auto" && system.matches);
  const root = document.documentElement;
  let chosen = "auto";
  try {
    chosen = JSON.parse(localStorage.getItem("adminTheme")) || "auto";
  } catch {
    // What is stored is not ours to judge: the system's theme will do.
  }
  root.classList.add(isDark(chosen) ? "dark" : "light", "js");
  document.addEventListener("alpine:init", () => root.classList.remove("dark", "light"));

  window.theme = () => ({
    openAllApplications: false,
    adminTheme: window.Alpine.$persist("auto").as("adminTheme"),
    switchTheme(name) { this.adminTheme = name; },
    themeBindings: {
      ["x-bind:class"]() { return isDark(this.adminTheme) ? "dark" : "light"; },
    },
  });
})();
