/* What pages gain from JavaScript: the mood button, row buttons, spoken messages, toasts that leave,
   placeholders for pictures that do not come, and the poster that travels to its page. */
(() => {
  "use strict";
  const root = document.documentElement;

  // ---- Theme: system, matinee, late show ----
  const moods = ["system", "matinee", "late"];
  const names = { system: "System", matinee: "Matinee", late: "Late show" };
  const currentMood = () => root.dataset.mood ?? "system";

  function showMood(button) {
    const mood = currentMood();
    const next = moods[(moods.indexOf(mood) + 1) % moods.length];
    button.querySelector("[data-mood-word]").textContent = names[mood];
    button.setAttribute("aria-label", `Theme: ${names[mood]}. Change to ${names[next]}`);
    button.title = `Theme: ${names[mood]}`;
  }

  function changeMood(button) {
    const mood = moods[(moods.indexOf(currentMood()) + 1) % moods.length];
    if (mood === "system") delete root.dataset.mood;
    else root.dataset.mood = mood;
    try {
      if (mood === "system") localStorage.removeItem("mood");
      else localStorage.setItem("mood", mood);
    } catch {
      // The choice then lasts for this page.
    }
    showMood(button);
    say(`Theme: ${names[mood]}`);
  }

  // ---- Spoken messages ----
  function say(words) {
    const region = document.getElementById("messages");
    if (!region) return;
    region.textContent = "";
    setTimeout(() => {
      region.textContent = words;
    }, 60);
  }

  // ---- What the other scripts use of this one, once all have run ----
  window.site = {
    say,
    // A click that is not to open a tab or a window.
    plain: (event) => !(event.metaKey || event.ctrlKey || event.shiftKey || event.button),
    // A form that is refused for what is in it is drawn again by its own answer.
    redrawn: ({ status }) => [409, 412, 422].includes(status),
  };

  const pace = () =>
    matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";

  // ---- Toasts leave by themselves and never take the focus ----
  const span = 12000;
  // What was just pressed must not stay under the words about it; the style sheet says how far up.
  function uncover(toast) {
    const held = document.activeElement;
    if (!held || held === document.body || toast.contains(held)) return;
    const { top, bottom } = held.getBoundingClientRect();
    if (top > innerHeight || bottom < toast.getBoundingClientRect().top) return;
    held.scrollIntoView({ block: "nearest", behavior: pace() });
  }

  function linger() {
    for (const toast of document.querySelectorAll("[data-toast]:not([data-timed])")) {
      toast.dataset.timed = "";
      uncover(toast);
      const leave = () => {
        if (!toast.isConnected) return;
        if (toast.matches(":hover, :focus-within")) setTimeout(leave, 3000);
        else toast.remove();
      };
      setTimeout(leave, span);
    }
  }
  document.addEventListener("click", (event) => {
    event.target.closest?.("[data-toast-close]")?.closest("[data-toast]").remove();
  });

  const toasts = document.getElementById("toasts");
  if (toasts) {
    new MutationObserver(linger).observe(toasts, { childList: true });
    linger();
    // What a page brings along is not read aloud; what changes on it is.
    const brought = [...toasts.querySelectorAll(".toast__words")].map((one) => one.textContent);
    if (brought.length) say(brought.join(" "));
  }

  // ---- Menus close when the reader goes elsewhere ----
  const menus = ".whoami[open], .menu[open]";
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(menus)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(menus)) {
      const within = menu.contains(document.activeElement);
      menu.open = false;
      if (within) menu.querySelector("summary").focus();
    }
  });

  // ---- Rows ----
  function steer(row) {
    const track = row.querySelector("[data-row-track]");
    const buttons = [...row.querySelectorAll("[data-row-step]")];
    if (!track || !buttons.length) return;
    const refresh = () => {
      const room = track.scrollWidth - track.clientWidth;
      const place = Math.abs(track.scrollLeft);
      for (const button of buttons) {
        const back = Number(button.dataset.rowStep) < 0;
        button.disabled = back ? place < 4 : place > room - 4;
        button.parentElement.toggleAttribute("data-idle", room < 4);
      }
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        const direction = getComputedStyle(track).direction === "rtl" ? -1 : 1;
        const step = Number(button.dataset.rowStep) * direction * track.clientWidth * 0.85;
        track.scrollBy({ left: step, behavior: pace() });
      });
    }
    track.addEventListener("scroll", refresh, { passive: true });
    new ResizeObserver(refresh).observe(track);
    refresh();
  }

  // ---- Pictures that do not come ----
  // A poster gives way to its title, a face to two letters; others leave their frame empty.
  function standIn(image) {
    if (!image.isConnected) return;
    if (image.dataset.title) replaceByTitle(image, image.dataset.title);
    else if (image.dataset.letters) replaceByLetters(image, image.dataset.letters);
    else image.classList.add("is-missing");
  }

  function replaceByLetters(image, letters) {
    const blank = document.createElement("span");
    blank.className = image.closest(".portrait") ? "portrait__letters" : "";
    blank.setAttribute("aria-hidden", "true");
    blank.textContent = letters;
    image.replaceWith(blank);
  }

  function replaceByTitle(image, words) {
    const blank = document.createElement("div");
    blank.className = "blank";
    blank.setAttribute("aria-hidden", "true");
    const title = document.createElement("span");
    title.className = "blank__title";
    title.dir = "auto";
    title.textContent = words;
    blank.append(title);
    image.replaceWith(blank);
  }

  document.addEventListener(
    "error",
    (event) => {
      if (event.target instanceof HTMLImageElement) standIn(event.target);
    },
    true,
  );

  // ---- The poster travels from its card to its page and back ----
  let chosen = null;
  const travel = (poster) => {
    for (const old of document.querySelectorAll(".travelling")) old.classList.remove("travelling");
    poster?.classList.add("travelling");
  };
  const posterOf = (url) => {
    if (!url) return null;
    const path = new URL(url).pathname;
    const link = [...document.querySelectorAll(".card__title a")].find((a) => a.pathname === path);
    return link?.closest(".card").querySelector(".poster") ?? null;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a");
    chosen = link?.closest(".card")?.querySelector(".poster") ?? null;
  });
  addEventListener("pageswap", (event) => {
    if (!event.viewTransition) return;
    const there = event.activation?.entry?.url;
    travel(chosen ?? posterOf(there) ?? document.querySelector(".note__poster .poster"));
  });
  addEventListener("pagereveal", (event) => {
    if (!event.viewTransition) return;
    const here = document.querySelector(".note__poster .poster");
    travel(here ?? posterOf(globalThis.navigation?.activation?.from?.url));
    event.viewTransition.finished.finally(() => travel(null));
  });

  // ---- Begin, and begin again for what htmx brings ----
  function begin(part) {
    for (const row of part.querySelectorAll("[data-row]:not([data-steered])")) {
      row.dataset.steered = "";
      steer(row);
    }
    for (const image of part.querySelectorAll("img")) {
      if (image.complete && image.naturalWidth === 0) standIn(image);
    }
  }

  const mood = document.querySelector("[data-mood-button]");
  if (mood) {
    showMood(mood);
    mood.addEventListener("click", () => changeMood(mood));
  }
  begin(document);
  // An empty field is no question: keep it out of the address.
  document.addEventListener("htmx:config:request", (event) => {
    const { body } = event.detail.ctx.request;
    if (event.target.method !== "get" || !(body instanceof FormData)) return;
    for (const [name, value] of [...body]) if (value === "") body.delete(name);
  });

  // ---- What is typed leaves one entry in the history, not one for each pause ----
  let typing = false;
  let typed = "";
  document.addEventListener("htmx:config:request", (event) => {
    typing = event.detail.ctx.sourceEvent?.type === "input";
  });
  document.addEventListener("htmx:before:history:update", (event) => {
    const change = event.detail.history;
    if (typing && location.href === typed) change.type = "replace";
  });
  document.addEventListener("htmx:after:history:update", () => {
    typed = typing ? location.href : "";
  });

  document.addEventListener("htmx:after:swap", () => {
    begin(document);
    const news = document.querySelector("#results [data-say]");
    if (news) say(news.dataset.say);
  });
})();
