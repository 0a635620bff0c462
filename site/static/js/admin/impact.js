/* A rehearsal's progress asked again and again; a what-if whose totals follow its numbers; a note that grows old. */
(() => {
  const SECOND = 1000;

  const watch = (box) => {
    const bar = box.querySelector("progress");
    const said = box.querySelector("[data-impact-said]");
    if (!bar) return;
    const words = said.textContent.trim();
    const ask = async () => {
      try {
        const answer = await fetch(box.dataset.impactProgress, { headers: { Accept: "application/json" } });
        const state = await answer.json();
        if (state.finished) {
          location.reload();
          return;
        }
        bar.value = state.percent;
        const numbers = [state.done, state.total];
        said.textContent = words.replace(/\d+/g, () => String(numbers.shift() ?? ""));
      } catch {
        /* asked again */
      }
      setTimeout(ask, SECOND);
    };
    setTimeout(ask, SECOND);
  };

  const tryNumbers = (form) => {
    const totals = document.querySelector("[data-what-if-totals]");
    let turn = 0;
    let waiting;

    const sayProblems = (problems) => {
      for (const place of form.querySelectorAll("[data-problem-of]")) {
        const problem = problems[place.dataset.problemOf] ?? "";
        place.textContent = problem;
        place.hidden = !problem;
      }
    };

    const reckon = async () => {
      const mine = ++turn;
      totals.setAttribute("aria-busy", "true");
      try {
        const changed = new URLSearchParams();
        for (const field of form.querySelectorAll("[data-own]")) {
          if (field.value !== field.dataset.own) changed.set(field.name, field.value);
        }
        const answer = await fetch(`${form.dataset.whatIf}?${changed}`, { headers: { Accept: "application/json" } });
        const found = await answer.json();
        if (mine !== turn) return;
        sayProblems(found.problems);
        if (answer.ok) totals.innerHTML = found.html;
      } catch {
        if (mine === turn) totals.textContent = totals.dataset.failed;
      }
      if (mine === turn) totals.removeAttribute("aria-busy");
    };

    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(reckon, 150);
    };

    for (const range of form.querySelectorAll("[data-range-of]")) {
      const field = document.getElementById(range.dataset.rangeOf);
      range.hidden = false;
      range.addEventListener("input", () => {
        field.value = range.value;
        soon();
      });
      field.addEventListener("input", () => {
        range.value = field.value;
        soon();
      });
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      reckon();
    });
  };

  const growOld = (note) => {
    const stale = note.querySelector("[data-note-stale]");
    const show = () => {
      stale.hidden = false;
      note.classList.add("impact-note--warning");
    };
    if (stale) document.getElementById(note.dataset.noteOf)?.addEventListener("input", show, { once: true });
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const note of document.querySelectorAll("[data-note-of]")) growOld(note);
    for (const box of document.querySelectorAll("[data-impact-progress]")) watch(box);
    for (const form of document.querySelectorAll("[data-what-if]")) tryNumbers(form);
  });
})();
