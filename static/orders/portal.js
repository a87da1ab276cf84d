// Comfort only: every page works without this file.
(() => {
  "use strict";

  const main = () => document.getElementById("main");

  function show(root) {
    root.querySelectorAll(".js-only[hidden]").forEach((element) => { element.hidden = false; });
  }

  function announce() {
    const said = main()?.querySelector("[data-announce]")?.dataset.announce || "";
    const announced = document.getElementById("announce");
    if (announced.textContent !== said) announced.textContent = said; // a poll repeats nothing
  }

  async function copy(button) {
    const { copy: selector, copyText } = button.dataset;
    const text = copyText ?? document.querySelector(selector).textContent;
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      const source = selector && document.querySelector(selector);
      if (source) {
        range.selectNodeContents(source);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
      }
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => { button.textContent = before; }, 1500);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-copy-text]");
    if (button) copy(button);
  });

  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const go = (selector) => {
      const link = main()?.querySelector(selector);
      if (link) { event.preventDefault(); link.click(); }
    };
    switch (event.key) {
      case "/":
        event.preventDefault();
        (document.getElementById("lookup-text") || document.querySelector("[data-lookup] input[name=q]"))?.select();
        break;
      case "?": document.getElementById("keys").showModal(); break;
      case "n": go("a[rel=next]"); break;
      case "p": go("a[rel=prev]"); break;
      case "r": go("a[data-retry], a[data-refresh]"); break;
    }
  });

  // An upstream may take seconds: say at once that something is under way.
  // A download leaves the page as it is, and a poll is nobody's wish: neither is shown.
  const busy = (on) => document.documentElement.classList.toggle("is-busy", on);
  let downloading = false;
  document.addEventListener("click", (event) => { downloading = event.target.closest("a[data-download]") !== null; }, true);
  document.addEventListener("submit", (event) => { downloading = event.target.closest("form[data-download]") !== null; });
  window.addEventListener("beforeunload", () => { busy(!downloading); downloading = false; });
  window.addEventListener("pageshow", () => busy(false));
  document.addEventListener("htmx:beforeRequest", (event) => { if (!event.target.closest("[data-quiet]")) busy(true); });
  document.addEventListener("htmx:afterRequest", () => busy(false));
  document.addEventListener("htmx:afterSwap", () => {
    show(document);
    announce();
    // What was clicked is gone: go on from the new content, not from the top of the page.
    if (document.activeElement === document.body) main()?.focus({ preventScroll: true });
  });

  const pathOf = (address) => new URL(address, location.href).pathname;
  // Led elsewhere, as to the sign-in page when a session has ended: go there, whole page.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, pathInfo } = event.detail;
    if (pathOf(xhr.responseURL) === pathOf(pathInfo.finalRequestPath)) return;
    event.preventDefault();
    location.assign(xhr.responseURL);
  });
  // Where the portal itself can't be reached, let the browser say so.
  document.addEventListener("htmx:sendError", (event) => location.assign(event.detail.pathInfo.finalRequestPath));

  // Someone who went back while the page was loading is at another address than the page: htmx missed it.
  const [loaded] = performance.getEntriesByType("navigation");
  if (loaded && loaded.name.split("#")[0] !== location.href.split("#")[0]) location.reload();

  show(document);
})();
