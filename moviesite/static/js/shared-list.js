/* A shared list while it is open: asks only for what it does not have, rests while nobody looks,
   and shows what is new. The page is whole without this. */
(() => {
  "use strict";
  const live = document.getElementById("live");
  if (!live) return;
  const now = () => live.querySelector("[data-tag]");
  let tag = now()?.dataset.tag;
  let films = (now()?.dataset.films ?? "").split(",");

  const say = (words) => window.site.say(words);

  live.addEventListener("htmx:config:request", (event) => {
    if (event.target !== live) return;
    if (document.hidden) {
      event.preventDefault();
      return;
    }
    if (tag) event.detail.ctx.request.headers["If-None-Match"] = `W/"${tag}"`;
  });

  // A call that failed is made again in two seconds; nobody needs to hear of it.
  live.addEventListener("htmx:error", (event) => event.stopPropagation());

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && live.isConnected) htmx.trigger(live, "again");
  });

  document.addEventListener("htmx:after:swap", () => {
    if (!live.isConnected) {
      say("This link no longer works.");
      return;
    }
    const found = now();
    if (!found || found.dataset.tag === tag) return;
    tag = found.dataset.tag;
    const shown = found.dataset.films.split(",");
    const fresh = shown.filter((film) => film && !films.includes(film));
    const gone = films.filter((film) => film && !shown.includes(film));
    for (const film of fresh) document.getElementById(`film-${film}`)?.classList.add("is-new");
    films = shown;
    if (fresh.length) {
      const titles = fresh.map((film) =>
        document.querySelector(`#film-${film} .entry__title a`)?.textContent);
      say(`New in this list: ${titles.join(", ")}`);
    } else if (gone.length) say("A film was removed from this list.");
    else say("This list was updated.");
  });
})();
