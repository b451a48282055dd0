// How long still, said anew as time goes by: each <time data-left> holds the moment, the words come from the server.
// Steps of a minute; of a second where less than ten minutes are left. A hidden page rests, and so does motion that the
// reader wants less of. None of it stands in a live region: a screen reader says it when asked, not at every step.
(() => {
  const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60, DAY = 24 * HOUR;
  const CLOSE = 10 * MINUTE;
  const main = document.querySelector("[data-countdown]");
  if (!main) return;
  const words = JSON.parse(main.dataset.countdown);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const say = (pattern, values) => pattern.replace(/%\((\w+)\)s/g, (all, name) => values[name]);

  // The server's clock, by how much it is ahead of this machine's.
  let heard = 0, ahead = 0;
  function setClock() {
    for (const element of document.querySelectorAll("[data-now]")) {
      const now = Number(element.dataset.now);
      if (now > heard) {
        heard = now;
        ahead = now - Date.now();
      }
    }
  }

  // The same figures as on the server: 12 min, 3 h 20 min, 2 d 4 h, 12 d.
  function span(length) {
    const minutes = Math.floor(length / MINUTE);
    if (minutes < HOUR) return say(words.m, { m: Math.max(minutes, 1) });
    if (minutes < DAY) {
      const [h, m] = [Math.floor(minutes / HOUR), minutes % HOUR];
      return say(m ? words.hm : words.h, { h, m });
    }
    const [d, h] = [Math.floor(minutes / DAY), Math.floor((minutes % DAY) / HOUR)];
    return say(d < 7 && h ? words.dh : words.d, { d, h });
  }

  function bySeconds(length) {
    const [m, s] = [Math.floor(length / MINUTE), Math.floor((length % MINUTE) / SECOND)];
    const seconds = say(words.s, { s });
    if (!m) return seconds;
    return say(words.ms, { span: say(words.m, { m }), s: String(s).padStart(2, "0") });
  }

  // Says it, and gives back in how many thousandths of a second it is to be said anew.
  function tell(element, now) {
    const left = Date.parse(element.dateTime) - now;
    const fine = left >= 0 && left < CLOSE && !calm.matches;
    const text = left < 0 ? say(words.over, { span: span(-left) })
      : say(words.in, { span: fine ? bySeconds(left) : span(left) });
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle("ws-due-over", left < 0);
    element.classList.toggle("ws-due-soon", left >= 0 && left <= words.soon * SECOND);
    const step = fine ? SECOND : MINUTE;
    return left < 0 ? step - (-left % step) : (left % step) + 1;
  }

  let waiting = 0;
  function tick() {
    clearTimeout(waiting);
    const shown = document.querySelectorAll("time[data-left]");
    if (document.hidden || !shown.length) return;
    const now = Date.now() + ahead;
    const next = Math.min(...[...shown].map((element) => tell(element, now)));
    waiting = setTimeout(tick, Math.max(next, 50));
  }

  function begin() {
    setClock();
    tick();
  }
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx:afterSettle", begin);
  calm.addEventListener("change", tick);
  begin();
})();
