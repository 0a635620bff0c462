/* The calculator's answer: copied, printed, and said to be busy while a new one comes. */
(() => {
  const say = (button, failed) => {
    const status = button.closest(".quote-actions").querySelector("[data-said]");
    status.textContent = failed ? status.dataset.failed : status.dataset.said;
  };

  const copy = async (button, text) => {
    try {
      await navigator.clipboard.writeText(await text());
      say(button, false);
    } catch {
      say(button, true);
    }
  };

  const textOf = async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  };

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
    const link = event.target.closest("[data-copy-link], [data-copy-text]");
    if (link) {
      event.preventDefault();
      copy(link, "copyText" in link.dataset ? () => textOf(link.href) : async () => link.href);
    } else if (event.target.closest("[data-print]")) {
      print();
    }
  });

  const showPrint = () => {
    for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  };
  document.addEventListener("DOMContentLoaded", showPrint);
  document.addEventListener("htmx:after:swap", showPrint);

  const busy = (state) => document.getElementById("answer")?.setAttribute("aria-busy", state);
  document.addEventListener("htmx:before:request", () => busy("true"));
  document.addEventListener("htmx:finally:request", () => busy("false"));
})();
