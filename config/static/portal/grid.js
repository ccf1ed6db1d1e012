/* Lines pasted from a spreadsheet into the lines of a form:
   the cell that has the focus is the upper left one, lines are added as they are needed.
   A cell that no choice fits stays as it was and is named under the lines. */
"use strict";
(() => {
  const CELLS = "td input:not([type=hidden], [type=checkbox], [type=radio]), td select, td textarea";
  const cellsOf = (line) => [...line.querySelectorAll(CELLS)].filter((cell) => !cell.disabled && !cell.readOnly);
  const linesOf = (group) => [...group.querySelectorAll("tr.form-row:not(.empty-form)")];
  // "a\tb\nc\td" as lines of cells; a spreadsheet ends its last line too.
  const table = (text) => text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));

  const fill = (cell, text) => {
    if (cell.matches("select")) {
      const option = [...cell.options].find((one) => one.text.trim() === text || one.value === text);
      if (!option) return text === "";
      cell.value = option.value;
    } else {
      cell.value = text;
    }
    for (const kind of ["input", "change", "focusout"]) cell.dispatchEvent(new Event(kind, { bubbles: true }));
    return true;
  };

  document.addEventListener("paste", (event) => {
    const line = event.target.closest?.(".inline-group tr.form-row");
    const pasted = table(event.clipboardData?.getData("text/plain") ?? "");
    if (!line || (pasted.length === 1 && pasted[0].length === 1)) return;
    event.preventDefault();
    const group = line.closest(".inline-group");
    const column = cellsOf(line).indexOf(event.target);
    let place = linesOf(group).indexOf(line);
    const unfit = [];
    for (const cells of pasted) {
      if (place >= linesOf(group).length) group.querySelector(".add-row a")?.click();
      const target = linesOf(group)[place];
      if (!target) break;
      cells.forEach((text, offset) => {
        const cell = cellsOf(target)[column + offset];
        if (!cell || !fill(cell, text)) unfit.push(`${place + 1}: ${text}`);
      });
      place += 1;
    }
    const said = document.querySelector("[data-grid-said]");
    said.hidden = !unfit.length;
    said.textContent = `${said.dataset.gridSaid} ${unfit.slice(0, 10).join(" · ")}`;
  });
})();
