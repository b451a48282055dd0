// The bell: how many notices are new. live.js tells when it changes; a panel that was loaded knows it anyway.
(() => {
  const bell = document.getElementById("ws-bell");
  const count = document.getElementById("ws-bell-count");
  if (!bell) return;

  window.wsUnread = (number) => {
    const text = number > 99 ? "99+" : number ? String(number) : "";
    if (count.textContent !== text) count.textContent = text;
  };
  document.addEventListener("live:notice", (event) => window.wsUnread(event.detail.unread));
  document.addEventListener("htmx:afterSettle", () => {
    const list = document.getElementById("ws-bell-list");
    if (list?.dataset.unread) window.wsUnread(Number(list.dataset.unread));
  });
  document.addEventListener("click", (event) => {
    if (bell.open && !bell.contains(event.target)) bell.open = false;
  });
  bell.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !bell.open) return;
    bell.open = false;
    bell.querySelector("summary").focus();
  });
})();
