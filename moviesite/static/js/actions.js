/* Quick actions: a button answers before the server does, one tab stop leads to all of them,
   the slip opens as a window. */
(() => {
  "use strict";
  const { plain, redrawn } = window.site;
  const waiting = new Map();
  const rows = ".quick--card";
  const slip = document.getElementById("slip");
  const fits = typeof slip?.showModal === "function";
  let asker = null;

  // ---- Buttons of the page's one form are sent by themselves, and the slip is fetched ----
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target.id !== "quick" || !button) return;
    event.preventDefault();
    const kind = kindOf(button);
    const address = button.getAttribute("formaction");
    remember(button);
    // The button may be gone by then, and its events with it.
    htmx.ajax("POST", address, { source: button, swap: "none" }).finally(() => {
      settle(kind);
      goOn();
    });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.quick__act:not([data-dialog])");
    if (!link || !fits || !plain(event)) return;
    event.preventDefault();
    asker = link;
    htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#slip", swap: "innerHTML" });
  });

  // ---- What was pressed may leave with what it did: the keyboard goes on where it stood ----
  let last = null;
  let byKeys = false;
  const visible = () =>
    [...document.querySelectorAll("main [form=quick]")].filter((one) => one.checkVisibility());

  function remember(button) {
    byKeys = button.matches(":focus-visible");
    // A message's way back is no place to stay at: it leads to where the change was made.
    if (button.closest("main")) last = { button, number: visible().indexOf(button) };
  }
  function goOn() {
    if (!byKeys || !last || document.activeElement !== document.body) return;
    const all = visible();
    const here = last.button?.isConnected ? last.button : all[last.number] ?? all.at(-1);
    (here ?? document.getElementById("main")).focus({ preventScroll: true });
  }
  // A page that is drawn again finds the place in its entry of the history.
  document.addEventListener("htmx:after:request", ({ detail }) => {
    if (!byKeys || !last || !detail.ctx.response.headers.has("HX-Refresh")) return;
    history.replaceState({ ...history.state, spot: last.number }, "");
  });
  const { spot, ...entry } = history.state ?? {};
  if (spot !== undefined) {
    history.replaceState(entry, "");
    last = { number: spot };
    byKeys = true;
    goOn();
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-toast-close]") && !event.detail) goOn();
  });

  // ---- A button is pressed at once ----
  const acts = (group) => [...group.querySelectorAll(".quick__act")];
  const press = (button, on) => {
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? "0" : "1";
  };
  const kindOf = (button) => button.getAttribute("formaction").split("?")[0];
  const copies = (kind) =>
    [...document.querySelectorAll("button.quick__act")].filter((one) => kindOf(one) === kind);
  const pressed = (event) => event.target.closest?.("button.quick__act");

  document.addEventListener("htmx:before:request", (event) => {
    const button = pressed(event);
    if (!button) return;
    const kind = kindOf(button);
    const wanted = event.detail.ctx.request.body?.get("keep") === "1";
    waiting.set(kind, { wanted, count: (waiting.get(kind)?.count ?? 0) + 1 });
    for (const copy of copies(kind)) press(copy, wanted);
  });

  function settle(kind) {
    const entry = waiting.get(kind);
    if (!entry) return;
    entry.count -= 1;
    if (entry.count < 1) waiting.delete(kind);
  }
  function takeBack(button) {
    const kind = button && kindOf(button);
    const entry = kind && waiting.get(kind);
    if (!entry) return;
    entry.wanted = !entry.wanted;
    keepWaiting();
  }

  // An answer to one button must not take back another that is still on its way.
  function keepWaiting() {
    for (const [kind, { wanted }] of waiting) for (const copy of copies(kind)) press(copy, wanted);
  }

  // ---- What went wrong is said where the way back would be ----
  function complain(words) {
    const place = document.getElementById("toasts");
    if (!place) return;
    // What lies under an open dialog can be neither seen nor heard.
    document.querySelector("dialog[open]")?.close();
    slip?.replaceChildren();
    const toast = document.createElement("div");
    toast.className = "toast toast--trouble";
    toast.dataset.toast = "";
    const text = document.createElement("p");
    text.className = "toast__words";
    text.textContent = words;
    toast.append(text);
    place.replaceChildren(toast);
  }

  const words = {
    409: "This has changed since, or can no longer be undone.",
    429: "That was a little fast. Wait a moment and try again.",
    503: "This cannot be done right now. Nothing was changed.",
  };
  // As the site's own pages say it.
  function span(seconds) {
    if (seconds <= 5) return "a few seconds";
    if (seconds < 90) return `${seconds} seconds`;
    const minutes = Math.ceil(seconds / 60);
    return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(seconds / 3600)} hours`;
  }
  function reason({ status, headers }) {
    const wait = Number(headers.get("Retry-After"));
    if (status === 429 && wait) return `That was a little fast. Try again in ${span(wait)}.`;
    return words[status] ?? "That did not work. Nothing was changed.";
  }
  // A form that is not drawn again stays with all that was typed. Dialogs speak for themselves.
  const quiet = "[form=quick], a.quick__act, [data-quiet-fault]";
  const isForm = (source) => source.matches?.("form[method=post]") && !source.closest("#dialog");
  document.addEventListener("htmx:response:error", (event) => {
    const source = event.target;
    const { ctx } = event.detail;
    const untold = isForm(source) && !redrawn(ctx.response);
    if (!untold && !source.matches?.(quiet)) return;
    ctx.swap = "none";
    takeBack(pressed(event));
    complain(reason(ctx.response));
  });
  document.addEventListener("htmx:error", (event) => {
    const source = event.target;
    if (!isForm(source) && !source.matches?.(quiet)) return;
    takeBack(pressed(event));
    complain("No response. Are you online? Nothing was changed.");
    event.stopPropagation();
  }, true);

  // ---- One tab stop for all buttons; arrows go between them ----
  function rove(part) {
    for (const group of part.querySelectorAll(rows)) {
      const all = acts(group);
      const here = all.find((act) => act === document.activeElement) ?? all[0];
      for (const act of all) act.tabIndex = act === here ? 0 : -1;
    }
  }
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    const group = event.target.closest?.(rows);
    if (!group || !event.target.matches(".quick__act")) return;
    const all = acts(group);
    const at = all.indexOf(event.target);
    const rtl = getComputedStyle(group).direction === "rtl";
    let next = null;
    if (event.key === "Home") next = all[0];
    else if (event.key === "End") next = all.at(-1);
    else if (event.key in steps) {
      const turn = rtl && /Left|Right/.test(event.key) ? -1 : 1;
      next = all[(at + steps[event.key] * turn + all.length) % all.length];
    }
    if (!next) return;
    event.preventDefault();
    for (const act of all) act.tabIndex = act === next ? 0 : -1;
    next.focus();
  });

  // ---- By touch they open from one button ----
  function toggle(group, open) {
    group.toggleAttribute("data-open", open);
    group.querySelector(".quick__more")?.setAttribute("aria-expanded", String(open));
  }
  function closeOthers(but) {
    for (const group of document.querySelectorAll("[data-quick][data-open]")) {
      if (group !== but) toggle(group, false);
    }
  }
  document.addEventListener("click", (event) => {
    const more = event.target.closest?.(".quick__more");
    const group = event.target.closest?.("[data-quick]");
    closeOthers(group);
    if (more) toggle(group, !group.hasAttribute("data-open"));
  });

  // ---- The slip ----
  function openSlip() {
    if (!fits || slip.open || !slip.firstElementChild) return;
    slip.showModal();
    (slip.querySelector("input:checked") ?? slip.querySelector("input[type=radio]"))?.focus();
  }
  slip?.addEventListener("close", () => {
    slip.replaceChildren();
    if (asker?.isConnected) asker.focus();
    asker = null;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    closeOthers(null);
  });
  // A cell that is pressed says all; the keys go through the cells first.
  document.addEventListener("pointerup", (event) => {
    const cell = event.target.closest?.("#slip .marksheet__cell");
    if (cell) cell.dataset.pressed = "";
  });
  document.addEventListener("change", (event) => {
    const cell = event.target.closest?.("#slip .marksheet__cell");
    if (!cell) return;
    if ("pressed" in cell.dataset) event.target.form.requestSubmit();
    delete cell.dataset.pressed;
  });

  rove(document);
  document.addEventListener("htmx:after:swap", (event) => {
    keepWaiting();
    rove(document);
    if (slip?.firstElementChild && !slip.open) openSlip();
    else if (slip?.open && event.target.closest?.("#slip form")) slip.close();
  });
})();
