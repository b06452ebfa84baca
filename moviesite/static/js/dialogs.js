/* What the signed-in gain on any page: links that open in a dialog instead of a page of their own,
   and addresses that are copied by a button. Both work as plain links and fields without this. */
(() => {
  "use strict";

  const { say, plain, redrawn } = window.site;

  // ---- Dialogs ----
  let opener = null;

  const dialog = document.getElementById("dialog");
  const body = document.getElementById("dialog-body");

  dialog?.addEventListener("close", () => {
    body.replaceChildren();
    if (opener?.isConnected) opener.focus();
    opener = null;
  });

  // Every dialog is closed by its cross, or by a press beside it: that is one on the dialog itself.
  document.addEventListener("click", (event) => {
    const open = event.target.closest?.("dialog[open]");
    if (open && (event.target === open || event.target.closest("[data-shut]"))) open.close();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-dialog]");
    if (!link || !plain(event) || !globalThis.htmx || !dialog?.showModal) return;
    event.preventDefault();
    opener = link;
    document.getElementById("dialog-title").textContent = link.dataset.dialog;
    body.textContent = "One moment…";
    dialog.showModal();
    htmx.ajax("GET", link.href, { target: "#dialog-body", swap: "innerHTML" });
  });
  function tell(words) {
    const fault = document.createElement("p");
    fault.className = "dialog__fault";
    fault.setAttribute("role", "alert");
    fault.textContent = words;
    if (!body.firstElementChild) body.replaceChildren();
    body.querySelector(".dialog__fault")?.remove();
    body.prepend(fault);
  }
  document.addEventListener("htmx:error", () => {
    if (dialog?.open) tell("No response. Are you online? Try again in a moment.");
  });
  // What was typed stays, unless the answer is about it.
  document.addEventListener("htmx:response:error", ({ target, detail: { ctx } }) => {
    if (!target.closest?.("#dialog form") || redrawn(ctx.response)) return;
    ctx.swap = "none";
    tell("That did not work. Nothing was changed. Try again in a moment.");
  });

  // ---- Copying ----
  async function copy(button) {
    const field = document.getElementById(button.dataset.copy);
    if (!field) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Only secure pages have a clipboard; the address is selected for the reader to copy.
      say("The link is selected. Copy it from there.");
      return;
    }
    button.textContent = "Copied";
    say("Link copied.");
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2000);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button) copy(button);
  });

  // What a dialog's form did is said there; read it aloud as well.
  document.addEventListener("htmx:after:swap", () => {
    const said = document.querySelector("#dialog[open] .adding__said")?.textContent.trim();
    if (said) say(said);
  });
})();
