// Light or dark, before the first paint. Without a choice the system's is used.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const read = () => {
    try {
      return localStorage.getItem("limner.theme");
    } catch {
      return null; // storage is switched off
    }
  };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const saved = read();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;

  addEventListener("DOMContentLoaded", () => {
    const toggle = document.querySelector("[data-theme-toggle]");
    const label = () => toggle.setAttribute("aria-pressed", String(isDark()));
    label();
    dark.addEventListener("change", label);
    toggle.addEventListener("click", () => {
      const chosen = isDark() ? "light" : "dark";
      root.dataset.theme = chosen;
      try {
        localStorage.setItem("limner.theme", chosen);
      } catch {
        // it lasts until the page is left
      }
      label();
    });
  });
})();
