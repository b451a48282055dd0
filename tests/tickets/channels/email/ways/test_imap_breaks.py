"""A server that breaks off: scripted, because no real one does so on demand."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import Brand
from tickets.actions.mailboxes import read_from_anew
from tickets.channels.email.ways.imap import connection
from tickets.channels.email.ways.imap.polling import poll
from tickets.choices import Fetching, Tls
from tickets.models import IncomingMail, Mailbox
from tickets.rules import fetch_troubles as words

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Script:
    """Messages by UID. Under those of ``breaks`` the connection ends; those of ``refuses`` get NO."""

    messages: dict[int, bytes]
    breaks: dict[int, int] = field(default_factory=dict)
    refuses: set[int] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)
    wants_id: bool = False
    port: int = 0


class _Dialogue(socketserver.StreamRequestHandler):
    script: Script

    def handle(self) -> None:
        self.wfile.write(b"* OK here\r\n")
        named = False
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            self.script.heard.append(command)
            named |= command.startswith("ID ")
            if command.startswith("SELECT") and self.script.wants_id and not named:
                self._say(f"{tag} NO Unsafe Login. Please contact kefu@188.com for help")
                continue
            if not self._answer(command):
                return
            said = "NO [UNAVAILABLE] not now" if self._refuses(command) else "OK done"
            self._say(f"{tag} {said}")

    def _answer(self, command: str) -> bool:
        script = self.script
        if command == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1 ID")
        elif command.startswith(("SELECT", "EXAMINE")):
            self._say(f"* {len(script.messages)} EXISTS")
            self._say("* OK [UIDVALIDITY 7] ok")
        elif command.startswith("UID SEARCH"):
            self._say("* SEARCH " + " ".join(map(str, script.messages)))
        elif found := re.match(r"UID FETCH ([\d,]+) \(UID RFC822.SIZE\)", command):
            for uid in map(int, found[1].split(",")):
                self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(script.messages[uid])})")
        elif found := re.match(r"UID FETCH (\d+) \(UID BODY.PEEK\[\]\)", command):
            return self._give(int(found[1]))
        return True

    def _give(self, uid: int) -> bool:
        raw = self.script.messages[uid]
        if self.script.breaks.get(uid, 0) > 0:
            self.script.breaks[uid] -= 1
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw[:5])
            return False
        if uid not in self.script.refuses:
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        return True

    def _refuses(self, command: str) -> bool:
        found = re.match(r"UID FETCH (\d+) \(UID BODY", command)
        return bool(found) and int(found[1]) in self.script.refuses  # type: ignore[index]

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@pytest.fixture
def script() -> Iterator[Script]:
    made = Script({uid: f"Subject: mail {uid}\r\n\r\nx\r\n".encode() for uid in (1, 2, 3)})
    handler: Any = type("Handler", (_Dialogue,), {"script": made})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    made.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def box(brand: Brand, script: Script) -> Mailbox:
    made = Mailbox(
        brand=brand, address="help@btp.test", fetching=Fetching.IMAP, host="127.0.0.1", tls=Tls.NONE
    )
    made.port, made.username, made.from_beginning = script.port, "help", True
    made.password = "secret"
    made.save()
    return made


def look(box: Mailbox) -> list[str]:
    cache.clear()
    poll(seconds=30)
    box.refresh_from_db()
    return [(row.raw or b"").split()[2].decode() for row in IncomingMail.objects.order_by("pk")]


def test_a_connection_that_breaks_twice_is_made_a_third_time(script: Script, box: Mailbox) -> None:
    script.breaks = {2: 2}
    assert look(box) == ["1", "2", "3"]
    assert (box.last_error, box.last_uid) == ("", 3)


def test_a_message_under_which_it_always_breaks(script: Script, box: Mailbox) -> None:
    script.breaks = {2: 10**6}
    assert look(box) == ["1", "3"]
    assert box.last_error.startswith(words.SKIPPED)
    assert "UID 2" in box.last_error


def test_a_server_that_gives_nothing_today(script: Script, box: Mailbox) -> None:
    """It is the server, not the messages: none is passed over."""
    script.refuses = {1, 2, 3}
    assert look(box) == []
    assert (box.last_uid, box.last_error.startswith(words.WITHHELD)) == (0, True)
    assert "not now" in box.last_error
    script.refuses = set()
    assert look(box) == ["1", "2", "3"]
    assert (box.last_error, box.failing_since) == ("", None)


def test_who_wants_to_know_who_asks_is_told(script: Script, box: Mailbox) -> None:
    script.wants_id = True
    assert look(box) == ["1", "2", "3"]


def test_a_mailbox_that_lies_elsewhere_now(script: Script, box: Mailbox) -> None:
    look(box)
    read_from_anew(box)
    box.refresh_from_db()
    assert (box.uid_validity, box.last_uid, box.looked_at) == (None, 0, None)
    assert look(box) == ["1", "2", "3"], "the same rows"


def test_a_server_inside_is_not_spoken_to(
    script: Script, box: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_PRIVATE_HOSTS = ["mail.inside"]
    assert look(box) == []
    assert (box.last_error, script.heard) == (words.INTERNAL, [])
    # A name that says one thing when it is asked, and leads to another.
    monkeypatch.setattr(connection, "resolve", lambda host, port: ["198.41.0.4"])
    assert look(box) == []
    assert box.last_error == words.INTERNAL
    assert not [line for line in script.heard if "LOGIN" in line], "nobody was told the password"
    settings.MAIL_PRIVATE_HOSTS = ["127.0.0.1"]
    assert look(box) == ["1", "2", "3"]
