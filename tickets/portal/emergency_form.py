"""The form of the emergency page: two questions that must be answered, and what helps if it is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, localtime
from django.utils.translation import gettext as _

from accounts.models import Brand, User
from helpdesk.lib import clock
from helpdesk.lib.zones import zone_or_default
from tickets.actions.emergencies import Report
from tickets.choices import Situation
from tickets.portal.forms import Form, form_of
from tickets.portal.questions import Question
from tickets.rules.emergencies import is_likely_secret, read_account, read_phone, secrets_in
from tickets.rules.secrets.guard import OPENS_WALLET
from tickets.rules.secrets.words import named

#: The morning in which somebody is called who asks for the morning.
MORNING = time(9)
#: What helps if it is known.
OPTIONAL = ("left", "phone", "call")
#: Where anything may be typed.
ASKED_IN_WORDS = ("account", "phone")
#: No payment that can still be stopped lies further back.
LONGEST_AGO = timedelta(days=366)


def emergency_form(typed: QueryDict, *, member: User | None = None) -> Form:
    """Empty, or filled with what was typed; but for what may be a secret, which no page repeats."""
    questions = [
        Question(
            "account",
            "text",
            _("Which account?"),
            _(
                "Its phone number, e-mail address or account number. Nothing else: no password, no code, no phrase."
            ),
            autocomplete="username",
            max_length=200,
        ),
        Question("what", "checks", _("What happened?"), _("Choose all that is true."), options=_situations()),
        Question(
            "left",
            "datetime",
            _("If money left: when?"),
            _("Roughly is enough. The police can have a payment stopped within hours."),
            required=False,
        ),
        *call_questions(),
    ]
    form = form_of(questions, typed)
    form.question("what").value = ",".join(chosen(typed))
    forget_secrets(form)
    if not typed and member is not None:
        form.question("account").value = member.email
    return form


def forget_secrets(form: Form) -> None:
    """No page repeats them."""
    for question in form.questions:
        if question.name in ASKED_IN_WORDS and is_likely_secret(question.value):
            question.value = ""


def _situations() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Situation.choices]


def call_questions() -> list[Question]:
    return [
        Question(
            "phone",
            "phone",
            _("Shall we call you? At which number?"),
            _(
                "A number at which you can be reached now. We never ask for a password or a code on the phone."
            ),
            required=False,
            autocomplete="tel",
            max_length=40,
        ),
        Question(
            "call",
            "select",
            _("When shall we call?"),
            required=False,
            options=[
                ("now", _("As soon as possible")),
                ("hour", _("In an hour")),
                ("morning", _("In the morning, from 9:00")),
            ],
        ),
    ]


def chosen(typed: QueryDict) -> Sequence[str]:
    return [value for value in Situation.values if value in typed.getlist("what")]


def read_emergency(form: Form, typed: QueryDict, *, brand: Brand, language: str) -> Report | None:
    """Judge the whole form; None when something is wrong, and then it says so."""
    region = brand.country or "CN"
    account = read_account(typed.get("account", ""), region=region)
    if account is None:
        form.question("account").error = _account_problem(typed.get("account", ""))
    situations = [Situation(value) for value in chosen(typed)]
    if not situations:
        form.question("what").error = _("Choose what happened.")
    left_at = _read_left(form, typed, brand)
    phone, call_at = read_call(form, typed, brand)
    if account is None or form.has_errors:
        return None
    return Report(
        brand=brand,
        account=account,
        situations=situations,
        language=language,
        money_left_at=left_at if Situation.MONEY_GONE in situations else None,
        call_back=phone,
        call_back_at=call_at,
        origin_key=form.key,
    )


def _account_problem(text: str) -> str:
    kinds = secrets_in(text)
    if kinds and not OPENS_WALLET & set(kinds):
        return _(
            "That holds a secret (%(what)s). We never need it, and have thrown it away; below stands what to do "
            "about it. Here, enter a phone number, e-mail address or account number."
        ) % {"what": named(kinds)}
    if kinds:
        return _(
            "That looks like a recovery phrase or key. We never need it, and have thrown it away. Consider it lost: "
            "move what is left to a new wallet. Here, enter a phone number, e-mail address or account number."
        )
    if not text.strip():
        return _("Enter the phone number, e-mail address or account number of your account.")
    return _("Enter a phone number such as 138 0013 8000, an e-mail address, or an account number.")


def _read_left(form: Form, typed: QueryDict, brand: Brand) -> datetime | None:
    text = typed.get("left", "").strip()
    if not text:
        return None
    try:
        found = parse_datetime(text)
        if found is not None and is_naive(found):
            found = found.replace(tzinfo=zone_or_default(brand.time_zone))
        fits = found is not None and clock.now() - LONGEST_AGO < found < clock.now() + timedelta(days=1)
    except (ValueError, OverflowError):
        found, fits = None, False
    if not fits:
        form.question("left").error = _("Enter date and time such as 2026-03-02 14:30, or leave it empty.")
        return None
    return found


def read_call(
    form: Form, typed: QueryDict, brand: Brand, *, required: bool = False
) -> tuple[str, datetime | None]:
    """(number, not before), as ``actions.call_backs`` takes them; errors are put beside the field."""
    text = typed.get("phone", "").strip()
    phone = read_phone(text, region=brand.country or "CN") if text else ""
    if not phone and (text or required):
        form.question("phone").error = _("Enter a phone number that can be called, such as 138 0013 8000.")
    return phone, _call_at(typed.get("call", ""), brand)


def _call_at(when: str, brand: Brand) -> datetime | None:
    now = clock.now().replace(second=0, microsecond=0)
    if when == "hour":
        return now + timedelta(hours=1)
    if when != "morning":
        return None
    local = localtime(now, zone_or_default(brand.time_zone))
    day = local.date() + timedelta(days=local.time() >= MORNING)
    return datetime.combine(day, MORNING, tzinfo=local.tzinfo)
