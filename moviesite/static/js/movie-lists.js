/* What the owner of a list gains: films are added by name and dragged to their place, the focus
   stays where it was, and what was done is said. Without this the same buttons and fields work as
   forms. */
(() => {
  "use strict";
  const items = document.getElementById("items");
  if (!items) return;

  const say = (words) => window.site.say(words);

  // ---- The focus goes with the film that was moved ----
  let focused = null;
  document.addEventListener("htmx:before:request", (event) => {
    if (items.contains(event.target)) focused = document.activeElement?.id || null;
  });
  document.addEventListener("htmx:after:swap", () => {
    const news = items.querySelector("[data-tell]");
    if (news) say(news.dataset.tell);
    if (!focused) return;
    const kept = document.getElementById(focused);
    const undo = document.getElementById("undo-removal");
    focused = null;
    // A button that reached the end of its way is disabled: its twin takes over.
    const twin = kept?.disabled ? kept.parentElement.querySelector("button[name]:enabled") : kept;
    (twin ?? undo ?? items.querySelector(".entry__title a"))?.focus({ preventScroll: !undo });
  });

  // ---- A film that is named goes to the end ----
  const adding = document.querySelector("[data-add]");
  const field = adding?.querySelector("input[type=search]");

  function add({ id }) {
    field.value = "";
    focused = field.id;
    htmx.ajax("POST", `${adding.dataset.add}${id}${location.search}`, {
      source: adding,
      target: "#items",
      swap: "innerMorph",
      values: { do: "add", csrf_token: document.querySelector("#quick [name=csrf_token]").value },
    });
  }
  // By then the script that offers names has run as well.
  document.addEventListener("DOMContentLoaded", () => {
    if (!adding) return;
    window.suggestions?.(field, { address: adding.dataset.suggestFilms, label: "Films", pick: add });
  });

  // ---- Dragging, by any pointer ----
  let drag = null;
  const EDGE = 80;

  const entries = () => [...items.querySelectorAll("[data-orderly] > .entry")];

  function begin(event) {
    const grip = event.target.closest?.("[data-grip]");
    const entry = grip?.closest(".entry");
    if (!entry || event.button !== 0 || !entry.closest("[data-orderly]")) return;
    event.preventDefault();
    drag = { entry, from: entries().indexOf(entry), y: event.clientY, frame: 0 };
    entry.classList.add("is-dragged");
    items.classList.add("is-sorting");
    scroll();
  }

  function place(y) {
    const others = entries().filter((entry) => entry !== drag.entry);
    const before = others.find((other) => {
      const box = other.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    const list = drag.entry.parentElement;
    if (before ? before !== drag.entry.nextElementSibling : list.lastElementChild !== drag.entry) {
      list.insertBefore(drag.entry, before ?? null);
    }
  }

  // Near the edges of the window the page moves along, so that long lists can be crossed.
  function scroll() {
    if (!drag) return;
    const below = drag.y - (innerHeight - EDGE);
    const above = EDGE - drag.y;
    if (below > 0) scrollBy(0, Math.min(below / 4, 18));
    else if (above > 0) scrollBy(0, -Math.min(above / 4, 18));
    if (below > 0 || above > 0) place(drag.y);
    drag.frame = requestAnimationFrame(scroll);
  }

  function end(cancelled) {
    if (!drag) return;
    const { entry, from, frame } = drag;
    cancelAnimationFrame(frame);
    entry.classList.remove("is-dragged");
    items.classList.remove("is-sorting");
    drag = null;
    const to = entries().indexOf(entry);
    if (cancelled || to === from) {
      const list = entry.parentElement;
      list.insertBefore(entry, entries().filter((other) => other !== entry)[from] ?? null);
      return;
    }
    const form = entry.querySelector("form");
    const field = form.querySelector("[name=place]");
    field.value = Number(field.value) + to - from;
    form.requestSubmit(form.querySelector("[name=do][value=save]"));
  }

  items.addEventListener("pointerdown", begin);
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    drag.y = event.clientY;
    place(event.clientY);
  });
  document.addEventListener("pointerup", () => end(false));
  document.addEventListener("pointercancel", () => end(true));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) end(true);
  });
  // A touch that drags must not scroll the page as well.
  items.addEventListener(
    "touchstart",
    (event) => {
      if (event.target.closest?.("[data-grip]")) event.preventDefault();
    },
    { passive: false },
  );
})();
