// An upstream may take seconds: a line at once, and after 0.4 s who is asked, for how long, and a way out.
// A download leaves the page as it is, and a poll is nobody's wish: neither is shown.
(() => {
  "use strict";

  const PATIENCE = 400; // milliseconds before it is worth words
  const root = document.documentElement;
  let going = ""; // the address that was clicked or sent
  let downloading = false;
  let asking = null; // the element whose request htmx has under way
  let beside = false; // whether it is asked for the place beside the list
  let timers = [];

  const box = () => document.querySelector("[data-waiting]");

  const words = (name) => box()?.querySelector(`template[data-asking="${name}"]`)?.content.textContent;

  function wordsFor(address) {
    const [, source, customer] = new URL(address, location.href).pathname.match(/\/([a-z0-9]+)\/customers\/([^/?]+)/) || [];
    const said = source && words(source);
    return said ? `${said} · ${decodeURIComponent(customer)}` : words("");
  }

  function say(text) {
    const announced = document.getElementById("announce");
    if (announced) announced.textContent = text;
  }

  function open() {
    const shown = box();
    if (!shown) return;
    const begun = Date.now() - PATIENCE;
    const seconds = shown.querySelector("[data-waiting-seconds]");
    shown.querySelector("[data-waiting-for]").textContent = wordsFor(going);
    seconds.textContent = "0";
    shown.hidden = false;
    root.classList.toggle("is-waiting", !beside); // a preview leaves the list as it is
    say(wordsFor(going));
    timers.push(setInterval(() => { seconds.textContent = Math.round((Date.now() - begun) / 1000); }, 1000));
  }

  function busy(on) {
    timers.forEach((timer) => clearTimeout(timer)); // which ends intervals, too
    timers = on ? [setTimeout(open, PATIENCE)] : [];
    root.classList.toggle("is-busy", on);
    root.classList.remove("is-waiting");
    if (box()) box().hidden = true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    downloading = event.target.closest("a[data-download]") !== null;
    if (link) going = link.href;
    if (!event.target.closest("[data-waiting-cancel]")) return;
    if (asking) htmx.trigger(asking, "htmx:abort");
    else window.stop();
    busy(false);
    say(words("stopped"));
  }, true);
  document.addEventListener("submit", (event) => {
    downloading = event.target.closest("form[data-download]") !== null;
    going = event.target.action;
  });
  window.addEventListener("beforeunload", () => { busy(!downloading); downloading = false; });
  window.addEventListener("pageshow", () => busy(false));
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest("[data-quiet]")) return;
    asking = event.target;
    beside = event.detail.target?.id === "preview";
    going = event.detail.pathInfo.finalRequestPath || going;
    busy(true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // Whoever was replaced by its own answer has ended elsewhere: the event comes from what is left around it.
    if (event.detail.requestConfig.elt !== asking) return;
    asking = null;
    busy(false);
  });
})();
