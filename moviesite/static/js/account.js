/* What the forms of an account gain: a password can be looked at while it is typed, and a long
   list is sifted by what is typed above it. */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-reveal]");
    if (!button) return;
    const field = document.getElementById(button.dataset.reveal);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    // The name says what comes next; a pressed state besides would say it the other way round.
    button.querySelector("[data-reveal-word]").textContent = shown ? "Show" : "Hide";
  });

  // Names are compared without case and accents.
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  document.addEventListener("input", (event) => {
    const list = document.getElementById(event.target.dataset?.sift ?? "");
    if (!list) return;
    const wanted = plain(event.target.value.trim());
    for (const row of list.children) row.hidden = !plain(row.textContent).includes(wanted);
  });

  // Return looks for something here, and sends nothing.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.dataset?.sift) event.preventDefault();
  });

  // What is sent is a password again, so that browsers offer to keep it and never to complete it.
  document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll("[data-reveal]")) {
      document.getElementById(button.dataset.reveal).type = "password";
    }
  });
})();
