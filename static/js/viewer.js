// Pictures and texts of a conversation, looked at in place: ← → from one to the next, + - 0 their size, Escape back.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const viewer = () => $("#ws-viewer");
  const stage = () => $(".ws-viewer-stage", viewer());
  const STEPS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];
  let links = [], at = 0, zoom = 0;  // zoom 0: as large as fits

  const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) && (event.button ?? 0) === 0;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#ws-conversation [data-view]");
    if (!link || !viewer() || !isPlain(event)) return;
    event.preventDefault();
    links = [...document.querySelectorAll("#ws-conversation [data-view]")].filter((one) => one.checkVisibility?.() ?? true);
    if (!links.includes(link)) links = [link];
    viewer().showModal();
    show(links.indexOf(link));
  });

  function show(place) {
    at = place;
    zoom = 0;
    const { name, download, view } = links[at].dataset;
    $("#ws-viewer-name").textContent = name;
    const words = viewer().dataset.words.replace("{place}", at + 1).replace("{count}", links.length);
    $("[data-place]", viewer()).textContent = links.length > 1 ? words : "";
    $("[data-download]", viewer()).href = download;
    for (const button of viewer().querySelectorAll("[data-step]")) {
      button.hidden = links.length < 2;
      button.disabled = !links[at + Number(button.dataset.step)];
    }
    if (view === "picture") picture(links[at]);
    else text(links[at]);
    stage().focus({ preventScroll: true });
  }

  function picture(link) {
    const image = new Image();
    image.alt = link.dataset.name;
    image.addEventListener("error", broken);
    image.addEventListener("load", size);
    image.src = link.href;
    stage().replaceChildren(image);
    size();
  }

  async function text(link) {
    stage().replaceChildren();
    try {
      const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const part = document.createElement("template");
      part.innerHTML = await answer.text();
      if (links[at] !== link) return;  // gone on meanwhile
      stage().replaceChildren(part.content);
      size();
    } catch {
      if (links[at] === link) broken();
    }
  }

  function broken() {
    const said = document.createElement("p");
    said.className = "ws-message ws-message-error";
    said.setAttribute("role", "alert");
    said.textContent = viewer().dataset.broken;
    stage().replaceChildren(said);
  }

  // ── Size ──────────────────────────────────────────────────────────────────────────────────────────────────
  function size() {
    const image = $("img", stage()), pre = $("pre", stage());
    stage().classList.toggle("ws-zoomed", zoom !== 0);
    if (image) image.style.width = zoom ? `${image.naturalWidth * zoom}px` : "";
    if (pre) pre.style.fontSize = zoom ? `${zoom}em` : "";
  }

  function resize(how) {
    const image = $("img", stage());
    const now = zoom || (image?.naturalWidth ? image.clientWidth / image.naturalWidth : 1);
    if (how === "fit") zoom = 0;
    else if (how === "in") zoom = STEPS.find((step) => step > now + 0.01) ?? now;
    else zoom = STEPS.findLast((step) => step < now - 0.01) ?? now;
    size();
  }

  // ── Hands ─────────────────────────────────────────────────────────────────────────────────────────────────
  function step(by) {
    if (links[at + by]) show(at + by);
  }

  document.addEventListener("click", (event) => {
    if (!viewer()?.open || !event.target.closest("#ws-viewer")) return;
    const button = event.target.closest("button");
    if (button?.dataset.step) step(Number(button.dataset.step));
    else if (button?.dataset.zoom) resize(button.dataset.zoom);
    else if (button || event.target === viewer() || event.target === stage()) viewer().close();
    else if (event.target.matches("img")) resize(zoom ? "fit" : "in");
  });

  const KEYS = {
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    "+": () => resize("in"),
    "=": () => resize("in"),
    "-": () => resize("out"),
    0: () => resize("fit"),
    d: () => $("[data-download]", viewer()).click(),
  };
  document.addEventListener("keydown", (event) => {
    if (!viewer()?.open || event.isComposing || event.keyCode === 229 || !isPlain(event) && event.key !== "+") return;
    if (!KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  // Back to the file that was looked at last.
  document.addEventListener("close", (event) => {
    if (event.target !== viewer()) return;
    stage().replaceChildren();
    links[at]?.focus();
  }, true);
})();
