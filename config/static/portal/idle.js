/* Ends a session that nobody uses, and asks before.
   The body's <dialog data-idle="URL"> says where the session tells how long it still has.
   Typing and clicking anywhere keeps it; other windows of the same login count too. A page
   that keeps a draft hears "portal:leaving" on the document before the login page comes. */
"use strict";
(() => {
  const dialog = document.querySelector("dialog[data-idle]");
  if (!dialog) return;
  const url = dialog.dataset.idle;
  const WARNING = Number(dialog.dataset.warning);
  const PING = 60;
  const shown = dialog.querySelector("[data-seconds]");
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  let used = false;
  let deadline = null;
  let next = null;

  const ask = async (method) => {
    const answer = await fetch(url, {
      method,
      headers: method === "POST" ? { "X-CSRFToken": token() } : {},
      redirect: "manual",
    });
    if (!answer.ok) return 0;
    return (await answer.json()).left;
  };
  const plan = (left) => {
    if (left === null) return;
    deadline = Date.now() + left * 1000;
    clearTimeout(next);
    next = setTimeout(look, Math.max(1, Math.min(PING, left - WARNING)) * 1000);
  };
  const look = async () => {
    let left;
    try {
      left = await ask(used ? "POST" : "GET");
    } catch {
      next = setTimeout(look, 5000);
      return;
    }
    used = false;
    if (left !== null && left <= WARNING) warn(left);
    else plan(left);
  };
  const leave = () => {
    document.dispatchEvent(new CustomEvent("portal:leaving"));
    for (const form of document.forms) form.dataset.unguarded = "";
    window.location.assign(window.location.href.split("#")[0]);
  };
  const warn = (left) => {
    deadline = Date.now() + left * 1000;
    if (left > 0 && !dialog.open) dialog.showModal();
    count();
  };
  const count = async () => {
    const left = Math.ceil((deadline - Date.now()) / 1000);
    if (left > 0) {
      if (dialog.open) {
        shown.textContent = String(left);
        next = setTimeout(count, 1000);
      }
      return;
    }
    let now = 0;
    try {
      now = await ask("GET");
    } catch {
      now = 0;
    }
    if (now > 0) {
      dialog.close();
      plan(now);
    } else leave();
  };
  dialog.addEventListener("close", async () => {
    clearTimeout(next);
    if (deadline && deadline > Date.now()) plan(await ask("POST"));
  });
  for (const kind of ["keydown", "pointerdown", "input"])
    document.addEventListener(kind, () => { used = true; }, { passive: true, capture: true });
  look();
})();
