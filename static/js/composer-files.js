// Files of a draft: chosen, pasted or dropped anywhere on the ticket; each goes to the server at once, one after another.
(() => {
  const { $, form, tell } = window.WSComposer;
  const waiting = [];
  let busy = false;
  let sendWhenDone = false;

  const list = () => $("#ws-uploads");
  const token = () => $("input[name=csrfmiddlewaretoken]", form()).value;

  function row(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const said = document.createElement("span");
    name.textContent = file.name;
    name.className = "ws-file-name";
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `${file.name}: ${list().dataset.uploading}`);
    said.className = "ws-upload-said";
    item.append(name, bar, said);
    list().append(item);
    return item;
  }

  function failed(item, words, again) {
    item.classList.add("ws-upload-failed");
    $("progress", item)?.remove();
    $(".ws-upload-said", item).textContent = words;
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "ws-link";
      made.textContent = text;
      made.addEventListener("click", () => { item.remove(); act?.(); });
      item.append(made);
    };
    if (again) button(list().dataset.again, again);
    button(list().dataset.away);
  }

  function take(files) {
    if (!form()) return;
    for (const file of files) {
      const item = row(file);
      if (file.size > Number(form().dataset.largest)) failed(item, list().dataset.tooLarge);
      else waiting.push([file, item]);
    }
    next();
  }

  function next() {
    if (busy) return;
    const [file, item] = waiting.shift() || [];
    if (!file) {
      if (sendWhenDone && !$(".ws-upload-failed")) window.WSComposer.send();
      sendWhenDone = false;
      return;
    }
    busy = true;
    const done = () => { busy = false; next(); };
    upload(file, item).then(done, done);
  }

  function upload(file, item) {
    const said = new FormData();
    said.append("csrfmiddlewaretoken", token());
    said.append("attachments", file, file.name);
    return new Promise((settle) => {
      const call = new XMLHttpRequest();
      call.open("POST", form().dataset.files);
      call.setRequestHeader("Accept", "text/html");
      call.upload.addEventListener("progress", (event) => {
        const bar = $("progress", item);
        if (bar && event.lengthComputable) bar.value = event.loaded / event.total;
      });
      call.addEventListener("load", () => {
        if (call.status === 200 && call.getResponseHeader("X-Draft-Version")) {
          item.remove();
          show(call.responseText, Number(call.getResponseHeader("X-Draft-Version")));
        } else {
          failed(item, reason(call), call.status >= 500 || call.status === 0 ? () => take([file]) : null);
        }
        settle();
      });
      call.addEventListener("error", () => { failed(item, list().dataset.failed, () => take([file])); settle(); });
      call.send(said);
    });
  }

  function reason(call) {
    try {
      return JSON.parse(call.responseText).said || list().dataset.failed;
    } catch {
      return list().dataset.failed;
    }
  }

  function show(html, version) {
    $("#ws-draft-files").outerHTML = html;
    tell("files", { version });
  }

  document.addEventListener("change", (event) => {
    if (event.target.id !== "ws-files") return;
    take([...event.target.files]);
    event.target.value = ""; // with the draft now: sent with it, not once more with the form
  });

  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length || !event.target.closest?.("#ws-composer")) return;
    // A table out of a spreadsheet comes as text and as a picture: the text is meant.
    if (event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    take(files.map(named));
  });

  // A screenshot is called image.png, whichever it is.
  function named(file) {
    if (!/^image\.\w+$/.test(file.name)) return file;
    const now = new Date();
    const stamp = [now.getHours(), now.getMinutes(), now.getSeconds()].map((n) => String(n).padStart(2, "0")).join("");
    return new File([file], file.name.replace("image", `screenshot-${stamp}`), { type: file.type });
  }

  const carriesFiles = (event) => form() && event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const mark = () => document.documentElement.classList.toggle("ws-dropping", depth > 0);
  document.addEventListener("dragenter", (event) => { if (carriesFiles(event)) { depth += 1; mark(); } });
  document.addEventListener("dragleave", (event) => { if (carriesFiles(event)) { depth = Math.max(depth - 1, 0); mark(); } });
  document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    depth = 0;
    mark();
    if (!carriesFiles(event)) return;
    event.preventDefault(); // beside the page's own fields it would replace the page
    take([...event.dataTransfer.files]);
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    const said = new FormData();
    said.append("csrfmiddlewaretoken", token());
    try {
      const answer = await fetch(button.dataset.remove, { method: "POST", body: said, redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.text(), Number(answer.headers.get("X-Draft-Version")));
      $("#ws-text").focus();
    } catch {
      $("#ws-trouble").hidden = false;
    }
  });

  // What is on its way belongs to what is sent: it goes out when the last file is there.
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "ws-composer" || !(busy || waiting.length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sendWhenDone = true;
  }, true);
})();
