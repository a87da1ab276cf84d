// Says on the page what the browser said about a security key; the rest is django-allauth's.
(() => {
  "use strict";
  const WORDS = {
    NotAllowedError: "That was cancelled, or took too long. Try again.",
    InvalidStateError: "This key is one of yours already.",
    SecurityError: "Security keys work only where the portal is reached by its name over HTTPS, or as localhost.",
    NotSupportedError: "Your browser can't use this key.",
  };
  document.querySelectorAll("[data-without-scripts]").forEach((note) => { note.hidden = true; });
  document.addEventListener("allauth.error", (event) => {
    const place = document.querySelector("[data-webauthn-error]");
    if (!place) return;
    event.preventDefault();
    place.textContent = WORDS[event.detail.exception?.name] || "Your browser could not use the key. Try again.";
    place.hidden = false;
    document.documentElement.classList.remove("is-busy");
  });
})();
