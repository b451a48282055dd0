"""Searching texts that people wrote by parts, without their contact data.

What is masked for staff must not be found by a part: it could be read out letter by letter. PostgreSQL takes it out
before it looks; for caution more than is masked: all that hangs on an @, each number of 7 digits and more, and whatever
word follows the name of a messenger. A whole number is found all the same.
"""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Case, F, Func, Q, TextField, Value, When
from django.db.models.lookups import IContains, Regex

from accounts.rules.capabilities import STAFF_ROLES

#: As ``accounts.rules.contact_patterns``, in PostgreSQL's words, for text in NFKC.
_WORD = r"[^\s，。；：！？、,;:!?<>()\"]*"
_AT = r"(?:@|%40|&#64;|&commat;|\\uff20|\[@\])"
_BETWEEN = r"[\s().\-–‐·/_]{0,3}"
_MESSENGER = r"(?:qq|扣扣|企鹅号|微信|薇信|wechat|weixin|vx|wx|v信)"
_NAMED = r"\s?(?:号码|號碼|账号|帐号|帳號|号|號|id|number|account|no\.)?\s{0,2}(?:[:=]|是|为|為|is)?\s{0,2}"
_CONTACT = (
    rf"{_WORD}\s{{0,2}}{_AT}\s{{0,2}}{_WORD}"
    rf"|\d(?:{_BETWEEN}\d){{6,}}"
    rf"|{_MESSENGER}{_NAMED}[a-z0-9_\-]{{5,20}}"
)
_NUMBER = re.compile(rf"\+?\d(?:{_BETWEEN}\d){{6,18}}")
#: In their place: nothing that anybody types into a field of one line.
_GONE = "\n"


def without_contacts(path: str) -> Func:
    """The column as far as it may be searched by parts."""
    patterns = (Value(_CONTACT), Value(_GONE), Value("gi"))
    return Func(_normal(path), *patterns, function="regexp_replace", output_field=TextField())


def shown_email(path: str = "") -> Case:
    """The log-in of a colleague, which is shown; of a customer, nothing. ``path`` leads to the user ("user__")."""
    of_staff = When(**{f"{path}role__in": sorted(STAFF_ROLES)}, then=F(f"{path}email"))
    return Case(of_staff, default=Value(""), output_field=TextField())


def stands_in(path: str, text: str) -> Q:
    """Rows whose text holds this part of its words, or this whole number in any usual spelling."""
    text = unicodedata.normalize("NFKC", text).strip()
    if _NUMBER.fullmatch(text):
        digits = _BETWEEN.join(re.sub(r"\D", "", text))
        return Q(Regex(_normal(path), rf"(?<!\d){digits}(?!{_BETWEEN}\d)"))
    return Q(IContains(without_contacts(path), text))


def _normal(path: str) -> Func:
    in_nfkc = "%(function)s(%(expressions)s, NFKC)"
    return Func(F(path), function="normalize", template=in_nfkc, output_field=TextField())
