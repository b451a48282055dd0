"""axe-core in a page, and what it cannot see: width on a phone, and colours in the other theme."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
#: What the theme can change. All else is the same in both.
COLOURS = ("color-contrast", "link-in-text-block")
SIZES = ("target-size",)
GRAVE = frozenset({"serious", "critical"})
DESK = {"width": 1360, "height": 900}
#: The narrowest that WCAG 1.4.10 asks for, and a desk's window at 200 %.
PHONE, ZOOMED = {"width": 320, "height": 640}, {"width": 640, "height": 450}

#: A target that a floating part covers is scrolled out from under it: what its size is, and what its neighbours have
#: left of theirs, cannot be told there.
_RUN = """async ([only, left]) => {
  const found = await axe.run({exclude: left.map((one) => [one])},
    {runOnly: only, resultTypes: ["violations"], iframes: false});
  const floats = (style) => ["fixed", "sticky"].includes(style.position) || Number(style.zIndex) > 0;
  const floating = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
    && floats(getComputedStyle(one)));
  const under = (selector) => {
    const target = document.querySelector(selector), own = target.getBoundingClientRect();
    return floating.some((one) => {
      const box = one.getBoundingClientRect();
      return !one.contains(target) && box.top < own.bottom + 12 && box.bottom > own.top - 12
        && box.left < own.right + 12 && box.right > own.left - 12;
    });
  };
  const besides = (node) => [...node.any, ...node.all, ...node.none].flatMap((check) => check.relatedNodes);
  const covered = (node) => [node, ...besides(node)].some((one) => under(one.target[0]));
  for (const rule of found.violations) {
    if (rule.id === "target-size") rule.nodes = rule.nodes.filter((node) => !covered(node));
  }
  return found;
}"""
_THEME = """(theme) => {
  const names = document.documentElement.classList;
  names.toggle("dark", theme === "dark");
  names.toggle("light", theme === "light");
}"""
_STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
_WIDTH = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return "";
  const broad = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
    && one.getBoundingClientRect().right > width + 1 && getComputedStyle(one).position !== "fixed");
  return `${document.documentElement.scrollWidth} px: ` + broad.slice(0, 4).map((one) =>
    `${one.tagName.toLowerCase()}.${one.className}`).join(", ");
}"""


@dataclass(frozen=True)
class Inspector:
    """``excluded`` are selectors of markup that is not ours to change."""

    page: Page
    excluded: Sequence[str] = ()

    def findings(self, *, narrow: bool = True) -> list[str]:
        """All that is grave on the page as it stands, in words; the page is left in the light, at a desk."""
        self.page.add_style_tag(content=_STILL)
        self.page.evaluate(AXE_SCRIPT)
        found = [*self._in("light", tags=TAGS), *self._in("dark", rules=COLOURS)]
        self.page.evaluate(_THEME, "light")
        return found + (self._narrow() if narrow else [])

    def _in(self, theme: str, *, tags: Sequence[str] = (), rules: Sequence[str] = ()) -> Iterator[str]:
        self.page.evaluate(_THEME, theme)
        for words in self._axe(tags=tags, rules=rules):
            yield f"{theme}: {words}"

    def _narrow(self) -> list[str]:
        found = []
        for name, size in (("200 %", ZOOMED), ("320 px", PHONE)):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            if broad := self.page.evaluate(_WIDTH):
                found.append(f"{name}: sideways, {broad}")
        found += [f"320 px: {words}" for words in self._axe(rules=SIZES)]
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        return found

    def _axe(self, *, tags: Sequence[str] = (), rules: Sequence[str] = ()) -> Iterator[str]:
        only = {"type": "tag", "values": list(tags)} if tags else {"type": "rule", "values": list(rules)}
        result = self.page.evaluate(_RUN, [only, list(self.excluded)])
        for violation in result["violations"]:
            for node in violation["nodes"]:
                if violation["impact"] in GRAVE:
                    yield f"{violation['id']}: {_words(node)}"


def _words(node: dict[str, Any]) -> str:
    failed = [check["message"] for check in (*node["any"], *node["all"], *node["none"])]
    html = re.sub(r"\s+", " ", node["html"])[:140]
    return f"{html} ({failed[0] if failed else node['target']})"
