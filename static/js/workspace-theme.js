// Before the first paint: the theme that the reader chose in the admin shell, or their system's.
(() => {
  let chosen = "auto";
  try {
    chosen = JSON.parse(localStorage.getItem("adminTheme")) || localStorage.getItem("_x_adminTheme") || "auto";
  } catch {
    // What is stored is not ours to judge: the system's theme will do.
  }
  const dark = chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.add(dark ? "dark" : "light", "js");
})();
