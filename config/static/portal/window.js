/* The window page: arrows in the list of residents, fields that the case does not ask for. */
"use strict";
(() => {
  const search = document.querySelector("[data-find]");
  const links = () => [...document.querySelectorAll("#found [data-found]")];

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || !search || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    const found = links();
    const at = found.indexOf(document.activeElement);
    if (document.activeElement !== search && at < 0) return;
    event.preventDefault();
    if (event.key === "Escape") {
      document.querySelector("#found").replaceChildren();
      search.focus();
    } else if (event.key === "ArrowDown") {
      (found[at + 1] || found[at] || search).focus();
    } else {
      (found[at - 1] || search).focus();
    }
  });

  const form = document.querySelector("[data-quote]");
  if (!form) return;
  const show = (name, shown) => {
    const row = form.querySelector(`.field-${name}`);
    row.hidden = !shown;
    for (const field of row.querySelectorAll("input, select")) field.disabled = !shown;
  };
  const inpatient = () => form.elements.kind.value === "inpatient";
  let outside = false;
  const ask = () => {
    show("admitted_on", inpatient());
    show("filing", outside && inpatient());
  };
  form.elements.kind.addEventListener("change", ask);
  document.addEventListener("htmx:afterSwap", (event) => {
    const told = event.target.querySelector?.("[data-outside]");
    if (!told) return;
    outside = told.dataset.outside === "yes";
    // A part of a name becomes the whole line once the clerk has moved on.
    const where = form.elements.institution;
    if (told.dataset.institution && document.activeElement !== where) where.value = told.dataset.institution;
    ask();
  });
  ask();

  // F2: all papers are on the desk.
  const papers = form.querySelector("[data-papers]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || !papers) return;
    event.preventDefault();
    const boxes = [...papers.querySelectorAll("[name=papers]")];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // The first empty field, unless an error summary has the focus.
  window.addEventListener("load", () => {
    if (document.querySelector("[data-focus]")) return;
    const empty = [...form.elements].find(
      (field) => field.matches("input:not([type=hidden])") && !field.disabled && !field.value && field.offsetParent,
    );
    (empty || form.elements.institution).focus();
  });
})();
