/* What the forms of an account gain: a password can be looked at while it is typed. */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-reveal]");
    if (!button) return;
    const field = document.getElementById(button.dataset.reveal);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.textContent = shown ? "Show" : "Hide";
    button.setAttribute("aria-pressed", String(!shown));
  });

  // What is sent is a password again, so that browsers offer to keep it and never to complete it.
  document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll("[data-reveal][aria-pressed=true]")) {
      document.getElementById(button.dataset.reveal).type = "password";
    }
  });
})();
