// Comfort only: every page works without this file.
(() => {
  "use strict";

  const main = () => document.getElementById("main");

  function show(root) {
    root.querySelectorAll(".js-only[hidden]").forEach((element) => { element.hidden = false; });
  }

  function announce() {
    const shown = main()?.querySelector("[data-preview][data-announce]") || main()?.querySelector("[data-announce]");
    const said = shown?.dataset.announce || "";
    const announced = document.getElementById("announce");
    if (announced.textContent !== said) announced.textContent = said; // a poll repeats nothing
  }

  // Without HTTPS a browser keeps its clipboard from scripts, and copies what is selected as ever.
  function copySelected(text) {
    const field = document.createElement("textarea");
    const focused = document.activeElement;
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    return isDone;
  }

  async function isCopied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copySelected(text);
    }
  }

  async function copy(button) {
    const { copy: selector, copyText } = button.dataset;
    const text = copyText ?? document.querySelector(selector).textContent;
    const before = button.textContent;
    const words = document.getElementById("announce").dataset;
    const source = selector && document.querySelector(selector);
    if (await isCopied(text)) {
      button.textContent = words.copied;
      document.getElementById("announce").textContent =
        button.dataset.copiedWhat ?? words.copiedWhat.replace("{}", before.trim());
    } else if (source) {
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = words.pressKeys;
    } else {
      button.textContent = words.notCopied;
    }
    setTimeout(() => { button.textContent = before; }, 1500);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-copy-text]");
    if (button) copy(button);
  });

  // A menu is a <details>, which alone stays open until its own button is pressed again.
  const openMenus = () => [...document.querySelectorAll("details.menu[open]")];

  // A click outside closes it, and so does the choice of one of its entries.
  document.addEventListener("click", (event) => {
    const hasChosen = (menu) => event.target.closest(".menu-in a, .menu-list button") !== null;
    openMenus()
      .filter((menu) => !menu.contains(event.target) || hasChosen(menu))
      .forEach((menu) => { menu.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    openMenus().forEach((menu) => {
      const isInside = menu.contains(document.activeElement);
      menu.open = false;
      if (isInside) menu.querySelector("summary").focus(); // what had the focus is hidden now
    });
  });

  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") || document.documentElement.dataset.keys === "off") return;
    const go = (selector) => {
      const link = [...(main()?.querySelectorAll(selector) ?? [])].find((each) => !each.closest("[data-panel]"));
      if (link) { event.preventDefault(); link.click(); }
    };
    switch (event.key) {
      case "/":
        event.preventDefault();
        (document.getElementById("lookup-text") || document.querySelector("[data-lookup] input[name=q]"))?.select();
        break;
      case "?": document.getElementById("keys").showModal(); break;
      case "]": case "n": go("a[rel=next]"); break;
      case "[": case "p": go("a[rel=prev]"); break;
      case "c": go("[data-preview] [data-copy-text], [data-copy='#support-text']"); break;
      case "e": {
        const menu = main()?.querySelector(".export-menu");
        if (menu) { event.preventDefault(); menu.open = true; menu.querySelector("summary").focus(); }
        break;
      }
      case "r": go("a[data-retry], a[data-refresh]"); break;
    }
  });

  // A panel beside the orders comes, fails and is asked again by itself: the page stays where it is.
  const isPanel = (event) => /^panel-/.test(event.detail.target?.id || "");

  document.addEventListener("htmx:afterSwap", (event) => {
    show(document);
    if (isPanel(event)) return;
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
    if (!isPanel(event)) location.assign(xhr.responseURL);
  });
  // Where the portal itself can't be reached, let the browser say so.
  document.addEventListener("htmx:sendError", (event) => {
    if (!isPanel(event)) location.assign(event.detail.pathInfo.finalRequestPath);
  });

  // Someone who went back while the page was loading is at another address than the page: htmx missed it.
  const [loaded] = performance.getEntriesByType("navigation");
  if (loaded && loaded.name.split("#")[0] !== location.href.split("#")[0]) location.reload();

  show(document);
})();
