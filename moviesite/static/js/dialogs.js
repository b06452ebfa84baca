/* What the signed-in gain on any page: links that open in a dialog instead of a page of their own,
   and addresses that are copied by a button. Both work as plain links and fields without this. */
(() => {
  "use strict";

  function say(words) {
    const region = document.getElementById("messages");
    if (!region) return;
    region.textContent = "";
    setTimeout(() => {
      region.textContent = words;
    }, 60);
  }

  // ---- Dialogs ----
  let opener = null;

  function made() {
    const known = document.getElementById("dialog");
    if (known) return known;
    const dialog = document.createElement("dialog");
    dialog.id = "dialog";
    dialog.className = "dialog";
    dialog.setAttribute("aria-labelledby", "dialog-title");
    const head = document.createElement("div");
    head.className = "dialog__head";
    const title = document.createElement("h2");
    title.id = "dialog-title";
    title.dir = "auto";
    const close = document.createElement("button");
    close.className = "button button--bare dialog__close";
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    head.append(title, close);
    const body = document.createElement("div");
    body.className = "dialog__body";
    body.id = "dialog-body";
    dialog.append(head, body);
    // A click beside the sheet is a click on the dialog itself.
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener("close", () => {
      body.replaceChildren();
      opener?.focus();
      opener = null;
    });
    document.body.append(dialog);
    return dialog;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-dialog]");
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (!link || !plain || !globalThis.htmx) return;
    event.preventDefault();
    opener = link;
    const dialog = made();
    dialog.querySelector("#dialog-title").textContent = link.dataset.dialog;
    dialog.querySelector("#dialog-body").textContent = "One moment…";
    dialog.showModal();
    htmx.ajax("GET", link.href, { target: "#dialog-body", swap: "innerHTML" });
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
      say("The address is selected: copy it from there.");
      return;
    }
    button.textContent = "Copied";
    say("The address is copied.");
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
