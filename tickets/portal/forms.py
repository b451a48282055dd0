"""The form that opens a case and the one that answers in it: judged as a whole, shown again with what was typed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from helpdesk.lib.errors import Invalid, Text
from tickets.actions import attachments, intake
from tickets.models import Category
from tickets.portal import drafts
from tickets.portal.drafts import Draft
from tickets.portal.questions import Question, answers_in, questions_of
from tickets.queries.categories import specs_of
from tickets.rules.forms import check_answers
from tickets.rules.intake import MAX_BODY, clean_line

_KEY = re.compile(r"[A-Za-z0-9_-]{22,64}")


def new_key() -> str:
    """Names one act of sending; the same form twice is the same act."""
    return secrets.token_urlsafe(24)


@dataclass
class Form:
    """Fields in the order of the page, files kept from an earlier try, and a problem of the form as a whole."""

    key: str
    questions: list[Question]
    kept: list[Draft] = field(default_factory=list)
    file_errors: list[Text] = field(default_factory=list)
    problem: Text = ""

    def question(self, name: str) -> Question:
        return next(question for question in self.questions if question.name == name)

    @property
    def has_errors(self) -> bool:
        return bool(self.problem or self.errors)

    @property
    def errors(self) -> list[tuple[str, Text]]:
        """(where it leads, what is wrong), in the order of the page, the files last."""
        said = [(question.first_id, question.error) for question in self.questions if question.error]
        return said + [("id_attachments", text) for text in self.file_errors]

    def refuse(self, refused: Invalid, *, prefix: str = "") -> None:
        """Put each message beside its field; one without a field here stands over the whole form."""
        for name, message in refused.fields.items():
            if name == "attachments":
                self.file_errors.append(message)
            elif any(question.name == prefix + name for question in self.questions):
                self.question(prefix + name).error = message
            else:
                self.problem = message

    def take(self, check: Callable[..., Any], *args: Any, prefix: str = "", **kwargs: Any) -> Any:
        """The result of a check; None when it refused, and then the form says so."""
        try:
            return check(*args, **kwargs)
        except Invalid as refused:
            self.refuse(refused, prefix=prefix)
            return None

    @property
    def room(self) -> int:
        """How many more files fit."""
        return max(0, settings.ATTACHMENT_MAX_COUNT - len(self.kept))

    @property
    def files(self) -> list[File[bytes]]:
        return [file for draft in self.kept if (file := draft.open()) is not None]

    def done(self) -> None:
        """It was sent: what was put aside is not needed any more."""
        drafts.drop(self.kept)


def case_form(category: Category, typed: Mapping[str, str], *, guest: bool) -> Form:
    """Empty, or filled with what was typed."""
    questions = [
        Question(
            "subject",
            "text",
            _("Your problem in one sentence"),
            _("For example: my withdrawal has not arrived for three days"),
            max_length=200,
        ),
        *questions_of(category, typed),
        Question(
            "body",
            "long_text",
            _("What happened?"),
            _("Write in your own words: what you did, what you saw, what you need."),
            max_length=MAX_BODY,
        ),
    ]
    if guest:
        questions += [
            Question(
                "name",
                "text",
                _("Your name"),
                _("As we should address you."),
                required=False,
                autocomplete="name",
                max_length=80,
            ),
            Question(
                "email",
                "email",
                _("Your e-mail address"),
                _("We answer to this address."),
                autocomplete="email",
            ),
        ]
    return _filled(Form(new_key(), questions), typed)


def reply_form(typed: Mapping[str, str], *, label: str, hint: str = "", required: bool = True) -> Form:
    question = Question("body", "long_text", label, hint, required=required, max_length=MAX_BODY)
    return _filled(Form(new_key(), [question]), typed)


def form_of(questions: list[Question], typed: Mapping[str, str]) -> Form:
    """A form of one's own, filled with what was typed."""
    return _filled(Form(new_key(), questions), typed)


def _filled(form: Form, typed: Mapping[str, str]) -> Form:
    for question in form.questions:
        question.value = typed.get(question.name, "")
    key = typed.get("key", "")
    if _KEY.fullmatch(key):
        form.key = key
    return form


def read_files(form: Form, request: HttpRequest) -> None:
    """Gather the files: kept ones, less those taken away, and new ones. Good new ones are put aside at once,
    whatever else is wrong with the form; each bad one is named.
    """
    typed: QueryDict = request.POST
    form.kept = drafts.find(typed.getlist("kept"), form_key=form.key)
    gone = set(typed.getlist("remove"))
    drafts.drop(draft for draft in form.kept if draft.signed in gone)
    form.kept = [draft for draft in form.kept if draft.signed not in gone]
    sent = [_admitted(form, file) for file in request.FILES.getlist("attachments")]
    good = [file for file in sent if file is not None]
    left_over = [file.name or "" for file in good[form.room :]]
    form.kept += drafts.keep(good[: form.room], form_key=form.key)
    _say_what_was_left_out(form, request, left_over)


def _admitted(form: Form, file: File[bytes]) -> File[bytes] | None:
    try:
        return attachments.one_admitted(file)
    except Invalid as refused:
        form.refuse(refused)
        return None


def _say_what_was_left_out(form: Form, request: HttpRequest, left_over: list[str]) -> None:
    uploads = request.uploads  # type: ignore[attr-defined]
    limit = filesizeformat(settings.ATTACHMENT_MAX_MB * 1024 * 1024)
    for name in uploads.too_large:
        form.file_errors.append(
            _("“%(name)s” is too large; at most %(limit)s fit.") % {"name": clean_line(name), "limit": limit}
        )
    for name in [*left_over, *uploads.too_many]:
        form.file_errors.append(
            _("“%(name)s” was not attached: %(count)s files fit.")
            % {"name": clean_line(name), "count": settings.ATTACHMENT_MAX_COUNT}
        )


@dataclass(frozen=True)
class Filing:
    """What a good form said."""

    subject: str
    body: str
    answers: dict[str, Any]
    name: str = ""
    email: str = ""


def read_case(form: Form, request: HttpRequest, category: Category) -> Filing | None:
    """Judge the whole form, so that one look mends all; None when something is wrong."""
    typed = request.POST
    answers = form.take(check_answers, specs_of(category), answers_in(typed, form.questions), prefix="f-")
    # With what may not be stored still in it: opening the case takes it out, and knows then what to tell.
    body = form.take(intake.checked_body, typed.get("body", ""))
    subject = clean_line(typed.get("subject", ""))
    if not subject:
        form.question("subject").error = _("Say in a few words what it is about.")
    name, email = clean_line(typed.get("name", "")), clean_line(typed.get("email", ""))
    if any(question.name == "email" for question in form.questions):
        _check_guest(form, email)
    if form.has_errors:
        return None
    return Filing(subject, body, answers, name[:80], email)


def _check_guest(form: Form, email: str) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from accounts.rules.contact import normal_email

    if not email:
        form.question("email").error = _("Enter your e-mail address, so that we can answer you.")
        return
    try:
        validate_email(normal_email(email))
    except ValidationError:
        form.question("email").error = _("Enter an e-mail address in the form name@example.com.")
