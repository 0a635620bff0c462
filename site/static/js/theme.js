/* What must be known before anything is drawn, remembered: the reader's choice of light, dark or the system's own, and
   whether the site's font is at hand. Loaded in <head>. */
(() => {
  const order = ["auto", "light", "dark"];
  const root = document.documentElement;

  // Storage may be shut: nothing is remembered then.
  const remembered = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  const remember = (key, value) => {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch {
      // It holds for this page only.
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

  let current = order.find((theme) => theme === remembered("theme")) ?? "auto";
  apply(current);

  // A telephone's first page is drawn with a font of its own; ours comes when that page stands, for the next ones.
  if (remembered("font")) root.dataset.font = "kept";
  else {
    addEventListener("load", async () => {
      const loads = ["a", "я"].map((letter) => document.fonts.load("1em Onest", letter));
      const faces = await Promise.allSettled(loads);
      if (faces.every((face) => face.value?.length)) remember("font", "kept");
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const buttons = document.querySelectorAll("[data-theme-switch]");
    for (const button of buttons) {
      button.hidden = false;
      label(button, current);
      button.addEventListener("click", () => {
        current = order[(order.indexOf(current) + 1) % order.length];
        apply(current);
        remember("theme", current === "auto" ? "" : current);
        for (const other of buttons) label(other, current);
      });
    }
  });
})();
