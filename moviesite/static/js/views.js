/* Says once that a film's page is looked at: when it has been in front of somebody for a while. */
(() => {
  "use strict";
  const address = document.querySelector("[data-views]")?.dataset.views;
  if (!address) return;
  const span = 2500;
  let timer = 0;

  function count() {
    document.removeEventListener("visibilitychange", watch);
    // Nobody waits for the answer, and none is needed.
    fetch(address, { method: "POST", keepalive: true }).catch(() => {});
  }
  function watch() {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(count, span);
  }
  document.addEventListener("visibilitychange", watch);
  watch();
})();
