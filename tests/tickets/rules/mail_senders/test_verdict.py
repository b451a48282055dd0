"""Who wrote: what proves it, what refutes it, and what does neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.mail_senders import Proof, Verdict, verdict

ME = "mx.desk.example"
SENDER = "wang@mail.example.com"
PROVED, FAILED, NOTHING = Proof.PROVED, Proof.FAILED, Proof.NOTHING


def judged(
    *results: str, sender: str = f"Wang <{SENDER}>", before: tuple[tuple[str, str], ...] = ()
) -> Verdict:
    headers = [
        ("Return-Path", f"<{SENDER}>"),
        *before,
        *(("Authentication-Results", value) for value in results),
        ("Received", "from out.example.com by mx.desk.example"),
        ("From", sender),
        ("Subject", "withdrawal"),
    ]
    return verdict(headers, from_address=SENDER, authserv_id=ME)


@pytest.mark.parametrize(
    ("results", "proof", "reason"),
    [
        ("dmarc=pass header.from=mail.example.com", PROVED, "dmarc=pass"),
        ("dmarc=pass (p=reject dis=none) header.from=Mail.Example.COM", PROVED, "dmarc=pass"),
        ("dmarc=pass header.from=wang@mail.example.com", PROVED, "dmarc=pass"),
        ("dmarc=pass header.from=example.com", NOTHING, "dmarc of another domain"),
        ("dmarc=pass header.from=evil.net; dkim=pass header.d=example.com", NOTHING, "dmarc of another domain"),
        ("dmarc=pass header.from=mail.example.com header.from=evil.net", NOTHING, "dmarc of another domain"),
        ("dmarc=fail header.from=mail.example.com", FAILED, "dmarc=fail"),
        ("spf=pass smtp.mailfrom=mail.example.com; dmarc=fail header.from=mail.example.com", FAILED, "dmarc=fail"),
        ("dmarc=pass header.from=mail.example.com; dmarc=fail header.from=mail.example.com", FAILED, "dmarc=fail"),
        ("dmarc=temperror header.from=mail.example.com; dkim=pass header.d=example.com", NOTHING, "temperror"),
        ("dmarc=permerror header.from=mail.example.com; dkim=pass header.d=example.com", NOTHING, "dmarc=permerror"),
        ("dmarc=gibberish; dkim=pass header.d=example.com", NOTHING, "dmarc=unknown"),
        ("dmarc=none header.from=mail.example.com", NOTHING, "no results"),
        ("dmarc=none; dkim=pass header.d=example.com", PROVED, "dkim aligned"),
        ("dmarc=bestguesspass action=none header.from=mail.example.com; spf=pass smtp.mailfrom=example.com",
         PROVED, "spf aligned"),
        ("dkim=pass header.d=example.com", PROVED, "dkim aligned"),
        ("dkim=pass header.i=@news.example.com", PROVED, "dkim aligned"),
        ("dkim=fail header.d=example.com", NOTHING, "no pass"),
        ("dkim=pass header.d=evil.net", NOTHING, "not aligned"),
        ("dkim=pass header.d=com", NOTHING, "not aligned"),
        ("dkim=pass", NOTHING, "not aligned"),
        ("dkim=pass header.d=evil.net; dkim=pass header.d=example.com", PROVED, "dkim aligned"),
        ("dkim=pass header.d=evil.net; dkim=fail header.d=example.com", NOTHING, "not aligned"),
        ("dkim=policy header.d=example.com", NOTHING, "no pass"),
        ("spf=pass smtp.mailfrom=bounce@example.com", PROVED, "spf aligned"),
        ("spf=pass smtp.helo=mail.example.com", NOTHING, "not aligned"),
        ("spf=pass smtp.mailfrom=evil.net", NOTHING, "not aligned"),
        ('spf=pass smtp.mailfrom="@mail.example.com"@evil.net', NOTHING, "not aligned"),
        ("spf=softfail smtp.mailfrom=example.com", NOTHING, "no pass"),
        ("spf=temperror smtp.mailfrom=example.com; dkim=none", NOTHING, "temperror"),
        ("spf=temperror; dkim=pass header.d=example.com", PROVED, "dkim aligned"),
        ("arc=pass header.d=example.com; x-sender-id=pass header.from=mail.example.com", NOTHING, "no results"),
        ("none", NOTHING, "no results"),
        ("auth=pass smtp.auth=wang@mail.example.com", NOTHING, "no results"),
    ],
)  # fmt: skip
def test_what_the_relay_says(results: str, proof: Proof, reason: str) -> None:
    assert judged(f"{ME}; {results}") == Verdict(proof, reason)


GMAIL = (
    f"{ME};\r\n       dkim=pass header.i=@mail.example.com header.s=20230601 header.b=Xy1+/Zq=;\r\n"
    "       spf=pass (google.com: domain of wang@mail.example.com designates 192.0.2.7 as permitted sender) "
    "smtp.mailfrom=wang@mail.example.com;\r\n       dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) "
    "header.from=mail.example.com"
)


def test_as_a_big_provider_writes_it() -> None:
    assert judged(GMAIL) == Verdict(PROVED, "dmarc=pass")


PASS = f"{ME}; dmarc=pass header.from=mail.example.com"
NO_PASS = f"{ME}; dmarc=fail header.from=mail.example.com"


def test_only_the_topmost_counts() -> None:
    """What the sender wrote into the mail himself stands below, whoever's name it bears."""
    assert (
        judged("other.example; dmarc=pass header.from=mail.example.com", PASS).reason == "other authserv-id"
    )
    assert judged(NO_PASS, PASS).proof == FAILED
    assert judged(f"{ME}; spf=none", "other.example; spf=none", PASS).proof == NOTHING
    assert (
        judged("mx.desk.example.evil.net; dmarc=pass header.from=mail.example.com").reason
        == "other authserv-id"
    )
    assert judged(f"{ME}; (", PASS).reason == "unreadable results"


