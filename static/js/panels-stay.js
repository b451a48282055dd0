// The panels beside a conversation are drawn anew with every act: they stay where they were scrolled to, and what came of
// an act in them, a refusal or a forecast, is brought to view. For what colleagues do, live-ticket.js does the like.
(() => {
  const PANELS = ["ws-customer", "ws-context"];
  const tops = new Map();
  const isPanel = (element) => PANELS.includes(element.id);

  document.addEventListener("htmx:oobBeforeSwap", ({ target }) => {
    if (isPanel(target)) tops.set(target.id, target.scrollTop);
  }, true);

  function stay(panel) {
    if (tops.has(panel.id)) panel.scrollTop = tops.get(panel.id);
  }

  function showOutcome(panel, path) {
    const form = [...panel.querySelectorAll("form")].find((one) => path && one.getAttribute("action") === path);
    const wrong = form?.querySelector("[aria-invalid=true]");
    const outcome = wrong ? wrong.closest(".ws-field") ?? wrong : form?.querySelector("[role=alert], [role=status]");
    outcome?.scrollIntoView({ block: "nearest" });
  }

  // At once, so that nothing is seen to jump; and when its cards are opened and closed as they were.
  document.addEventListener("htmx:oobAfterSwap", ({ target }) => { if (isPanel(target)) stay(target); });
  document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
    if (!isPanel(target) || !tops.has(target.id)) return;
    stay(target);
    tops.delete(target.id);
    showOutcome(target, detail?.pathInfo?.requestPath);
  });
})();
