"""Web addresses as text that no program makes a link of: ``hxxps://evil[.]com/pay``, ``name[@]evil[.]com``.

A customer's words are shown so, and everything that was reported as a fraud: nobody opens it by a slip of the hand, no
mail program fetches it for a preview. ``refanged`` reads it back.
"""

from __future__ import annotations

import re

from helpdesk.lib.mail_domains import is_known_name

# Chinese is written without blanks: its punctuation ends an address. Some write other dots; browsers read them as dots.
_DOTS = ".．｡"
_END = "\\s<>\"'“”‘’（）【】《》「」，。；：！？、"
_SCHEME = re.compile(
    rf"([a-z][a-z0-9+-]{{0,20}})(:)(//?|\\\\+)(?=[^{_END}/])([^{_END}/?#\\]*)", re.IGNORECASE
)
_NAME = re.compile(rf"(?<![\w.\-])(?:[\w-]+[{_DOTS}])+(?:[A-Za-z][A-Za-z0-9-]*|[^\W\d_]+)")
#: Files end so, and hosts: "README.md" is a file where nothing else says that it is a host.
_FILES = frozenset({"md", "zip", "mov", "py"})
#: What stands behind a host only: a path, a port, a question.
_GOES_ON = re.compile(r"[/\\]|:\d|[?#][\w=&%/-]")
_MAIL = re.compile(rf"(?<=[\w.+-])@(?=[\w-]+[{_DOTS}])")
_MAILBOX = re.compile(r"((?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?![\w@-]))")
_WRITTEN_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot|点)\s?[\])}]\s?", re.IGNORECASE)
_WRITTEN_AT = re.compile(r"\s?[\[({]\s?(?:@|at)\s?[\])}]\s?", re.IGNORECASE)
_WRITTEN_COLON = re.compile(r"\[:\]")
_WRITTEN_SCHEME = re.compile(r"(?<![A-Za-z0-9])(hxxp|h\*\*p|hxtp|meow)(s?)(?=:)", re.IGNORECASE)


def defanged(text: str) -> str:
    """The same text with every web address in it made harmless; what is harmless already stays."""
    return _NAME.sub(_without_dots, _MAIL.sub("[@]", _SCHEME.sub(_harmless, text)))


def defanged_links(text: str) -> str:
    """As ``defanged``, but e-mail addresses stay: people are written to, in their own case."""
    # After the schemes: what stands before an @ in a web address is no mailbox.
    parts = _MAILBOX.split(_SCHEME.sub(_harmless, text))
    return "".join(part if place % 2 else defanged(part) for place, part in enumerate(parts))


def _harmless(found: re.Match[str]) -> str:
    scheme, _colon, slashes, authority = found.groups()
    web = re.fullmatch(r"http(s?)", scheme, re.IGNORECASE)
    if scheme.lower().startswith("hxxp"):
        return found.group()
    if web is None and slashes != "//":
        return found.group()  # "Note:/path" opens nothing
    start = f"hxxp{web[1].lower()}://" if web else f"{scheme}[:]{slashes}"
    return start + _dots(authority)


def _without_dots(found: re.Match[str]) -> str:
    name = found.group()
    if _is_file(name, found.string, found.start(), found.end()):
        return name
    return _dots(name) if is_known_name(re.sub(f"[{_DOTS}]", ".", name)) else name


def _is_file(name: str, text: str, start: int, end: int) -> bool:
    """One dot, an ending of files, and nothing of a web address before or behind it."""
    stem, _dot, ending = name.rpartition(".")
    return (
        ending.lower() in _FILES
        and bool(stem)
        and not any(dot in stem for dot in _DOTS)
        and stem.lower() != "www"
        and text[max(start - 3, 0) : start] != "[@]"
        and text[max(start - 2, 0) : start] != "//"
        and _GOES_ON.match(text, end) is None
    )


def _dots(name: str) -> str:
    return re.sub(rf"(?<!\[)[{_DOTS}](?!\])", "[.]", name)


def refanged(text: str) -> str:
    """What was defanged, by us or in one of the usual ways, as it was."""
    text = _WRITTEN_COLON.sub(":", _WRITTEN_AT.sub("@", _WRITTEN_DOT.sub(".", text)))
    return _WRITTEN_SCHEME.sub(lambda found: f"http{found[2].lower()}", text)
