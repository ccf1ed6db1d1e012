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
    if (!row) return;
    row.hidden = !shown;
    for (const field of row.querySelectorAll("input, select")) field.disabled = !shown;
  };
  const kind = () => form.elements.kind.value;
  const detail = form.elements.detail;
  const details = detail ? [...detail.options] : [];
  // The lines of the chosen kind alone, so that a digit finds its own.
  const offer = () => {
    const own = details.filter((line) => line.dataset.kind === kind());
    const chosen = detail?.value;
    if (detail) detail.replaceChildren(...own);
    if (own.length) detail.value = own.some((line) => line.value === chosen) ? chosen : "";
    show("detail", own.length > 0);
  };
  let outside = false;
  const ask = () => {
    show("admitted_on", ["inpatient", "maternity"].includes(kind()));
    show("filing", outside && kind() === "inpatient");
    for (const hint of form.querySelectorAll("[data-kinds]")) hint.hidden = !hint.dataset.kinds.split(" ").includes(kind());
  };
  form.elements.kind.addEventListener("change", () => { offer(); ask(); });
  document.addEventListener("htmx:afterSwap", (event) => {
    const told = event.target.querySelector?.("[data-outside]");
    if (!told) return;
    outside = told.dataset.outside === "yes";
    // A part of a name becomes the whole line once the clerk has moved on.
    const where = form.elements.institution;
    if (told.dataset.institution && document.activeElement !== where) where.value = told.dataset.institution;
    ask();
  });
  offer();
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

  // --- the draft: kept on the server while the clerk types --------------------------------
  const EVERY = 2000;  // milliseconds between two looks at the form
  const told = document.querySelector("#draft_state");
  const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.split("=")[1];
  const typed = () => {
    const data = new FormData(form);
    for (const name of ["csrfmiddlewaretoken", "next"]) data.delete(name);
    return new URLSearchParams([...data].filter(([, value]) => typeof value === "string")).toString();
  };
  let kept = null;
  let busy = false;
  let sent = false;
  const say = (text, wrong) => {
    told.textContent = text;
    told.classList.toggle("red", wrong);
  };
  const keep = async () => {
    const now = typed();
    if (sent || busy || kept === null || now === kept) return;
    busy = true;
    try {
      // After a new login in another tab the old token is void: take the one that holds now.
      const token = cookie("csrftoken") || form.elements.csrfmiddlewaretoken.value;
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: now,
        redirect: "manual",
        headers: { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" },
      });
      if (answer.ok) {
        kept = now;
        form.elements.csrfmiddlewaretoken.value = token;
        say((await answer.json()).text, false);
        if (typed() === kept) form.dispatchEvent(new CustomEvent("portal:saved", { bubbles: true }));
      } else if (answer.status === 409) {
        say((await answer.json()).text, true);
      } else {
        say(answer.type === "opaqueredirect" || answer.status === 403
          ? form.dataset.draftLoggedOut : form.dataset.draftFailed, true);
      }
    } catch {
      say(form.dataset.draftFailed, true);
    } finally {
      busy = false;
    }
  };
  const keepLast = () => {
    if (sent || kept === null || typed() === kept) return;
    const data = new URLSearchParams(typed());
    data.set("csrfmiddlewaretoken", cookie("csrftoken") || form.elements.csrfmiddlewaretoken.value);
    navigator.sendBeacon(form.dataset.draft, data);
  };
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("pagehide", keepLast);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepLast(); });
  window.addEventListener("load", () => {
    // A refused attempt comes back as it was typed, and is kept at once.
    kept = form.querySelector(".error-summary") ? "" : typed();
    setInterval(keep, EVERY);
  });

  // The first empty field, unless an error summary has the focus.
  window.addEventListener("load", () => {
    if (document.querySelector("[data-focus]")) return;
    const empty = [...form.elements].find(
      (field) => field.matches("input:not([type=hidden])") && !field.disabled && !field.value && field.checkVisibility(),
    );
    (empty || form.elements.institution).focus();
  });
})();
