/* The directory: a busy list says so, no more than three can be ticked to be compared, and arrows walk the map. */
(() => {
  const MOST = 3;

  const busy = (state) => document.getElementById("directory")?.setAttribute("aria-busy", state);
  document.addEventListener("htmx:before:request", () => busy("true"));
  document.addEventListener("htmx:finally:request", () => busy("false"));

  const ticked = () => [...document.querySelectorAll('input[name="partner"]:checked')];
  document.addEventListener("change", (event) => {
    if (event.target.name !== "partner") return;
    const full = ticked().length >= MOST;
    for (const box of document.querySelectorAll('input[name="partner"]')) box.disabled = full && !box.checked;
  });

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const next = (tile, [rows, columns]) => {
    const place = (other) => [Number(other.dataset.row), Number(other.dataset.column)];
    const [row, column] = place(tile);
    const away = (other) => {
      const [r, c] = place(other);
      const along = rows ? (r - row) * rows : (c - column) * columns;
      const across = rows ? Math.abs(c - column) : Math.abs(r - row);
      return along > 0 ? along + across * 2 : Infinity;
    };
    const tiles = [...document.querySelectorAll("[data-tiles] [data-row]")];
    const nearest = tiles.reduce((best, other) => (away(other) < away(best) ? other : best), tile);
    return nearest === tile ? null : nearest;
  };
  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const tile = event.target instanceof Element && event.target.closest("[data-tiles] [data-row]");
    if (!step || !tile) return;
    event.preventDefault();
    next(tile, step)?.focus();
  });
})();
