/* A trailer plays on the page once somebody asks for it, and nothing of its site is loaded before. */
(() => {
  "use strict";
  const players = {
    YouTube: (key) => `https://www.youtube-nocookie.com/embed/${key}?autoplay=1&rel=0`,
    Vimeo: (key) => `https://player.vimeo.com/video/${key}?autoplay=1&dnt=1`,
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-player]");
    const address = players[link?.dataset.player];
    if (!address || !window.site.plain(event)) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.src = address(encodeURIComponent(link.dataset.key));
    frame.title = link.textContent.trim().replace(/\s+/g, " ");
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.tabIndex = 0;
    const player = document.createElement("div");
    player.className = "player";
    player.append(frame);
    for (const other of document.querySelectorAll(".player")) other.remove();
    link.after(player);
    frame.focus();
  });
})();
