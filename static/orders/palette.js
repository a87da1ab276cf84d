// Ctrl-K: where one can go (pages, customers, views), and what can be done with what is shown, found by typing.
// What it offers are links and buttons that are there anyway.
(() => {
  "use strict";

  const MOST = 12; // shown at once
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const words = (name) => dialog.querySelector(`template[data-words="${name}"]`).content.textContent;
  let places = null; // asked for once
  let shown = [];
  let current = 0;

  const textOf = (element) => (element.dataset.act || element.textContent).replace(/\s+/g, " ").trim();
  const isThere = (element) => element.getClientRects().length > 0 && !element.disabled;

  function acts() {
    const found = [...document.querySelectorAll("#main [data-act], #main a[data-view]")].filter(isThere);
    return found.map((element) => ({
      text: textOf(element),
      group: words("here"),
      go: () => {
        const menu = element.closest("details");
        if (menu && element.tagName === "SUMMARY") { menu.open = true; element.focus(); } else element.click();
      },
    }));
  }

  async function fetched() {
    if (places) return places;
    const answer = await fetch(dialog.dataset.palette, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return [];
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    places = [...page.querySelectorAll("#places section")].flatMap((section) => {
      const group = section.querySelector("h2").textContent.trim();
      return [...section.querySelectorAll("a")].map((link) => ({
        text: textOf(link),
        group,
        go: () => location.assign(link.getAttribute("href")),
      }));
    });
    return places;
  }

  function lookUp(text) {
    const form = document.querySelector("form[data-lookup], #main form:has(#lookup-text)");
    form.querySelector("[name=q]").value = text;
    form.requestSubmit();
  }

  function mark(place) {
    current = Math.max(0, Math.min(place, shown.length - 1));
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === current)));
    field.setAttribute("aria-activedescendant", shown.length ? `palette-${current}` : "");
    list.children[current]?.scrollIntoView({ block: "nearest" });
  }

  function draw(all) {
    const typed = field.value.trim();
    const parts = typed.toLowerCase().split(/\s+/);
    shown = all.filter(({ text, group }) => parts.every((part) => `${text} ${group}`.toLowerCase().includes(part)));
    shown = shown.slice(0, MOST);
    if (typed) shown.push({ text: words("lookup").replace("{}", () => typed), group: "", go: () => lookUp(typed) });
    list.replaceChildren(...shown.map(({ text, group }, index) => {
      const item = document.createElement("li");
      item.id = `palette-${index}`;
      item.setAttribute("role", "option");
      const beside = document.createElement("span");
      beside.className = "muted small";
      beside.textContent = group;
      item.append(text, " ", beside);
      return item;
    }));
    mark(0);
  }

  async function refresh() {
    const here = acts();
    draw([...here, ...(places || [])]);
    if (!places) draw([...here, ...(await fetched())]);
  }

  function choose(index) {
    const chosen = shown[index];
    if (!chosen) return;
    dialog.close();
    chosen.go();
  }

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    if (document.documentElement.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    event.preventDefault();
    field.value = "";
    dialog.showModal();
    refresh();
  });
  field.addEventListener("input", refresh);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(current + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(current);
    }
  });
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) choose([...list.children].indexOf(item));
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
})();
