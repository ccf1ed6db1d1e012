/* The desk's habits. Works on any page without being told:
   data-menu        a <details> that closes by Escape, a click elsewhere, another menu
   data-focus       takes the focus when the page opens; error summaries give it to the first wrong field
   data-day         a day: 0901 and 20260901 are written out on leaving ("past" or "ahead")
   data-money       an amount: separators and two decimals on leaving
   form[data-plain] sends what is filled in, so that its address says no more than that
   form[data-keys]  Enter next field, Ctrl+S data-primary, Ctrl+Enter data-next, Esc data-cancel;
                    Enter leaves out [data-enter-skips]; warns before unsaved
                   changes are left
   form[data-finder] the search box: / and Ctrl+K go there
   data-print       a button that prints the page
   htmx requests carry the CSRF token; a form is sent once. */
"use strict";
(() => {
  const FIELDS = "input:not([type=hidden]), select, textarea";

  // --- menus ----------------------------------------------------------------------------
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("details[data-menu]") || !event.target.open) return;
    for (const menu of openMenus()) if (menu !== event.target) menu.open = false;
  }, true);

  // --- printing -------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });
  // Paper cannot be opened: what is folded on the page is printed unfolded, what opens behind its
  // figures is fetched, and all is as before afterwards. Printing waits for no promise.
  const fetched = (place) => {
    const request = new XMLHttpRequest();
    request.open("GET", place.dataset.printed, false);
    request.setRequestHeader("HX-Request", "true");
    try { request.send(); } catch { /* said below */ }
    if (request.status !== 200 || !request.responseText.includes("data-into")) {
      place.textContent = place.dataset.failed;
      return [place];
    }
    const filled = [];
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    for (const part of answer.querySelectorAll("[data-into]")) {
      const target = document.getElementById(part.dataset.into);
      if (!target || target.childElementCount) continue;
      target.append(...part.childNodes);
      filled.push(target);
    }
    return filled;
  };
  let unfolded = [];
  let filled = [];
  window.addEventListener("beforeprint", () => {
    if (!filled.length) filled = [...document.querySelectorAll("[data-printed]")].flatMap(fetched);
    unfolded = [...document.querySelectorAll(".story details:not([open])")];
    for (const part of unfolded) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of unfolded) part.open = false;
    unfolded = [];
    for (const place of filled) place.replaceChildren();
    filled = [];
  });

  // --- days and amounts -----------------------------------------------------------------
  const pad = (number, width) => String(number).padStart(width, "0");
  // As `enrollment.values.written.half_width`: what an input method leaves, in plain characters.
  const halfWidth = (text) => text
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g, "")
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, " ").trim();
  const writtenDay = (text, ahead) => {
    const plain = halfWidth(text).replace(/[/.年月]/g, "-").replace(/[日号]/g, "").trim()
      .replace(/\s*-\s*|\s+/g, "-");
    let match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain) || /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
    if (!match && (match = /^(\d{2})(\d{2})$/.exec(plain))) {
      const now = new Date();
      const later = Number(match[1]) * 100 + Number(match[2]) > (now.getMonth() + 1) * 100 + now.getDate();
      match = [match[0], now.getFullYear() - (later && !ahead ? 1 : 0), match[1], match[2]];
    }
    if (!match) return null;
    const [year, month, day] = match.slice(1).map(Number);
    const date = new Date(Date.UTC(year, month - 1, day));
    const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
    return real ? `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` : null;
  };
  const writtenMoney = (text) => {
    const plain = halfWidth(text).replace(/^(?:[\u00a5\uffe5]|RMB|CNY|人民币)\s*/i, "").replace(/\s*[元圆]$/, "");
    // A comma only separates thousands; `10,99` stays as typed, and the server refuses it.
    if (plain.includes(",") && !/^-?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(plain)) return null;
    const match = /^(-?)(\d{1,12})(?:\.(\d{0,2}))?$/.exec(plain.replaceAll(",", ""));
    if (!match) return null;
    const whole = match[2].replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",");
    return `${match[1]}${whole}.${(match[3] || "").padEnd(2, "0")}`;
  };
  document.addEventListener("focusout", (event) => {
    const field = event.target;
    if (!field.dataset || !field.value) return;
    let text = null;
    if ("day" in field.dataset) text = writtenDay(field.value, field.dataset.day === "ahead");
    if ("money" in field.dataset) text = writtenMoney(field.value);
    if (text !== null && text !== field.value) {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // --- the keyboard -----------------------------------------------------------------------
  let before = "";
  document.addEventListener("focusin", (event) => {
    before = event.target.matches(FIELDS) ? event.target.value : "";
  });
  const press = (form, ...selectors) => {
    for (const selector of selectors) {
      const control = form.querySelector(selector) || document.querySelector(selector);
      if (control && !control.disabled) {
        if (document.activeElement?.matches(FIELDS)) document.activeElement.blur();
        control.click();
        return;
      }
    }
  };
  const nextField = (form, from) => {
    const fields = [...form.querySelectorAll(`${FIELDS}, [data-primary]`)].filter(
      (field) => !field.disabled && !field.readOnly && field.tabIndex >= 0 && field.checkVisibility()
        && !field.closest("[data-enter-skips]"),
    );
    const next = fields[fields.indexOf(from) + 1];
    if (!next) return;
    next.focus();
    if (next.matches("input:not([type=checkbox], [type=radio], [type=file])")) next.select();
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const box = document.querySelector("form[data-finder] [name=q]");
    const wanted = event.ctrlKey || event.metaKey ? event.key.toLowerCase() === "k"
      : event.key === "/" && !event.target.matches?.("input, select, textarea");
    if (box && wanted && !event.altKey) {
      event.preventDefault();
      box.focus();
      box.select();
      return;
    }
    const menus = openMenus();
    if (event.key === "Escape" && menus.length) {
      for (const menu of menus) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      return;
    }
    const field = event.target;
    const form = field.closest?.("form[data-keys]") || document.querySelector("form[data-keys]");
    if (!form) return;
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (command && event.key.toLowerCase() === "s") {
      event.preventDefault();
      press(form, "[data-primary]");
    } else if (command && event.key === "Enter") {
      event.preventDefault();
      press(form, "[data-next]", "[data-primary]");
    } else if (event.key === "Enter" && !command && form.contains(field)
               && field.matches("input:not([type=submit], [type=button], [type=file]), select")
               && !("enter" in field.dataset)) {
      event.preventDefault();
      nextField(form, field);
    } else if (event.key === "Escape" && (field === document.body || form.contains(field))) {
      if (field.matches("input:not([type=checkbox], [type=radio]), textarea") && field.value !== before) {
        field.value = before;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      } else {
        press(form, "[data-cancel]");
      }
    }
  });

  // --- unsaved changes, and sending once ------------------------------------------------
  const state = (form) => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  const opened = new WeakMap();
  const guarded = () => document.querySelectorAll("form[data-keys]:not([data-unguarded])");
  let sending = false;
  window.addEventListener("beforeunload", (event) => {
    if (!sending && [...guarded()].some((form) => opened.has(form) && state(form) !== opened.get(form))) event.preventDefault();
  });
  // A draft on the server holds all that was typed: nothing is lost by leaving.
  document.addEventListener("portal:saved", (event) => opened.set(event.target, state(event.target)));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("plain" in form.dataset) {
      for (const field of form.querySelectorAll(FIELDS)) if (!field.value.trim()) field.disabled = true;
      return;
    }
    if (event.defaultPrevented || form.method !== "post" || form.matches("[data-finder], [data-again]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    sending = true;
  });
  window.addEventListener("pageshow", () => {
    sending = false;
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const field of document.querySelectorAll("form[data-plain] :disabled")) field.disabled = false;
  });

  // --- htmx ---------------------------------------------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token) event.detail.headers["X-CSRFToken"] = token.value;
  });

  const firstWrong = (summary) => {
    const able = "input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled)";
    const named = [...summary.querySelectorAll("a[href^='#']")].map((link) => {
      const part = document.getElementById(link.hash.slice(1));
      return part?.matches(able) ? part
        : part?.querySelector("input[type=checkbox]:not(:checked, :disabled)") || part?.querySelector(able);
    });
    // In the order of the page, whatever the summary names first.
    const shown = named.filter((field) => field?.getClientRects().length);
    return shown.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))[0];
  };

  // --- when the page opens ------------------------------------------------------------------
  window.addEventListener("load", () => {
    for (const form of guarded()) {
      // After a refused attempt what was typed is still unsaved.
      opened.set(form, form.querySelector(".error-summary") ? null : state(form));
    }
    // After a refused form: on the first wrong field, the summary in sight above it.
    const summary = document.querySelector(".error-summary");
    const wrong = summary && firstWrong(summary);
    if (wrong) {
      summary.scrollIntoView({ block: "start" });
      wrong.focus({ preventScroll: true });
      wrong.scrollIntoView({ block: "nearest" });
      return;
    }
    const first = document.querySelector("[data-focus]");
    if (first) first.focus();
  });
})();
