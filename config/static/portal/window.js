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
  // Everything that was typed, also into fields that the chosen kind does not ask for.
  const typed = () => {
    const data = new FormData(form);
    for (const name of ["csrfmiddlewaretoken", "next", "draft_mark"]) data.delete(name);
    for (const field of form.elements)
      if (field.disabled && field.matches("input:not([type=checkbox], [type=radio])") && field.value) data.append(field.name, field.value);
    return new URLSearchParams([...data].filter(([, value]) => typeof value === "string")).toString();
  };
  const page = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const mark = form.elements.draft_mark;  // of the draft that this page shows or saved last
  let step = 0;
  let kept = null;
  let busy = null;
  let sent = false;
  let moved = false;
  const say = (text, wrong) => {
    told.replaceChildren(text);
    told.classList.toggle("red", wrong);
  };
  const body = (now, token) => {
    step += 1;
    const data = new URLSearchParams(now);
    data.set("mark", `${page}.${step}`);
    data.set("draft_mark", mark.value);
    if (token) data.set("csrfmiddlewaretoken", token);
    return data;
  };
  // After a new login in another tab the old token is void: take the one that holds now.
  const token = () => cookie("csrftoken") || form.elements.csrfmiddlewaretoken.value;
  const settled = () => {
    if (typed() === kept) form.dispatchEvent(new CustomEvent("portal:saved", { bubbles: true }));
  };
  // Another window has gone on with the same draft: the clerk chooses.
  const choose = (answer) => {
    moved = true;
    say(answer.text, true);
    const offer = (text, act) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: text });
      button.addEventListener("click", act);
      told.append(" ", button);
    };
    if (answer.newer) {
      offer(form.dataset.draftLoad, () => {
        sent = true;
        kept = typed();
        settled();
        location.reload();
      });
    }
    offer(form.dataset.draftKeep, () => {
      moved = false;
      mark.value = answer.mark;
      save();
    });
  };
  // Saves; true when the portal has answered this clerk, whatever it said of the draft.
  const save = async () => {
    const now = typed();
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: body(now), redirect: "manual", headers: { "X-CSRFToken": token() },
      });
      if (answer.ok) {
        const said = await answer.json();
        kept = now;
        mark.value = said.mark;
        form.elements.csrfmiddlewaretoken.value = token();
        say(said.text, false);
        settled();
        return true;
      }
      if (answer.status === 409) {
        const said = await answer.json();
        if (said.moved) choose(said);
        else say(said.text, true);
        return Boolean(said.moved);
      }
      say(answer.type === "opaqueredirect" || answer.status === 403
        ? form.dataset.draftLoggedOut : form.dataset.draftFailed, true);
    } catch {
      say(form.dataset.draftFailed, true);
    }
    return false;
  };
  const keep = () => {
    if (sent || moved || busy || kept === null || typed() === kept) return;
    busy = save().finally(() => { busy = null; });
  };
  // Which save the page before this one sent off as it went.
  const left = `draft-left-${form.elements.person.value}-${form.elements.claim?.value || ""}`;
  let last = null;
  const keepLast = () => {
    const now = typed();
    if (sent || moved || kept === null || now === kept || now === last) return;
    last = now;
    navigator.sendBeacon(form.dataset.draft, body(now, token()));
    sessionStorage.setItem(left, `${page}.${step}`);
  };
  // A claim goes off once the draft holds all of it: a lost login or a silent portal is told here,
  // and everything stays on the page.
  let asking = false;
  let through = false;
  form.addEventListener("submit", (event) => {
    if (through || kept === null) {
      sent = true;
      // A submit that was stopped in the browser leaves the page: go on keeping.
      setTimeout(() => { sent = false; delete form.dataset.sent; }, 30000);
      return;
    }
    event.preventDefault();
    if (asking) return;
    asking = true;
    const button = event.submitter;
    Promise.resolve(busy).then(save).then((may) => {
      asking = false;
      if (!may) {
        told.scrollIntoView({ block: "nearest" });
        return;
      }
      through = true;
      form.requestSubmit(button);
      through = false;
    });
  });
  document.querySelector("#discard")?.addEventListener("submit", () => { sent = true; });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("beforeunload", keepLast);
  window.addEventListener("pagehide", keepLast);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepLast(); });
  window.addEventListener("load", () => {
    // A refused attempt comes back as it was typed, and is kept at once.
    kept = form.querySelector(".error-summary") ? "" : typed();
    const before = sessionStorage.getItem(left);
    sessionStorage.removeItem(left);
    if (before && before !== mark.value && !form.querySelector(".error-summary")) {
      // This page was drawn before that save had arrived: draw it once more.
      sent = true;
      form.inert = true;
      setTimeout(() => location.reload(), 400);
      return;
    }
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
