"""Catalogues without a system gettext: extract from code and templates, merge, check, compile. All by Babel.

Catalogues are sorted and name files without line numbers, so that moving a function changes nothing in them.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

DOMAIN = "django"
LOCALE = "zh_Hans"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATE_SUFFIXES = {".html", ".txt"}
COMMENT_TAGS = ("Translators:",)
# Babel's own header carries the date of each run.
HEADER = f"""\
# Simplified Chinese. `make messages` keeps this file level with the code.
msgid ""
msgstr ""
"Language: {LOCALE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
Key = tuple[str | None, str]


@dataclass
class Report:
    """What stands between a catalogue and being complete."""

    missing: list[str] = field(default_factory=list)
    untranslated: list[str] = field(default_factory=list)
    fuzzy: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        for kind in ("missing", "untranslated", "fuzzy", "stale"):
            yield from (f"{kind}: {text!r}" for text in getattr(self, kind))


def catalog_path(locale_dir: Path) -> Path:
    return locale_dir / LOCALE / "LC_MESSAGES" / f"{DOMAIN}.po"


def sources(base: Path, apps: Iterable[str]) -> Iterator[Path]:
    """Python files and templates that may hold texts, in a steady order."""
    for app in apps:
        for path in sorted((base / app).rglob("*")):
            parts = path.relative_to(base).parts
            if "migrations" in parts or "static" in parts:
                continue
            if path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "templates" in parts):
                yield path


def texts_of(path: Path) -> Iterator[tuple[Any, list[str], str | None]]:
    """(msgid or (singular, plural), translators' comments, context) of one file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Indentation means nothing in a template, and much to the reader of Python that looks for the texts.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    stream = io.BytesIO(source.encode())
    for _line, msgid, comments, context in extract("python", stream, KEYWORDS, COMMENT_TAGS):
        if msgid and msgid != ("", ""):
            yield msgid, comments, context


def extract_all(base: Path, apps: Iterable[str]) -> Catalog:
    """Every text in the product, not yet translated."""
    catalog = _new_catalog()
    for path in sources(base, apps):
        place = (path.relative_to(base).as_posix(), 0)
        for msgid, comments, context in texts_of(path):
            catalog.add(msgid, locations=[place], auto_comments=comments, context=context)
            _forget_repeats(catalog.get(_first(msgid), context))
    return catalog


def load(path: Path) -> Catalog:
    if not path.exists():
        return _new_catalog()
    with path.open("rb") as stored:
        return read_po(stored, locale=LOCALE, domain=DOMAIN)


def save(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalog, width=110, sort_output=True, omit_header=True, include_lineno=False)
    path.write_bytes(HEADER.encode() + written.getvalue())


def update(base: Path, apps: Iterable[str], locale_dir: Path) -> Catalog:
    """Bring the catalogue level with the code: new texts come in empty, texts that are gone go."""
    path = catalog_path(locale_dir)
    known, fresh = load(path), extract_all(base, apps)
    for message in _messages(fresh):
        old = known.get(_first(message.id), message.context)
        if old is not None and old.string and not old.fuzzy:
            message.string = _fit(message, old.string)
    save(fresh, path)
    return fresh


def merge(catalog: Catalog, translations: Mapping[str, str]) -> tuple[int, list[str]]:
    """Fill in by {"English": "中文"}, or {"context|English": "中文"}. Returns how many fitted, and which did not."""
    filled, used = 0, set()
    for message in _messages(catalog):
        english = _first(message.id)
        for name in (f"{message.context}|{english}" if message.context else english, english):
            if translations.get(name):
                message.string = _fit(message, translations[name])
                message.flags.discard("fuzzy")
                used.add(name)
                filled += 1
                break
    return filled, sorted(set(translations) - used)


def check(base: Path, apps: Iterable[str], locale_dir: Path) -> Report:
    known, fresh = load(catalog_path(locale_dir)), extract_all(base, apps)
    report = Report()
    wanted = {_key(message) for message in _messages(fresh)}
    for message in _messages(fresh):
        stored = known.get(_first(message.id), message.context)
        if stored is None:
            report.missing.append(_first(message.id))
        elif stored.fuzzy:
            report.fuzzy.append(_first(message.id))
        elif not stored.string or not all(_strings(stored)):
            report.untranslated.append(_first(message.id))
    report.stale = [_first(message.id) for message in _messages(known) if _key(message) not in wanted]
    return report


def compile_catalogs(locale_dir: Path) -> list[Path]:
    """Write the .mo files that are older than their .po. Whole or not at all: servers may be reading them."""
    written = []
    for path in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as stored:
            catalog = read_po(stored, locale=path.parent.parent.name, domain=path.stem)
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as stream:
            write_mo(stream, catalog)
        unfinished.rename(target)
        written.append(target)
    return written


def _new_catalog() -> Catalog:
    return Catalog(locale=LOCALE, domain=DOMAIN, charset="utf-8", fuzzy=False)


def _messages(catalog: Catalog) -> Iterator[Message]:
    """All but the header."""
    return (message for message in catalog if message.id)


def _first(msgid: Any) -> str:
    return str(msgid if isinstance(msgid, str) else msgid[0])


def _key(message: Message) -> Key:
    return (message.context, _first(message.id))


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _fit(message: Message, string: Any) -> Any:
    """Chinese has one plural form: a plural text's translation is a tuple of one."""
    text = string if isinstance(string, str) else (string[0] if string else "")
    return (text,) if message.pluralizable else text


def _forget_repeats(message: Message | None) -> None:
    if message is not None:
        message.locations = sorted(set(message.locations))