def test_those_that_follow_at_once_are_read_together() -> None:
    dkim, dmarc = f"{ME}; dkim=none", f"{ME.upper()}; dmarc=pass header.from=mail.example.com"
    assert judged(f"{ME}; spf=none", dkim, dmarc).proof == PROVED


def test_a_following_one_takes_nothing_back() -> None:
    assert (
        judged(f"{ME}; dkim=fail header.d=example.com", f"{ME}; dkim=pass header.d=example.com").proof
        == NOTHING
    )


@pytest.mark.parametrize("between", ["Received", "X-Mailer", "From"])
def test_not_across_other_fields(between: str) -> None:
    headers = [
        ("Authentication-Results", f"{ME}; spf=none"),
        (between, "from evil.net" if between != "From" else SENDER),
        ("Authentication-Results", PASS),
        *([("From", SENDER)] if between != "From" else []),
    ]
    assert verdict(headers, from_address=SENDER, authserv_id=ME).proof == NOTHING


def test_across_the_marks_of_filters() -> None:
    headers = [
        ("Authentication-Results", f"{ME}; dkim=none"),
        ("DKIM-Filter", "OpenDKIM Filter v2.11.0"),
        ("Authentication-Results", PASS),
        ("From", SENDER),
    ]
    assert verdict(headers, from_address=SENDER, authserv_id=ME).proof == PROVED


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("wang@mail.example.com, boss@bank.example", "two senders"),
        ("wang@mail.example.com\r\n\t, <boss@bank.example>", "two senders"),
        ("", "no sender"),
        ("nobody:;", "no sender"),
        ("Wang", "unreadable sender"),
        ("Wang <wang@mail.example.com> <boss@bank.example>", "unreadable sender"),
        ("Wang <wang@mail.example.com", "unreadable sender"),
        ("Wang <boss@mail.example.com>", "sender read differently"),
        ("Wang <wang@example.com>", "sender read differently"),
    ],
)
def test_nobody_is_proved_where_it_is_not_clear_who(sender: str, reason: str) -> None:
    assert judged(PASS, sender=sender) == Verdict(NOTHING, reason)


def test_two_from_fields() -> None:
    headers = [("Authentication-Results", PASS), ("From", SENDER), ("from", SENDER)]
    assert verdict(headers, from_address=SENDER, authserv_id=ME) == Verdict(NOTHING, "two senders")


def test_no_headers_at_all() -> None:
    assert verdict([], from_address="", authserv_id=ME) == Verdict(NOTHING, "no sender")
    assert judged() == Verdict(NOTHING, "no results")


@pytest.mark.parametrize(
    "name",
    [
        "help@desk.example",
        '"help@desk.example via Wang"',
        "=?utf-8?b?aGVscEBkZXNrLmV4YW1wbGU=?=",
        '"HELP@desk.example"',
    ],
)
def test_a_name_that_shows_another_address_is_told(name: str) -> None:
    assert judged(PASS, sender=f"{name} <{SENDER}>") == Verdict(PROVED, "dmarc=pass", "help@desk.example")


def test_a_name_that_repeats_the_address_is_none() -> None:
    assert judged(PASS, sender=f'"Wang@mail.example.com" <{SENDER}>').other_address == ""


@pytest.mark.parametrize("name", ['""', '"" 1', '" "', "()", "", '(a) ""'])
@pytest.mark.parametrize("authserv_id", ["", " "])
def test_where_no_relay_is_named_nobody_speaks_for_it(name: str, authserv_id: str) -> None:
    headers = [
        ("Authentication-Results", f"{name}; dmarc=pass header.from=mail.example.com"),
        ("From", SENDER),
    ]
    assert verdict(headers, from_address=SENDER, authserv_id=authserv_id) == Verdict(
        NOTHING, "other authserv-id"
    )


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ｗang@example.com", "example.com"),  # its compatible form is another mailbox there
        ("wang\u2082@example.com", "example.com"),
        ("wang@straße.example", "strasse.example"),  # by the DNS of 2003; by that of 2008 somebody else's
        ("wang@exam\u200dple.com", "example.com"),
    ],
)
def test_nobody_is_taken_for_whoever_is_written_alike(address: str, domain: str) -> None:
    headers = [
        ("Authentication-Results", f"{ME}; dmarc=pass header.from={domain}; dkim=pass header.d={domain}"),
        ("From", f"Wang <{address}>"),
    ]
    assert verdict(headers, from_address=address, authserv_id=ME) == Verdict(
        NOTHING, "sender read differently"
    )


def test_other_scripts_are_compared_as_the_dns_has_them() -> None:
    headers = [
        ("Authentication-Results", f"{ME}; dmarc=pass header.from=xn--bcher-kva.example"),
        ("From", "li@Bücher.example"),
    ]
    for address in ("li@bücher.example", "li@xn--bcher-kva.example"):
        assert verdict(headers, from_address=address, authserv_id=ME).proof == PROVED


@given(
    st.lists(st.tuples(st.sampled_from(["From", "Authentication-Results", "Received"]), st.text())), st.text()
)
def test_it_never_fails_and_never_believes_noise(headers: list[tuple[str, str]], address: str) -> None:
    assert verdict(headers, from_address=address, authserv_id=ME).proof == NOTHING
