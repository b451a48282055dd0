// A browser cuts off what does not fit into a field without a word: here it is said.
(() => {
  document.addEventListener("paste", (event) => {
    const field = event.target.closest?.("textarea[maxlength], input[maxlength]");
    if (!field || event.defaultPrevented) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    const selected = (field.selectionEnd ?? 0) - (field.selectionStart ?? 0);
    const over = field.value.length - selected + text.length - field.maxLength;
    const words = document.getElementById("ws-toasts")?.dataset.cut;
    if (over > 0 && words) window.wsUndo.say(words.replace("{n}", over.toLocaleString(document.documentElement.lang)));
  });
})();
