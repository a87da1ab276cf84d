// Ticked rows of a list: shift takes all between, the box in the head takes the page; how many, and their IDs to copy,
// as portal.js does it.
// Without this file the boxes are part of their form, and it works.
(() => {
  "use strict";

  const boxes = () => [...document.querySelectorAll("#main tbody input[form=selection]")];
  const ticked = () => boxes().filter((box) => box.checked);
  let last = null; // the box that was ticked last

  function say(text) {
    document.getElementById("announce").textContent = text;
  }

  function show() {
    const form = document.querySelector("[data-selection]");
    if (!form) return;
    const count = ticked().length;
    const shown = form.querySelector("[data-selected]");
    shown.textContent = shown.dataset.selected.replace("{}", count);
    const copy = form.querySelector("[data-copy-selected]");
    copy.dataset.copyText = ticked().map((box) => box.value).join("\n");
    copy.dataset.copiedWhat = copy.dataset.copySelected.replace("{}", count);
    // Each act is told what is missing where nothing is ticked, but a script can say so before.
    form.querySelectorAll("[data-copy-selected], [type=submit]").forEach((button) => { button.disabled = !count; });
    const all = document.querySelector("[data-select-all]");
    if (all) {
      all.checked = count > 0 && count === boxes().length;
      all.indeterminate = count > 0 && !all.checked;
    }
    document.querySelectorAll("#main tr.is-selected").forEach((row) => row.classList.remove("is-selected"));
    ticked().forEach((box) => box.closest("tr").classList.add("is-selected"));
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest("tbody input[form=selection]");
    if (!box) return;
    const all = boxes();
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
    }
    last = box;
    show();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-select-all]")) return;
    boxes().forEach((box) => { box.checked = event.target.checked; });
    show();
    say(document.querySelector("[data-selected]").textContent.trim());
  });

  document.addEventListener("htmx:afterSwap", show);
  window.addEventListener("pageshow", show); // a browser may bring ticks back with the page
  show();
})();
