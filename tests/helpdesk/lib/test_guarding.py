"""No column, log line or error report takes a secret, whoever writes it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import RequestFactory
from django.utils.log import AdminEmailHandler

from accounts.models import Brand, Customer, User
from helpdesk.lib.guarded_columns import NOT_TYPED, guarded_models, is_typed
from helpdesk.lib.guarded_logs import RedactingFilter, line_without_secrets
from helpdesk.lib.guarded_reports import HIDDEN, Report, ReportFilter
from helpdesk.lib.guarding import guarded_values
from helpdesk.lib.keyed_hash import keyed_hash
from tickets.models import SavedView, Ticket

PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
CARD = "4111111111111111"
MARK = "[removed: recovery phrase / 已移除：助记词]"


class TestColumns:
    def test_every_text_column_is_guarded_or_named(self) -> None:
        known = {
            f"{model._meta.label}.{field.name}"
            for model in apps.get_models()
            for field in model._meta.local_concrete_fields
        }
        assert set(NOT_TYPED) <= known, "what is named is there"
        guarded = {f"{model._meta.label}.{field.name}" for model, field in guarded_models()}
        assert {"accounts.Customer.name", "tickets.Ticket.subject", "tickets.Ticket.tags"} <= guarded
        assert not guarded & set(NOT_TYPED)
        texts = (models.TextField, models.CharField, models.JSONField)
        for model in apps.get_models():
            for field in model._meta.local_concrete_fields:
                name = f"{model._meta.label}.{field.name}"
                if isinstance(field, texts) and not field.choices and name not in NOT_TYPED:
                    assert is_typed(field), name
                    assert name in guarded

    def test_whichever_way_a_row_is_written(self, brand: Brand, agent: User) -> None:
        one = Customer.objects.create(email="a@example.com", name=CARD)
        Customer.objects.bulk_create([Customer(email="b@example.com", name=CARD)])
        Customer.objects.create(email="c@example.com", name="Wang")
        Customer.objects.filter(email="c@example.com").update(name=CARD)
        view = SavedView.objects.create(name=CARD, q=PHRASE, conditions={"tag": [CARD, PHRASE]}, owner=agent)
        one.refresh_from_db()
        view.refresh_from_db()
        names = {one.name, *Customer.objects.exclude(pk=one.pk).values_list("name", flat=True)}
        assert [name for name in names if CARD in name] == []
        assert view.q == MARK
        assert view.conditions["tag"][1] == MARK

    def test_word_by_word_in_a_list(self, ticket: Ticket) -> None:
        Ticket.objects.filter(pk=ticket.pk).update(tags=PHRASE.split())
        ticket.refresh_from_db()
        assert ticket.tags == [MARK[:40]]
        assert guarded_values({"words": PHRASE.split()}) == {"words": [MARK]}
        same = {"a": ["b", 1, None]}
        assert guarded_values(same) is same


class TestLogs:
    def test_message_arguments_and_error(self, caplog: pytest.LogCaptureFixture) -> None:
        log = logging.getLogger("tickets")
        log.warning("said %s", PHRASE)
        log.warning(f"said {CARD}")
        try:
            raise ValueError(PHRASE)
        except ValueError:
            log.exception("failed")
        assert "sausage" not in caplog.text
        assert CARD not in caplog.text
        assert "Traceback" in caplog.text
        assert caplog.text.count("recovery phrase") == 2

    def test_an_odd_argument_stops_nobody(self, caplog: pytest.LogCaptureFixture) -> None:
        logging.getLogger("tickets").warning("%d of %s", "x")
        assert "could not be read" in caplog.text

    @pytest.mark.parametrize(
        "line",
        [
            f"GET /help/search/?q={PHRASE.replace(' ', '+')} 200",
            f"GET /help/search/?q={PHRASE.replace(' ', '%20')} 200",
            f"q=4111+1111+1111+1111&x=1 {CARD}",
        ],
    )
    def test_an_address(self, line: str) -> None:
        clean = line_without_secrets(line)
        assert "sausage" not in clean
        assert "1111 1111" not in clean.replace("+", " ")

    def test_at_the_handler_once_more(self) -> None:
        record = logging.LogRecord("x", logging.INFO, "x.py", 1, "%s", (PHRASE,), None)
        assert RedactingFilter().filter(record)
        assert record.getMessage() == MARK


class TestReports:
    @pytest.fixture
    def report(self, settings: Any) -> Report:
        request = RequestFactory().post(f"/btp/new/?q={CARD}", {"body": PHRASE, "name": "Wang"})
        try:
            typed = PHRASE
            raise ValueError(f"bad {typed}")
        except ValueError as problem:
            return Report(request, type(problem), problem, problem.__traceback__)

    @pytest.mark.parametrize("form", ["get_traceback_html", "get_traceback_text"])
    def test_nothing_of_what_was_typed(self, report: Report, form: str) -> None:
        told = getattr(report, form)()
        assert "sausage" not in told
        assert CARD not in told
        assert "ValueError" in told

    def test_form_values_are_not_shown(self) -> None:
        request = RequestFactory().post("/x/", {"body": "hello"})
        assert ReportFilter().get_post_parameters(request) == {"body": HIDDEN}

    def test_a_mail_to_operators(self, settings: Any, mailoutbox: list[Any], caplog: Any) -> None:
        settings.ADMINS = [("Ada", "ada@example.com")]
        handler = AdminEmailHandler(include_html=True)
        record = logging.getLogger("django.request").makeRecord(
            "django.request", logging.ERROR, "x.py", 1, "Error: %s", (PHRASE,), None
        )
        record.request = RequestFactory().get(f"/x/?q={CARD}")
        handler.handle(record)
        (sent,) = mailoutbox
        assert "sausage" not in sent.body + sent.subject
        assert CARD not in sent.body


def test_a_keyed_hash_is_not_the_plain_one(settings: Any) -> None:
    told = keyed_hash("482913", purpose="x")
    assert len(told) == 64
    assert told == keyed_hash(b"482913", purpose="x")
    assert told != keyed_hash("482913", purpose="y")
    settings.SECRET_KEY = "another-key-that-guards-nothing-0123456789-0123456789"
    assert told != keyed_hash("482913", purpose="x")
