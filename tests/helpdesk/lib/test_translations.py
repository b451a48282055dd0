import gettext
from pathlib import Path

import pytest

from helpdesk.lib import translations

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
def words(n):
    # Translators: on the button
    return _("Send"), pgettext("month", "May"), ngettext("%(n)d file", "%(n)d files", n) % {"n": n}
"""
TEMPLATE = """
{% load i18n %}{% translate "Send" %} {% translate "May" context "verb" %}
{% blocktranslate trimmed with who=user.name count n=files|length %}
  {{ who }} has {{ n }} file
{% plural %}
  {{ who }} has {{ n }} files
{% endblocktranslate %}
"""
CHINESE = {
    "Send": "发送",
    "month|May": "五月",
    "verb|May": "可以",
    "%(n)d file": "%(n)d 个文件",
    "%(who)s has %(n)s file": "%(who)s 有 %(n)s 个文件",
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "words.py").write_text(PYTHON)
    (tmp_path / "app" / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def complete(base: Path) -> Path:
    locale = base / "locale"
    translations.update(base, ["app"], locale)
    catalog = translations.load(translations.catalog_path(locale))
    filled, unused = translations.merge(catalog, CHINESE)
    translations.save(catalog, translations.catalog_path(locale))
    assert (filled, unused) == (5, [])
    return locale


def check(base: Path) -> list[str]:
    return list(translations.check(base, ["app"], base / "locale").lines())


def test_from_code_to_compiled(base: Path) -> None:
    locale = complete(base)
    assert check(base) == []
    (compiled,) = translations.compile_catalogs(locale)
    with compiled.open("rb") as stream:
        said = gettext.GNUTranslations(stream)
    assert said.gettext("Send") == "发送"
    assert (said.pgettext("month", "May"), said.pgettext("verb", "May")) == ("五月", "可以")
    for number in (1, 2):
        assert said.ngettext("%(n)d file", "%(n)d files", number) == "%(n)d 个文件"


def test_check_tells_what_is_untranslated_missing_and_stale(base: Path) -> None:
    complete(base)
    (base / "app" / "words.py").write_text("_('Close'); _('Send')")
    assert check(base) == ["missing: 'Close'", "stale: '%(n)d file'", "stale: 'May'"]
    translations.update(base, ["app"], base / "locale")
    assert check(base) == ["untranslated: 'Close'"]


def test_check_tells_what_is_fuzzy(base: Path) -> None:
    path = translations.catalog_path(complete(base))
    path.write_text(path.read_text().replace('msgid "Send"', '#, fuzzy\nmsgid "Send"'))
    assert check(base) == ["fuzzy: 'Send'"]


def test_moving_code_changes_nothing(base: Path) -> None:
    path = translations.catalog_path(complete(base))
    before = path.read_bytes()
    (base / "app" / "words.py").write_text("\n\n\n" + PYTHON)
    translations.update(base, ["app"], base / "locale")
    assert path.read_bytes() == before


def test_merge_tells_what_no_text_asks_for(base: Path) -> None:
    translations.update(base, ["app"], base / "locale")
    catalog = translations.load(translations.catalog_path(base / "locale"))
    assert translations.merge(catalog, {"Sned": "发送"}) == (0, ["Sned"])


def test_compiling_again_does_nothing(base: Path) -> None:
    locale = complete(base)
    assert len(translations.compile_catalogs(locale)) == 1
    assert translations.compile_catalogs(locale) == []
