/* What makes the portal's pages nicer where scripts run. Every page works without it. */
(() => {
  "use strict";

  document.querySelector("[data-focus]")?.focus();

  // A form is sent once, and not at all while there is no connection: what was typed stays on the page.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      const removing = event.submitter?.name === "remove";
      if (!removing && form.dataset.sent) return event.preventDefault();
      if (!navigator.onLine && form.dataset.offline) {
        event.preventDefault();
        return tell(form, form.dataset.offline);
      }
      if (removing) return;
      form.dataset.sent = "yes";
      const button = event.submitter ?? form.querySelector(".actions .button");
      if (!button) return;
      const words = [...button.childNodes];
      button.setAttribute("aria-disabled", "true");
      if (form.dataset.sending) button.textContent = form.dataset.sending;
      // Coming back by the browser's button, the form is as it was and may be sent again.
      addEventListener("pageshow", () => {
        delete form.dataset.sent;
        button.removeAttribute("aria-disabled");
        button.replaceChildren(...words);
      }, { once: true });
    });
  }

  function tell(form, text) {
    let box = form.querySelector(".offline");
    if (!box) {
      box = document.createElement("p");
      box.className = "offline";
      box.setAttribute("role", "alert");
      form.append(box);
      addEventListener("online", () => box.remove(), { once: true });
    }
    box.textContent = text;
  }

  // Chosen files: named, measured, and taken away one by one; choosing again adds.
  for (const input of document.querySelectorAll("input[data-files]")) {
    const list = input.parentElement.querySelector(".chosen");
    // The browser's own control speaks the browser's language; ours speaks the page's.
    input.classList.add("hidden");
    input.nextElementSibling.hidden = false;
    let files = [];
    const put = () => {
      const transfer = new DataTransfer();
      for (const file of files) transfer.items.add(file);
      input.files = transfer.files;
      list.replaceChildren(...files.map(row));
      if (files.length > +input.dataset.maxCount) list.append(line(input.dataset.tooMany.replace("{count}", input.dataset.maxCount)));
    };
    const row = (file) => {
      const large = file.size > +input.dataset.maxBytes;
      const item = line(large ? input.dataset.tooLarge.replace("{name}", file.name) : file.name, large);
      const size = document.createElement("span");
      size.className = "file-size";
      size.textContent = file.size < 1e6 ? `${Math.max(1, Math.round(file.size / 1e3))} KB` : `${(file.size / 1e6).toFixed(1)} MB`;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.textContent = input.dataset.remove;
      button.setAttribute("aria-label", `${input.dataset.remove} ${file.name}`);
      button.addEventListener("click", () => { files = files.filter((other) => other !== file); put(); input.focus(); });
      item.append(size, button);
      return item;
    };
    const line = (text, bad = true) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      name.className = "file-name";
      name.textContent = text;
      item.classList.toggle("bad", bad);
      item.append(name);
      return item;
    };
    input.addEventListener("change", () => {
      const known = new Set(files.map((file) => `${file.name}/${file.size}/${file.lastModified}`));
      files = [...files, ...[...input.files].filter((file) => !known.has(`${file.name}/${file.size}/${file.lastModified}`))];
      put();
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.done;
    });
  }
})();
