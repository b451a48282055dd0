"""Secrets planted in whatever takes text, and the scan that must find none of them afterwards.

Scanned are every column of every table (index documents and JSON among them; what is sealed is opened as the product
opens it), every file below ``VAR_DIR`` (the database's own and its write-ahead log too), every key and value in Redis,
what was logged, and whatever else a test gives.
"""

from __future__ import annotations

import base64
import email
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from tests.phrases_maker import LISTS
from tests.secrets_maker import Maker, luhn_completed
from tickets.models import IncomingMail

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_WORD = re.compile(r"[a-z]{3,8}")
#: Of the twelve words of a phrase, by their first four letters (which tell them apart): so many in one row are no
#: chance.
_TOO_MANY = 9


@dataclass(frozen=True)
class Planted:
    """``text`` is what was planted; none of its ``pieces`` may be found, however it was laid out."""

    way: str
    text: str
    pieces: tuple[str, ...]
    words: frozenset[str] = frozenset()


class Plants:
    """Makes secrets that are all different, and remembers by which way each of them went in."""

    def __init__(self, seed: int = 7) -> None:
        self.maker = Maker(seed)
        self.planted: list[Planted] = []

    def phrase(self, way: str, between: str = " ") -> str:
        words = self._words("english")
        threes = tuple("".join(words[place : place + 3]) for place in (0, 3, 6, 9))
        return self._add(way, between.join(words), threes, frozenset(word[:4] for word in words))

    def chinese(self, way: str, between: str = " ") -> str:
        words = self._words("chinese_simplified")
        return self._add(way, between.join(words), tuple("".join(words[at : at + 4]) for at in (0, 4, 8)))

    def card(self, way: str, between: str = " ") -> str:
        number = luhn_completed("4" + self.maker.digits(14))
        text = between.join(number[place : place + 4] for place in range(0, 16, 4))
        return self._add(way, text, (number,))

    def wif(self, way: str) -> str:
        key = self.maker.wif()
        return self._add(way, key, tuple(key[place : place + 16].lower() for place in (1, 17, 33)))

    def password(self, way: str) -> str:
        token = f"{self.maker.hex(6)}Xq!{self.maker.digits(5)}"
        self._add(way, token, (token.lower(),))
        return f"my password is {token}"

    def _words(self, language: str) -> list[str]:
        return str(LISTS[language].to_mnemonic(self.maker.random.randbytes(16))).split()

    def _add(self, way: str, text: str, pieces: tuple[str, ...], words: frozenset[str] = frozenset()) -> str:
        self.planted.append(Planted(way, text, pieces, words))
        return text

    # Finding them again

    def in_text(self, text: str) -> list[str]:
        """Ways of the secrets that a text holds, whatever signs stand between their parts."""
        low = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).lower()
        low = f"{low}\n{unquote_plus(low)}" if "%" in low or "+" in low else low
        layouts = (
            low,
            re.sub(r"[^a-z]", "", low),
            re.sub(r"[^\u4e00-\u9fff]", "", low),
            re.sub(r"(?<=\d)[^0-9a-z](?=\d)", "", low),
        )
        starts = {word[:4] for word in _WORD.findall(low)}
        return [
            one.way
            for one in self.planted
            if any(piece in layout for piece in one.pieces for layout in layouts)
            or len(one.words & starts) >= min(_TOO_MANY, len(one.words) or 99)
        ]

    def in_files(self, folder: Path) -> list[str]:
        """As they were typed, anywhere in any file."""
        typed = {text[:24]: one.way for one in self.planted for text in (one.text,)}
        patterns = "\n".join(line for text in typed for line in text.split("\n") if len(line) > 9)
        command = ["grep", "-raoFf", "-", str(folder)]
        found = subprocess.run(
            command,
            input=patterns.encode(),
            capture_output=True,
            env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
        )
        return [line.decode("utf-8", "replace") for line in found.stdout.splitlines()]


def scan(plants: Plants, *, folders: list[Path], more: list[tuple[str, str]]) -> list[str]:
    """ "where: way" for each secret that is found. ``more`` are (name, text) of what else was written."""
    texts = [*_rows(), *_sealed(), *_sessions(), *_redis(), *more]
    found = [f"{where}: {way}" for where, text in texts for way in plants.in_text(text)]
    found += [line for folder in folders for line in plants.in_files(folder)]
    return sorted(set(found))


def _rows() -> Iterator[tuple[str, str]]:
    """Every row of every table, as the database writes it: also documents of search indices and JSON."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT t::text FROM {quoted} t")
            yield from ((f"table {table}", str(row)) for (row,) in cursor.fetchall())
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'bytea'"
        )
        for table, column in cursor.fetchall():
            names = connection.ops.quote_name(table), connection.ops.quote_name(column)
            cursor.execute("SELECT {1} FROM {0} WHERE {1} IS NOT NULL".format(*names))
            for (value,) in cursor.fetchall():
                yield f"bytes of {table}.{column}", bytes(value).decode("utf-8", "replace")


def _sealed() -> Iterator[tuple[str, str]]:
    """Raw copies of mails that were read: opened, and decoded as a mail program would."""
    for row in IncomingMail.objects.exclude(raw_sealed=None):
        raw = row.raw or b""
        parsed = email.message_from_bytes(raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        yield f"raw mail {row.pk}", "\n".join([raw.decode("utf-8", "replace"), *_decoded(parsed)])


def _decoded(message: EmailMessage) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in message.items())
    for part in message.walk():
        yield part.get_filename("")
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            yield content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _sessions() -> Iterator[tuple[str, str]]:
    for session in Session.objects.all():
        yield "session", repr(session.get_decoded())


def _redis() -> Iterator[tuple[str, str]]:
    """Queue, results, channels and cache."""
    for url in {settings.REDIS_URL, str(settings.CACHES["default"]["LOCATION"])}:
        client = redis.Redis.from_url(url)
        for key in client.scan_iter(count=500):
            yield f"redis {key!r}", f"{key!r} {_value(client, key)}"


def _value(client: redis.Redis, key: bytes) -> str:
    kind = client.type(key)
    read: dict[bytes, Any] = {
        b"string": lambda: client.get(key),
        b"list": lambda: client.lrange(key, 0, -1),
        b"hash": lambda: client.hgetall(key),
        b"set": lambda: client.smembers(key),
        b"zset": lambda: client.zrange(key, 0, -1, withscores=True),
        b"stream": lambda: client.xrange(key),
    }
    return _readable(read[kind]()) if kind in read else ""


def _readable(value: object) -> str:
    """Bytes at any depth as text; queue messages carry Base64, which is read too."""
    if isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
        bodies = re.findall(r"[A-Za-z0-9+/]{24,}={0,2}", text)
        for body in bodies:
            with suppress(ValueError):
                text += "\n" + base64.b64decode(body + "=" * (-len(body) % 4)).decode("utf-8", "replace")
        return text
    if isinstance(value, dict):
        return "\n".join(_readable(one) for pair in value.items() for one in pair)
    if isinstance(value, list | tuple | set):
        return "\n".join(_readable(one) for one in value)
    return str(value)
