/* The reader's choice of light, dark or the system's own, remembered. Loaded in <head>, before anything is drawn. */
(() => {
  const key = "theme";
  const order = ["auto", "light", "dark"];
  const root = document.documentElement;

  const remembered = () => {
    try {
      const theme = localStorage.getItem(key);
      return order.includes(theme) ? theme : "auto";
    } catch {
      return "auto";
    }
  };

  const apply = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };

  const label = (button, theme) => {
    const text = button.dataset[theme];
    button.dataset.current = theme;
    button.title = text;
    button.querySelector("[data-theme-label]").textContent = text;
  };

  let current = remembered();
  apply(current);

  document.addEventListener("DOMContentLoaded", () => {
    const buttons = document.querySelectorAll("[data-theme-switch]");
    for (const button of buttons) {
      button.hidden = false;
      label(button, current);
      button.addEventListener("click", () => {
        current = order[(order.indexOf(current) + 1) % order.length];
        apply(current);
        try {
          if (current === "auto") localStorage.removeItem(key);
          else localStorage.setItem(key, current);
        } catch {
          // Storage may be shut: the choice then holds for this page only.
        }
        for (const other of buttons) label(other, current);
      });
    }
  });
})();
