/* Solves the puzzle of the enquiry form while its reader types, so that nobody has to prove by hand to be no robot.
   Where this does not run, or takes too long, the form is sent without a solution: a letter then asks to confirm it. */
(() => {
  const CHUNK = 250; // numbers tried between two pauses
  const PATIENCE = 15000; // ms that a reader who has pressed the button waits at most

  const form = document.querySelector("[data-puzzle]");
  if (!form || !globalThis.crypto?.subtle) return;

  const puzzle = JSON.parse(form.dataset.puzzle);
  const status = form.querySelector("[data-busy]");
  const encoder = new TextEncoder();
  let hurry = false;
  let sending = false;
  let working;

  const pause = () =>
    new Promise((resolve) => {
      if (hurry || !globalThis.requestIdleCallback) setTimeout(resolve);
      else requestIdleCallback(resolve, { timeout: 500 });
    });

  const hash = async (number) => {
    const bytes = new Uint8Array(await crypto.subtle.digest(puzzle.algorithm, encoder.encode(puzzle.salt + number)));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const solve = async () => {
    for (let number = 0; number <= puzzle.maxNumber; number += 1) {
      if ((await hash(number)) === puzzle.challenge) {
        const { algorithm, challenge, salt, signature } = puzzle;
        form.elements.proof.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
        return;
      }
      if (number % CHUNK === 0) await pause();
    }
  };

  const work = () => (working ??= solve().catch(() => {}));

  form.addEventListener("focusin", work, { once: true });
  form.addEventListener("input", work, { once: true });

  form.addEventListener("submit", async (event) => {
    if (sending) {
      event.preventDefault();
      return;
    }
    sending = true;
    if (form.elements.proof.value) return;
    event.preventDefault();
    hurry = true;
    status.textContent = status.dataset.busy;
    await Promise.race([work(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    form.submit();
  });

  // Back from the next page, the form may be sent again.
  addEventListener("pageshow", () => {
    sending = false;
    status.textContent = "";
  });
})();
