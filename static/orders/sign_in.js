// Says on the page what the browser said about a security key; the rest is django-allauth's.
(() => {
  "use strict";
  document.querySelectorAll("[data-without-scripts]").forEach((note) => { note.hidden = true; });
  document.addEventListener("allauth.error", (event) => {
    const place = document.querySelector("[data-webauthn-error]");
    if (!place) return;
    event.preventDefault();
    const words = (name) => document.querySelector(`template[data-key-problem="${name}"]`)?.content.textContent.trim();
    place.textContent = words(event.detail.exception?.name) || words("");
    place.hidden = false;
    document.documentElement.classList.remove("is-busy");
  });
})();
