"""Looks for words in everything that is kept: each column of each table, each file of the storage, Redis.

What is sealed is opened first; hashes and indexes of single words are looked at as they lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from tickets.models import IncomingMail

#: Bytes that hold no one's words but are long.
_TEXT = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"


def find(words: Sequence[str]) -> list[str]:
    """Where any of the words stands, as "table.column: word", "file: word" or "redis key: word"."""
    return [*_in_tables(words), *_in_sealed(words), *_in_files(words), *_in_redis(words)]


def _in_tables(words: Sequence[str]) -> Iterator[str]:
    patterns = [f"%{word.lower()}%" for word in words]
    with connection.cursor() as cursor:
        cursor.execute(_TEXT)
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT "{column}"::text FROM "{table}" WHERE lower("{column}"::text) LIKE ANY(%s) LIMIT 1',
                [patterns],
            )
            if row := cursor.fetchone():
                yield f"{table}.{column}: {row[0][:200]}"


def _in_sealed(words: Sequence[str]) -> Iterator[str]:
    for mail in IncomingMail.objects.exclude(raw_sealed=None):
        raw = mail.raw or b""
        yield from (f"raw mail {mail.pk}: {word}" for word in words if word.encode() in raw)
    for session in Session.objects.all():
        data = str(session.get_decoded())
        yield from (f"session {session.pk}: {word}" for word in words if word in data)


def _in_files(words: Sequence[str]) -> Iterator[str]:
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            said = (word for word in words if word.encode() in content or word in path.name)
            yield from (f"{path}: {word}" for word in said)


def _in_redis(words: Sequence[str]) -> Iterator[str]:
    for address in {settings.REDIS_CACHE_URL, settings.REDIS_URL}:
        client = redis.Redis.from_url(address)
        for key in client.scan_iter():
            value = b""
            with suppress(redis.ResponseError):
                value = client.dump(key) or b""
            yield from (f"redis {key!r}: {w}" for w in words if w.encode() in key or w.encode() in value)
