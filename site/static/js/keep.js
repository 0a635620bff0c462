/* What the reader is typing, and has opened, survives each new answer that htmx puts in the old one's place. */
htmx.registerExtension("keep-what-the-reader-does", {
  htmx_before_morph_attr: (element, { attrName }) => {
    if (attrName === "value" && element === document.activeElement) return false;
    if (attrName === "open" && element instanceof HTMLDetailsElement) return false;
    return true;
  },
});
