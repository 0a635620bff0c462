/* Rows in a table are Wagtail's own inline panel: it adds, deletes and reorders them. */
document.addEventListener("DOMContentLoaded", () => {
  for (const grid of document.querySelectorAll("[data-terms-grid]")) {
    new window.InlinePanel(JSON.parse(grid.dataset.termsGrid));
  }
});
