// While an emergency waits for whoever sees this page, the title of the tab says so; it is read in the row of tabs.
(() => {
  "use strict";
  const place = document.getElementById("ws-alarm");
  if (!place) return;
  const sign = "⚠ ";
  place.addEventListener("htmx:afterSwap", () => {
    const rings = place.querySelector(".em-alarm") !== null;
    const plain = document.title.startsWith(sign) ? document.title.slice(sign.length) : document.title;
    document.title = rings ? sign + plain : plain;
  });
})();
