"""The form by which anybody reports a scam."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.actions.customers import checked_email
from accounts.models import Brand
from helpdesk.lib.defang import defanged
from helpdesk.lib.errors import Invalid
from tickets.actions.scams import MAX_REMARK, ScamSaid
from tickets.choices import ScamKind
from tickets.portal.forms import Form, form_of
from tickets.portal.questions import Question
from tickets.rules.intake import clean_line
from tickets.rules.scams import Sign, guess, read_sign
from tickets.rules.secrets.guard import guard
from tickets.rules.secrets.words import in_words

MOST_LINES = 5
MANY_WORDS = 8


def scam_form(typed: QueryDict, *, guest: bool) -> Form:
    questions = [
        Question(
            "kind",
            "radios",
            _("What is it?"),
            options=[
                ("", _("I am not sure")),
                *((kind.value, str(kind.label)) for kind in ScamKind if kind != ScamKind.PICTURE),
            ],
            required=False,
        ),
        Question(
            "what",
            "long_text",
            _("The link, number or address"),
            _("One in each line, at most five. Do not open it again; we do not open it either."),
            required=False,
            max_length=2600,
        ),
        Question(
            "remark",
            "long_text",
            _("What did they say or want?"),
            _("Copy their message, if you have it. No passwords, no codes."),
            required=False,
            max_length=MAX_REMARK,
        ),
        Question(
            "lost",
            "yes_no",
            _("Did you lose money, or give something away?"),
            required=False,
            options=[("yes", _("Yes")), ("no", _("No"))],
        ),
    ]
    if guest:
        hint = _("Only if you want an answer.")
        questions.append(
            Question("email", "email", _("Your e-mail address"), hint, required=False, autocomplete="email")
        )
    form = form_of(questions, typed)
    what = form.question("what")
    # No link or number has so many words: what was typed here may be a recovery phrase, which no page repeats.
    what.value = "\n".join(line for line in what.value.splitlines() if len(line.split()) < MANY_WORDS)
    before, after = what.value.splitlines(), guard(what.value).text.splitlines()
    what.value = "\n".join(line for line in after if line in before)
    remark = form.question("remark")
    remark.value = guard(remark.value).text
    return form


def read_scam(form: Form, typed: QueryDict, *, brand: Brand) -> ScamSaid | None:
    """Judge the whole form; None when something is wrong, and then it says so."""
    signs = _signs(form, typed, brand)
    remark = typed.get("remark", "").strip()
    if len(remark) > MAX_REMARK:
        words = _("This is longer than %(limit)s characters. Please shorten it or attach it as a file.")
        form.question("remark").error = words % {"limit": MAX_REMARK}
    if not (signs or remark or form.kept or form.has_errors or form.file_errors):
        form.question("what").error = _("Give us the link, number or address, or a picture of it.")
    if form.has_errors:
        return None
    return ScamSaid(
        brand=brand,
        signs=signs,
        remark=remark,
        lost_money=typed.get("lost") == "yes",
        has_picture=bool(form.kept),
        origin_key=form.key,
    )


def _signs(form: Form, typed: QueryDict, brand: Brand) -> list[Sign]:
    lines = [line for line in (clean_line(line) for line in typed.get("what", "").splitlines()) if line]
    question, kind = form.question("what"), typed.get("kind", "")
    if len(lines) > MOST_LINES:
        question.error = _("At most five lines fit here. Write the rest below.")
        return []
    if kinds := guard("\n".join(lines)).kinds:
        question.error = in_words(kinds)
        return []
    found = []
    for line in lines:
        sign = _sign(line, kind, brand.country or "CN")
        if sign is None:
            words = _(
                "“%(line)s” is no link, number or address as we know them. Look it over, or write it below."
            )
            shown = line if len(line.split()) < MANY_WORDS else "…"
            question.error = words % {"line": defanged(shown[:80])}
            return []
        found.append(sign)
    return found


def _sign(line: str, kind: str, region: str) -> Sign | None:
    if kind in ScamKind.values and kind != ScamKind.PICTURE:
        return read_sign(ScamKind(kind), line, region=region)
    return guess(line, region=region)


def read_email(form: Form, typed: QueryDict) -> str:
    """In one spelling; empty where none was given, or none that can be kept."""
    try:
        return checked_email(clean_line(typed.get("email", "")))
    except Invalid as problem:
        form.question("email").error = problem.fields["email"]
        return ""
