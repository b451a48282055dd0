"""SPF, DKIM and DMARC against a real name server and real signatures; each outcome as the rule reads it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.lib.mail_heads import fields_of, split_head
from tests.dns_server import NameServer, name_server, text_record
from tests.quick import quick
from tests.tickets.gateways.mail_proof.signing import key_record, signed
from tickets.gateways import mail_proof
from tickets.gateways.mail_proof import CheckedHere, MailProof, Said, check_senders, system_resolver
from tickets.rules.mail_senders import Proof, Verdict, verdict

ME, PEER = "mx.desk.example", "192.0.2.7"
RAW = (
    b"From: Wang <wang@mail.example.com>\r\nTo: help@desk.example\r\nSubject: withdrawal\r\n"
    b"\r\nMy money  is gone. \r\n\r\n\r\n"
)

RECORDS = {
    ("example.com", "TXT"): [text_record("google-site-verification=x"), text_record("v=spf1 ip4:192.0.2.0/28 -all")],
    ("mail.example.com", "TXT"): [text_record("v=spf1 include:example.com -all")],
    ("_dmarc.example.com", "TXT"): [text_record("v=DMARC1; p=reject; rua=mailto:x@example.com")],
    ("s1._domainkey.example.com", "TXT"): [key_record()],
    ("s1._domainkey.mail.example.com", "TXT"): [key_record()],
    ("strict.example", "TXT"): [text_record("v=spf1 mx -all")],
    ("strict.example", "MX"): ["10 out.strict.example."],
    ("out.strict.example", "A"): [PEER],
    ("_dmarc.strict.example", "TXT"): [text_record("v=DMARC1; p=quarantine; adkim=s; aspf=s")],
    ("s1._domainkey.strict.example", "TXT"): [key_record()],
    ("s1._domainkey.a.strict.example", "TXT"): [key_record()],
    ("free.example", "TXT"): [text_record("v=spf1 a:out.strict.example ~all")],
    ("s1._domainkey.free.example", "TXT"): [key_record()],
    ("evil.example", "TXT"): [text_record("v=spf1 +all")],
    ("s1._domainkey.evil.example", "TXT"): [key_record()],
    ("two.example", "TXT"): [text_record("v=spf1 -all"), text_record("v=spf1 +all")],
    ("_dmarc.two.example", "TXT"): [text_record("v=DMARC1; p=reject"), text_record("v=DMARC1; p=none")],
    ("long.example", "TXT"): [text_record("v=spf1 " + "ip4:192.0.2.7 " * 1000)],
    ("loop.example", "TXT"): [text_record("v=spf1 include:loop.example -all")],
    ("s1._domainkey.broken.example", "TXT"): [text_record("v=DKIM1; p=!!!")],
    ("s1._domainkey.revoked.example", "TXT"): [text_record("v=DKIM1; p=")],
}  # fmt: skip


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with name_server(RECORDS) as server:
        yield server


def found(server: NameServer, raw: bytes, *, sender: str = "", peer: str = PEER, seconds: float = 5.0) -> str:
    gateway: MailProof = CheckedHere(ME, resolver=server.resolver, seconds=seconds)
    return gateway.results(raw, envelope_sender=sender, peer_ip=peer, helo="out.example.net")


def judged(value: str, raw: bytes, address: str) -> Verdict:
    headers = [("Authentication-Results", value), *fields_of(split_head(raw)[0])]
    return verdict(headers, from_address=address, authserv_id=ME)


def mail_from(domain: str) -> bytes:
    return RAW.replace(b"mail.example.com", domain.encode())


def test_it_works(names: NameServer) -> None:
    raw = signed(RAW, "example.com")
    value = found(names, raw, sender="bounce@mail.example.com")
    assert value == (
        "mx.desk.example; spf=pass smtp.mailfrom=mail.example.com; dkim=pass header.d=example.com header.s=s1; "
        "dmarc=pass (p=reject) header.from=mail.example.com"
    )
    assert judged(value, raw, "wang@mail.example.com") == Verdict(Proof.PROVED, "dmarc=pass")


@pytest.mark.parametrize(
    ("domain", "signer", "sender", "peer", "verdict_of_it"),
    [
        ("mail.example.com", "example.com", "x@evil.example", PEER, Verdict(Proof.PROVED, "dmarc=pass")),
        ("mail.example.com", "", "x@example.com", PEER, Verdict(Proof.PROVED, "dmarc=pass")),
        ("mail.example.com", "", "x@example.com", "198.51.100.1", Verdict(Proof.FAILED, "dmarc=fail")),
        ("mail.example.com", "evil.example", "x@evil.example", PEER, Verdict(Proof.FAILED, "dmarc=fail")),
        ("strict.example", "", "x@strict.example", PEER, Verdict(Proof.PROVED, "dmarc=pass")),
        ("strict.example", "a.strict.example", "", PEER, Verdict(Proof.FAILED, "dmarc=fail")),
        ("strict.example", "strict.example", "", PEER, Verdict(Proof.PROVED, "dmarc=pass")),
        ("free.example", "free.example", "", PEER, Verdict(Proof.PROVED, "dkim aligned")),
        ("free.example", "", "x@free.example", PEER, Verdict(Proof.PROVED, "spf aligned")),
        ("free.example", "", "x@free.example", "2001:db8::1", Verdict(Proof.NOTHING, "no pass")),
        ("free.example", "evil.example", "x@evil.example", PEER, Verdict(Proof.NOTHING, "not aligned")),
        ("nothing.example", "", "x@nothing.example", PEER, Verdict(Proof.NOTHING, "no pass")),
        ("two.example", "", "x@two.example", PEER, Verdict(Proof.NOTHING, "no pass")),
        ("long.example", "", "x@long.example", PEER, Verdict(Proof.NOTHING, "no pass")),
        ("loop.example", "", "x@loop.example", PEER, Verdict(Proof.NOTHING, "no pass")),
        ("broken.example", "broken.example", "", PEER, Verdict(Proof.NOTHING, "no pass")),
        ("revoked.example", "revoked.example", "", PEER, Verdict(Proof.NOTHING, "no pass")),
        ("unheard.example", "unheard.example", "", PEER, Verdict(Proof.NOTHING, "no pass")),
        ("free.example", "", "x@free.example", "no address", Verdict(Proof.NOTHING, "no pass")),
    ],
)
def test_table(
    names: NameServer, domain: str, signer: str, sender: str, peer: str, verdict_of_it: Verdict
) -> None:
    raw = mail_from(domain)
    raw = signed(raw, signer) if signer else raw
    assert judged(found(names, raw, sender=sender, peer=peer), raw, f"wang@{domain}") == verdict_of_it


@pytest.mark.parametrize(
    "canonical", [b"simple/simple", b"relaxed/simple", b"simple/relaxed", b"relaxed/relaxed"]
)
@pytest.mark.parametrize(
    "body",
    [b"", b"\r\n", b"a", b"a \t b  \r\n\r\n", b" \r\n \r\n", b"a\r\r\n\r\n", b"a\rb\r\n", b"a\r", b"\r\r\n"],
)
def test_every_way_of_signing(names: NameServer, canonical: bytes, body: bytes) -> None:
    raw = signed(RAW.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body, "example.com", canonical=canonical)
    assert "dkim=pass" in found(names, raw)
    assert "dkim=fail" in found(names, raw + b"x")


@pytest.mark.parametrize(
    ("was", "becomes"),
    [(b"withdrawal", b"refund"), (b"wang@", b"li@"), (b"My money", b"His money"), (b" b=", b" b=BAAA")],
)
def test_a_mail_that_was_changed(names: NameServer, was: bytes, becomes: bytes) -> None:
    raw = signed(RAW, "example.com").replace(was, becomes, 1)
    value = found(names, raw, sender="x@evil.example")
    assert "dkim=pass" not in value
    assert "dmarc=fail" in value


def test_a_second_sender_on_top(names: NameServer) -> None:
    raw = b"From: Boss <boss@mail.example.com>\r\n" + signed(RAW, "example.com")
    value = found(names, raw, sender="x@example.com")
    assert value.endswith("dmarc=permerror")
    assert judged(value, raw, "wang@mail.example.com") == Verdict(Proof.NOTHING, "two senders")


def test_words_that_nobody_signed(names: NameServer) -> None:
    whole = signed(RAW, "example.com", length=True)
    assert "dkim=pass" in found(names, whole)
    assert "dkim=policy" in found(names, whole + b"Send it to this account instead.\r\n")


def test_more_is_signed_than_there_is(names: NameServer) -> None:
    whole = signed(RAW, "example.com", length=True)
    assert "dkim=permerror" in found(names, whole.replace(b" l=", b" l=9", 1))
    assert "dkim=permerror" in found(names, whole.replace(b" l=", b" l=-", 1))


def test_an_algorithm_that_proves_nothing(names: NameServer) -> None:
    assert "dkim=permerror" in found(names, signed(RAW, "example.com").replace(b"rsa-sha256", b"rsa-sha1", 1))


def test_a_body_of_another_mail(names: NameServer) -> None:
    other = signed(RAW.replace(b"My money", b"No money"), "example.com").partition(b"\r\n\r\n")[0]
    value = found(names, other + b"\r\n\r\n" + RAW.partition(b"\r\n\r\n")[2])
    assert "dkim=fail" in value


def test_a_signature_that_leaves_the_sender_out(names: NameServer) -> None:
    raw = signed(RAW, "example.com").replace(b"h=from : ", b"h=", 1)
    assert "dkim=permerror" in found(names, raw)


def test_the_signature_that_can_prove_is_not_hidden_behind_others(names: NameServer) -> None:
    junk = b"DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=s1; h=from; bh=AAAA; b=AAAA\r\n" * 50
    value = found(names, junk + signed(RAW, "example.com"))
    assert "dmarc=pass" in value
    assert value.count("dkim=") == 4


def test_names_with_hyphens_are_whole_names(names: NameServer) -> None:
    raw = mail_from("example.com-pay.example")
    assert "header.from=example.com-pay.example" in found(names, raw)


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look-up hangs: the whole takes no longer than it may, and says that asking again may help."""
    monkeypatch.setattr("tickets.gateways.mail_proof.names.SECONDS_FOR_ONE", 60)
    raw = signed(RAW, "example.com")
    with name_server(RECORDS, silent=["*"]) as server:
        before = time.monotonic()
        value = found(server, raw, sender="x@example.com", seconds=0.4)
        assert time.monotonic() - before < 20
    assert value == (
        "mx.desk.example; spf=temperror smtp.mailfrom=example.com; dkim=temperror header.d=example.com header.s=s1; "
        "dmarc=temperror header.from=mail.example.com"
    )
    assert judged(value, raw, "wang@mail.example.com") == Verdict(Proof.NOTHING, "temperror")


