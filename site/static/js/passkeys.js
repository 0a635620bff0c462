// Says on the page, and not in the console, that a key could not be used.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const place of document.querySelectorAll("[data-passkey-trouble]")) {
    place.textContent = place.dataset.passkeyTrouble;
  }
});
