/* Suggestions while something is typed: a combobox with a list, as the ARIA practices describe it.
   Focus stays in the field; the list says by aria-activedescendant which entry is meant.
   `window.suggestions(field, wish)` makes one of any field: `wish.address` answers, `wish.pick`
   takes the entry that was chosen, `wish.last` may make an entry after all others. */
(() => {
  "use strict";
  const { say } = window.site;
  const PAUSE = 200;
  const kinds = { person: "Person" };
  const meaning = new WeakMap();
  let count = 0;

  function combobox(field, { address, pick, last, quiet = false, label = "Suggestions" }) {
    const id = `suggestions-${(count += 1)}`;
    const list = document.createElement("ul");
    list.id = id;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label);
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
      timer = 0;
      asking?.abort();
      asking = null;
    }

    // Between a stroke and the answer to it a list is about to open.
    const isComing = () => Boolean(timer || asking);

    function wait() {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    }

    async function ask() {
      const words = field.value.trim();
      timer = 0;
      asking?.abort();
      asking = null;
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
        const asked = new URL(address, location.href);
        asked.searchParams.set("q", words);
        const response = await fetch(asked, { signal: mine.signal });
        if (!response.ok || mine.signal.aborted) return;
        const { results } = await response.json();
        if (mine !== asking) return;
        show(words, results);
      } catch {
        // Superseded, or no answer: the field works without suggestions.
      } finally {
        if (mine === asking) asking = null;
      }
    }

    function show(words, results) {
      shown = words;
      choose(-1);
      // The old entries stay until the new ones are there: nothing flashes.
      const after = last ? [lastEntry(last(words, results.length), results.length)] : [];
      list.replaceChildren(...results.map(entryOf), ...after);
      if (list.childElementCount) open();
      else close();
      if (!quiet) {
        const found = results.length;
        say(found ? `${found} suggestion${found === 1 ? "" : "s"}` : "No suggestions");
      }
    }

    function blankEntry(place, found) {
      const entry = document.createElement("li");
      entry.id = `${id}-${place}`;
      entry.className = "suggestions__entry";
      entry.setAttribute("role", "option");
      meaning.set(entry, found);
      return entry;
    }

    function entryOf(found, place) {
      const movie = found.kind === "movie";
      const name = movie ? found.title : found.name;
      const entry = blankEntry(place, found);
      const source = movie ? found.poster_url : found.photo_url;
      const picture = document.createElement("span");
      picture.className = "suggestions__picture";
      picture.hidden = found.kind === "keyword";
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
      kind.textContent = movie ? (found.year ?? "Film") : (kinds[found.kind] ?? "");
      entry.append(picture, title, kind);
      return entry;
    }

    function lastEntry({ url, words }, place) {
      const entry = blankEntry(place, { url });
      entry.classList.add("suggestions__entry--all");
      entry.textContent = words;
      return entry;
    }

    function go(entry) {
      forget();
      close();
      pick(meaning.get(entry));
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
      else if (event.key === "Escape" && (isOpen() || isComing())) {
        // Left to the browser, this key would empty a search field.
        forget();
        close();
      } else {
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

  // A search: an entry leads to its page, the last one to all results.
  for (const form of document.querySelectorAll("form[data-suggest]")) {
    const field = form.querySelector("input[type=search]");
    combobox(field, {
      address: form.dataset.suggest,
      quiet: form.dataset.quiet !== undefined,
      pick: (found) => location.assign(found.url),
      // A search looks further than suggestions do, but promises nothing.
      last: (words, found) => ({
        url: `${form.action}?${new URLSearchParams(new FormData(form))}`,
        words: `${found ? "See all results" : "Search"} for “${words}”`,
      }),
    });
    // An emptied field asks nothing: what was found stays, and so does the address to come back to.
    form.addEventListener("htmx:config:request", (event) => {
      const typed = event.detail.ctx.sourceEvent?.type === "input";
      if (typed && !field.value.trim()) event.preventDefault();
    });
  }
  window.suggestions = combobox;
})();
