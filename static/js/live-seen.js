// Which of the new messages were seen: the composer's field "seen" says so, and decides whether a reply is stopped
// because something newer was not read. It moves on only when a message has stood in view, to its end, for a moment.
//
// In view is not read while one writes: the list follows its end by itself. So a colleague's answer that came after a
// text was begun is not seen as long as the text stands there, and nothing behind it is; the check before sending then
// asks, once. What a customer adds is seen when the hands have rested for that moment.
window.WSSeen = (() => {
  const main = document.querySelector("[data-live]");
  if (!main) return null;
  const words = JSON.parse(main.dataset.liveWords);
  const LOOKS = 400, GLANCE = 1200;
  const $ = (selector) => document.querySelector(selector);
  const log = () => $("#ws-conversation");
  const field = () => $("#ws-composer input[name=seen]");
  const scrolls = (part) => /auto|scroll/.test(getComputedStyle(part).overflowY);
  const number = (id) => Number(id.replace("message-", ""));
  const isColleagues = (node) => node.matches(".ws-from-staff:not(.ws-taken-back)");

  // By their ids: a message may be drawn anew before it was seen. `came`: when it came in; `shown`: since when it has
  // stood in view; both by this machine's steady clock.
  let unread = [];
  let looking = 0, begun = null, typed = 0;

  function add(nodes) {
    const came = performance.now();
    for (const { id } of nodes) if (!unread.some((one) => one.id === id)) unread.push({ id, came, shown: null });
    unread.sort((one, other) => number(one.id) - number(other.id));
    look();
  }

  function look() {
    clearTimeout(looking);
    follow();
    unread = unread.filter(({ id }) => document.getElementById(id) && !(number(id) <= Number(field()?.value)));
    while (unread.length && wasSeen(unread[0])) advance(unread.shift());
    below();
    if (unread.length) looking = setTimeout(look, LOOKS);
  }

  // Since when there has been a text in the composer, however it got there.
  function follow() {
    if (!$("#ws-text")?.value.trim()) begun = null;
    else begun ??= performance.now();
  }
  document.addEventListener("input", (event) => {
    if (event.target.id !== "ws-text") return;
    typed = performance.now();
    follow();
  });
  // What came in with an act of one's own has to be looked at like all else.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.target.id !== "ws-conversation" || !field()) return;
    const said = [...log().querySelectorAll(".ws-said[id]:not(.ws-note, .ws-forwarded)")];
    add(said.filter((node) => number(node.id) > Number(field().value)));
  });

  // Its end stands in view, on a page that is looked at, and has for a moment.
  function wasSeen(one) {
    const node = document.getElementById(one.id);
    if (document.hidden || !isInView(node)) {
      one.shown = null;
      return false;
    }
    if (isColleagues(node) && begun !== null && begun < one.came + GLANCE) return false;
    one.shown ??= performance.now();
    return performance.now() - (begun === null ? one.shown : Math.max(one.shown, typed)) >= GLANCE;
  }

  function isInView(node) {
    const { bottom } = node.getBoundingClientRect();
    const frame = (scrolls(log()) ? log() : main).getBoundingClientRect();
    return bottom > Math.max(frame.top, 0) && bottom <= Math.min(frame.bottom, innerHeight) + 4;
  }

  function advance({ id }) {
    if (field() && number(id) > Number(field().value)) field().value = number(id);
  }

  // "2 new messages": they are further down.
  function below() {
    let button = $("#ws-below");
    const end = log()?.getBoundingClientRect().bottom;
    const under = unread.map(({ id }) => document.getElementById(id)).filter((node) => node.getBoundingClientRect().top > end - 8);
    if (!under.length) {
      button?.remove();
      return;
    }
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.id = "ws-below";
      button.className = "ws-button ws-button-main ws-below";
      button.addEventListener("click", () => {
        document.getElementById(unread[0]?.id)?.scrollIntoView({ block: "nearest" });
        log().focus({ preventScroll: true });
        look();
      });
      log().after(button);
    }
    const text = words.newMessages[under.length === 1 ? 0 : 1].replace("{n}", under.length);
    if (button.textContent !== text) button.textContent = text;
  }

  return { add };
})();