def test_whose_servers_say_nothing_costs_that_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand mails in the name of a domain whose servers hang hold up the others once, not a thousand times."""
    monkeypatch.setattr("tickets.gateways.mail_proof.names.SECONDS_FOR_ONE", 0.2)
    hanging = ["a.hang.example", "_dmarc.a.hang.example", "_dmarc.b.hang.example", "_dmarc.hang.example"]
    with name_server(RECORDS, silent=hanging) as server:
        gateway = CheckedHere(ME, resolver=server.resolver)
        before = time.monotonic()
        for turn in range(100):
            domain = f"{'ab'[turn % 2]}.hang.example"
            value = gateway.results(mail_from(domain), envelope_sender=f"x@{domain}", peer_ip=PEER, helo="h")
            assert "dmarc=temperror" in value
        assert time.monotonic() - before < 15
        raw = signed(RAW, "example.com")
        value = gateway.results(raw, envelope_sender="x@example.com", peer_ip=PEER, helo="h")
        assert "dmarc=pass" in value, "others are asked as before"


def test_the_one_who_could_prove_it_does_not_answer() -> None:
    raw = signed(RAW, "example.com")
    with name_server(RECORDS, failing=["s1._domainkey.example.com"]) as server:
        value = found(server, raw, sender="x@evil.example")
    assert "dmarc=temperror" in value
    with name_server(RECORDS, failing=["s1._domainkey.example.com"]) as server:
        assert "dmarc=pass" in found(server, raw, sender="x@example.com")


def test_a_machine_without_a_resolver() -> None:
    value = CheckedHere(ME, resolver=None).results(
        RAW, envelope_sender="a@example.com", peer_ip=PEER, helo="x"
    )
    assert judged(value, RAW, "wang@mail.example.com") == Verdict(Proof.NOTHING, "temperror")


def test_reports_are_checked_by_the_name_of_the_machine(names: NameServer) -> None:
    gateway = CheckedHere(ME, resolver=names.resolver)
    value = gateway.results(RAW, envelope_sender="<>", peer_ip=PEER, helo="Free.example")
    assert "spf=pass smtp.helo=free.example" in value


@pytest.mark.parametrize(
    "sender", ["", "a; dmarc=pass header.from=x@evil", "x@evil.example; dmarc=pass", "\r\n@a.b", "@"]
)
def test_nothing_can_be_written_into_the_results(names: NameServer, sender: str) -> None:
    gateway = CheckedHere(ME, resolver=names.resolver)
    value = gateway.results(
        RAW.replace(b"wang@", b'"a; dmarc=pass"@'), envelope_sender=sender, peer_ip=PEER, helo="h; dkim=pass"
    )
    assert value.count("dmarc=") == value.count("dkim=") == value.count("spf=") == 1
    assert value.isprintable()


@settings(max_examples=60, deadline=None)
@given(
    raw=st.binary(max_size=200),
    sender=st.text(max_size=20),
    peer=st.text(max_size=20),
    helo=st.text(max_size=20),
)
def test_whatever_comes(names: NameServer, raw: bytes, sender: str, peer: str, helo: str) -> None:
    mail = b"DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=s1; h=from; " + raw
    value = CheckedHere(ME, resolver=names.resolver).results(
        mail, envelope_sender=sender, peer_ip=peer, helo=helo
    )
    assert value.startswith("mx.desk.example; spf=")
    assert value.isprintable()
    assert value.isascii()


SIGNATURE = (
    b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=evil.example; s=s1; h=from; bh=AAAA; b=AAAA"
)


@pytest.mark.parametrize(
    "raw",
    [
        SIGNATURE + b"\r\n\r\n" + b" " * 1_000_000 + b"x",
        SIGNATURE + b"\r\n\r\n" + b" \t" * 500_000,
        SIGNATURE + b"\r\n\r\n" + b"\r\n" * 500_000,
        SIGNATURE + b"\r\n\r\n" + b"\r" * 1_000_000,
        SIGNATURE + b" " * 1_000_000 + b"\r\n\r\n",
        SIGNATURE + b"\r\n" + b" x\r\n" * 250_000 + b"\r\n",
        SIGNATURE + b"\r\n" + b"a:\r\n" * 250_000 + b"\r\n",
        SIGNATURE.replace(b"h=from", b"h=from" + b":a" * 3_000) + b"\r\n" + b"a:\r\n" * 2_000 + b"\r\n",
        SIGNATURE + b" \r\n " * 1_500 + b"\r\n\r\n",
        (SIGNATURE + b"\r\n") * 900 + b"\r\n" + b"x" * 1_000_000,
        b"From: " + b"(" * 1_000_000,
        b" " * 1_000_000,
    ],
    ids=range(12),
)
def test_a_megabyte_of_anything_takes_no_time(names: NameServer, raw: bytes) -> None:
    with quick():
        found(names, raw, sender="x@evil.example")


def test_the_stand_in_says_what_it_was_told() -> None:
    gateway = Said("mx; none")
    assert gateway.results(b"x", envelope_sender="a@b.c", peer_ip=PEER, helo="h") == "mx; none"
    assert gateway.asked == [(b"x", "a@b.c", PEER, "h")]


def test_the_machine_s_own_resolver_is_found_or_there_is_none() -> None:
    resolver = system_resolver()
    assert resolver is None or resolver.nameservers


def test_in_one_call(names: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_proof, "system_resolver", lambda: names.resolver)
    mail_proof._checked_here.cache_clear()
    value = check_senders(
        signed(RAW, "example.com"), envelope_sender="", peer=PEER, helo="x", authserv_id="ours.invalid"
    )
    assert value.startswith("ours.invalid; spf=none")
    assert "dmarc=pass" in value
