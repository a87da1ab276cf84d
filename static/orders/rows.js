// Rows of a list by key and by mouse: j and k go through them, Space or a click beside the link opens one beside
// the list. Without this file the link is the way, and it stays one.
(() => {
  "use strict";

  const WIDE = matchMedia("(min-width: 64rem)"); // below there is no beside
  const preview = () => document.getElementById("preview");
  const rows = () => [...document.querySelectorAll("#main .result tr[data-order-id]")];
  const current = () => document.activeElement.closest("tr[data-order-id]") || document.querySelector("#main tr.at");

  function mark(row) {
    document.querySelectorAll("#main tr.at").forEach((each) => each.classList.remove("at"));
    row?.classList.add("at");
  }

  function close() {
    const row = document.querySelector("#main tr.at");
    preview().replaceChildren();
    mark(null);
    row?.querySelector("a")?.focus({ preventScroll: true });
  }

  function open(row) {
    const link = row.querySelector("a[href]");
    if (!link || !preview() || !WIDE.matches) return;
    mark(row);
    // Its room is there at once: nothing moves when the answer comes.
    preview().innerHTML = '<div class="card preview"><div class="skeleton" aria-hidden="true"></div></div>';
    htmx.ajax("GET", link.getAttribute("href"), { target: "#preview", swap: "innerHTML" });
  }

  const toggle = (row) => (row.classList.contains("at") && preview()?.firstChild ? close() : open(row));

  function step(by) {
    const all = rows();
    const next = all[Math.min(Math.max(all.indexOf(current()) + by, 0), all.length - 1)];
    next?.querySelector("a")?.focus();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-preview-close]")) { close(); return; }
    const row = event.target.closest(".result tr[data-order-id]");
    if (!row || !preview() || event.target.closest("a, button, input, label, summary")) return;
    if (getSelection().isCollapsed) toggle(row); // who selects text to copy wants no preview
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, summary, [contenteditable]")) return;
    if (event.key === "Escape" && preview()?.firstChild) close();
    if (document.documentElement.dataset.keys === "off") return;
    switch (event.key) {
      case "f": rows()[0]?.querySelector("a")?.focus(); break;
      case "j": step(1); break;
      case "k": step(-1); break;
      case " ":
        if (event.target.closest("button") || !current()) return;
        event.preventDefault();
        toggle(current());
    }
  });
})();
