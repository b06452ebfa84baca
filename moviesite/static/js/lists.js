/* What long lists and the panel of filters gain: the address follows the page that is seen, some
   choices are sent as they are made, a genre is either asked for or left out, the panel closes once
   its films are shown. */
(() => {
  "use strict";

  // ---- The address names the page that is on the screen ----
  // A reload, or coming back, then begins where the reader was.
  const seen = new Map();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) seen.set(entry.target, entry.isIntersecting);
      const here = [...seen].filter(([batch, visible]) => visible && batch.isConnected);
      const batch = here.at(-1)?.[0].closest("[data-batch]");
      if (!batch) return;
      const address = batch.dataset.batch;
      if (address !== location.pathname + location.search) {
        history.replaceState(history.state, "", address);
      }
    },
    { rootMargin: "-45% 0px -45% 0px" },
  );

  function follow(part) {
    const batches = part.querySelectorAll("[data-batch]");
    // A batch has no box of its own; its films do. One page alone needs no watching.
    if (batches.length < 2) return;
    for (const film of part.querySelectorAll("[data-batch] > li:not([data-watched])")) {
      film.dataset.watched = "";
      watch.observe(film);
    }
  }

  // ---- A choice that needs no button ----
  document.addEventListener("change", (event) => {
    event.target.closest?.("form[data-at-once]")?.requestSubmit();
  });

  // ---- The panel of filters: always open beside its films, something to open above them ----
  const panels = document.querySelectorAll("[data-panel]");
  const beside = matchMedia("(min-width: 60rem)");
  function unfold() {
    for (const panel of panels) panel.open = beside.matches;
  }
  if (beside.matches) unfold();
  beside.addEventListener("change", unfold);

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches?.("[data-tri]") || !box.checked) return;
    for (const other of box.closest("li").querySelectorAll("[data-tri]")) {
      if (other !== box) other.checked = false;
    }
  });

  document.addEventListener("submit", (event) => {
    const panel = event.target.closest?.("[data-panel]");
    if (!panel?.open || beside.matches) return;
    panel.open = false;
    const found = document.getElementById("results");
    found?.scrollIntoView({ block: "start" });
  });

  // The button that closes the panel says what it will show.
  function promise() {
    const count = document.querySelector("#results .results__count")?.textContent.trim();
    const button = document.querySelector("[data-panel] [type=submit]");
    if (!button || !count) return;
    button.textContent = /^\d/.test(count) ? `Show ${count}` : "Show films";
  }

  // What was asked for did not come: what stands there is not an answer to it.
  function disown(place) {
    place.querySelector(":scope > [data-unanswered]")?.remove();
    const notice = document.createElement("div");
    notice.className = "notice notice--trouble";
    notice.dataset.unanswered = "";
    notice.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = "No response. Are you online? What you see below is from before.";
    notice.append(words);
    place.prepend(notice);
  }

  // No answer: the numbers of the pages still lead on, and nothing more is awaited.
  document.addEventListener("htmx:error", (event) => {
    const place = document.querySelector(event.target.getAttribute?.("hx-target") ?? "#results");
    if (event.target.matches?.("form[method=get]") && place) disown(place);
    document.getElementById("more")?.removeAttribute("hx-trigger");
    event.stopPropagation();
  });

  promise();
  follow(document);
  document.addEventListener("htmx:after:swap", () => {
    for (const film of seen.keys()) {
      if (film.isConnected) continue;
      watch.unobserve(film);
      seen.delete(film);
    }
    promise();
    follow(document);
  });
})();
