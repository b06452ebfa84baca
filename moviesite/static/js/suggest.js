/* Suggestions while a search is typed: a combobox with a list, as the ARIA practices describe it.
   Focus stays in the field; the list says by aria-activedescendant which entry is meant. */
(() => {
  "use strict";
  const PAUSE = 200;
  let count = 0;

  function combobox(form) {
    const field = form.querySelector("input[type=search]");
    const id = `suggestions-${(count += 1)}`;
    const list = document.createElement("ul");
    list.id = id;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    list.hidden = true;
    field.after(list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id,
      "aria-haspopup": "listbox",
    })) {
      field.setAttribute(name, value);
    }

    let chosen = -1;
    let timer = 0;
    let asking = null;
    let shown = "";

    const options = () => [...list.children];
    const isOpen = () => !list.hidden;

    function open() {
      if (!list.childElementCount || document.activeElement !== field) return;
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
    }

    function close() {
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      choose(-1);
    }

    function choose(place) {
      const entries = options();
      entries[chosen]?.removeAttribute("aria-selected");
      chosen = place;
      const entry = entries[place];
      if (!entry) {
        field.removeAttribute("aria-activedescendant");
        return;
      }
      entry.setAttribute("aria-selected", "true");
      field.setAttribute("aria-activedescendant", entry.id);
      entry.scrollIntoView({ block: "nearest" });
    }

    function move(step) {
      if (!isOpen()) {
        open();
        if (!isOpen()) return;
      }
      const last = options().length - 1;
      // Between the last entry and the first lies the field itself.
      const next = chosen + step;
      choose(next > last ? -1 : next < -1 ? last : next);
    }

    function forget() {
      clearTimeout(timer);
      asking?.abort();
      asking = null;
    }

    function wait() {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    }

    async function ask() {
      const words = field.value.trim();
      asking?.abort();
      if (!words) {
        shown = "";
        list.replaceChildren();
        close();
        return;
      }
      if (words === shown) {
        open();
        return;
      }
      const mine = (asking = new AbortController());
      try {
        const address = new URL(form.dataset.suggest, location.href);
        address.searchParams.set("q", words);
        const response = await fetch(address, { signal: mine.signal });
        if (!response.ok || mine.signal.aborted) return;
        const { results } = await response.json();
        if (mine !== asking) return;
        show(words, results);
      } catch {
        // Superseded, or no answer: the field works without suggestions.
      }
    }

    function show(words, results) {
      shown = words;
      choose(-1);
      // The old entries stay until the new ones are there: nothing flashes.
      list.replaceChildren(...results.map(entryOf), lastEntry(words, results.length));
      open();
      if (form.dataset.quiet === undefined) {
        const found = results.length;
        say(found ? `${found} suggestion${found === 1 ? "" : "s"}` : "No suggestions");
      }
    }

    function blankEntry(place, href) {
      const entry = document.createElement("li");
      entry.id = `${id}-${place}`;
      entry.className = "suggestions__entry";
      entry.setAttribute("role", "option");
      entry.dataset.href = href;
      return entry;
    }

    function entryOf(found, place) {
      const movie = found.kind === "movie";
      const name = movie ? found.title : found.name;
      const entry = blankEntry(place, found.url);
      const source = movie ? found.poster_url : found.photo_url;
      const picture = document.createElement("span");
      picture.className = "suggestions__picture";
      if (source) {
        const image = document.createElement("img");
        image.src = source;
        image.alt = "";
        image.width = 32;
        image.height = 48;
        image.decoding = "async";
        picture.append(image);
      }
      const title = document.createElement("span");
      title.className = "suggestions__title";
      title.dir = "auto";
      title.textContent = name;
      const kind = document.createElement("span");
      kind.className = "suggestions__kind";
      kind.textContent = movie ? (found.year ?? "Film") : "Person";
      entry.append(picture, title, kind);
      return entry;
    }

    function lastEntry(words, place) {
      const query = new URLSearchParams(new FormData(form));
      const entry = blankEntry(place, `${form.action}?${query}`);
      entry.classList.add("suggestions__entry--all");
      entry.textContent = `See all results for “${words}”`;
      return entry;
    }

    function go(entry) {
      forget();
      close();
      location.assign(entry.dataset.href);
    }

    field.addEventListener("input", wait);
    field.addEventListener("focus", () => {
      if (field.value.trim() && field.value.trim() === shown) open();
    });
    field.addEventListener("blur", () => {
      forget();
      close();
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const entry = options()[chosen];
      if (event.key === "ArrowDown") move(1);
      else if (event.key === "ArrowUp") move(-1);
      else if (event.key === "Home" && isOpen() && entry) choose(0);
      else if (event.key === "End" && isOpen() && entry) choose(options().length - 1);
      else if (event.key === "Enter" && isOpen() && entry) go(entry);
      else if (event.key === "Escape" && isOpen()) close();
      else {
        if (event.key === "Enter") {
          forget();
          close();
        }
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    // Pressing must not take the focus out of the field before the click counts.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const entry = event.target.closest("[role=option]");
      if (entry) go(entry);
    });
    list.addEventListener("pointermove", (event) => {
      const place = options().indexOf(event.target.closest("[role=option]"));
      if (place >= 0 && place !== chosen) choose(place);
    });
  }

  function say(words) {
    const region = document.getElementById("messages");
    if (region) region.textContent = words;
  }

  for (const form of document.querySelectorAll("form[data-suggest]")) combobox(form);
})();
