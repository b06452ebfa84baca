/* Fields of the filters that people and keywords are added by: names are offered while one is
   typed, the chosen one becomes a mark that can be taken away. Without this a name is looked up by
   the server, as it is here for a name that is typed and sent. */
(() => {
  "use strict";
  const cross = "m6.5 6.5 11 11M17.5 6.5l-11 11";

  function shape(name, attributes, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  // The same markup as the server's.
  function pickOf(name, found) {
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", className: "tri__box", name, value: found.id });
    box.checked = true;
    const words = document.createElement("span");
    words.dir = "auto";
    words.textContent = found.name;
    const icon = shape("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" });
    icon.append(shape("path", { d: cross }));
    const label = document.createElement("label");
    label.className = "pick";
    label.append(box, words, icon);
    const item = document.createElement("li");
    item.append(label);
    return item;
  }

  function add(picker, found) {
    const { name } = picker.dataset;
    const picked = picker.querySelector(".picked");
    picked.querySelector(".picked__unknown")?.remove();
    if (picked.querySelector(`input[value="${Number(found.id)}"]`)) return;
    let list = picked.querySelector("ul");
    if (!list) {
      list = document.createElement("ul");
      list.className = "picked__list";
      list.setAttribute("role", "list");
      picked.append(list);
    }
    list.append(pickOf(name, found));
    list.lastElementChild.querySelector("input").dispatchEvent(
      new Event("change", { bubbles: true }),
    );
  }

  function prepare(picker) {
    const field = picker.querySelector(".picker__field .input");
    window.suggestions?.(field, {
      address: picker.dataset.suggest,
      label: picker.dataset.picker === "person" ? "People" : "Keywords",
      pick: (found) => {
        field.value = "";
        add(picker, found);
      },
    });
    // A name half typed is no filter yet: only choosing or sending makes it one.
    field.addEventListener("change", (event) => event.stopPropagation());
    picker.addEventListener("change", (event) => {
      const box = event.target;
      if (!box.closest(".pick") || box.checked) return;
      field.focus();
    });
  }

  const pickers = [...document.querySelectorAll("[data-picker]")];
  // By then the script that offers names has run as well.
  document.addEventListener("DOMContentLoaded", () => pickers.forEach(prepare));

  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (!event.target.matches?.("[data-filters]") || ctx.sourceEvent?.type === "submit") return;
    for (const { dataset } of pickers) ctx.request.body?.delete?.(dataset.picker);
  });
  // A name that was understood has become a mark; one that was not stays to be put right.
  document.addEventListener("htmx:after:swap", () => {
    for (const picker of pickers) {
      const field = picker.querySelector(".picker__field .input");
      const unknown = picker.querySelector(".picked__unknown");
      if (unknown) field.setAttribute("aria-describedby", unknown.id);
      else field.removeAttribute("aria-describedby");
      if (field.dataset.sent === field.value && !unknown) field.value = "";
      delete field.dataset.sent;
    }
  });
  document.addEventListener("submit", (event) => {
    for (const picker of pickers) {
      if (!event.target.contains(picker)) continue;
      const field = picker.querySelector(".picker__field .input");
      field.dataset.sent = field.value;
    }
  });
})();
