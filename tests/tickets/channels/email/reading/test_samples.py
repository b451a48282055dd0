"""Real messages, well formed and not: what each says is written down beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.quick import quick
from tickets.channels.email.reading import Address, ReadMail, read

HERE = Path(__file__).parent
SHARED = Path(__file__).resolve().parents[6] / "shared" / "data"
#: What text looks like when its bytes were taken for another charset, in the languages of these messages.
MOJIBAKE = ("Ã©", "Ã¤", "Ã¼", "â€", "ï¿½", "Â\xa0", "¤j", "浣犲", "锟斤拷", "縺")


def messages(name: str) -> list[Any]:
    """Each message of the table with what is expected of it; one that is skipped where the files are not."""
    table = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    folder = SHARED / f"mail_{name}"
    mark = pytest.mark.skipif(not folder.exists(), reason=f"no ../shared/data/mail_{name} beside the project")
    return [pytest.param(folder / file, expected, id=file, marks=mark) for file, expected in table.items()]


def person(one: Address) -> str:
    return f"{one.name} <{one.address}>" if one.name and one.address else one.address or one.name


def told(mail: ReadMail, expected: dict[str, Any]) -> dict[str, Any]:
    """The mail in the words of the table."""
    found: dict[str, Any] = {
        "subject": mail.subject,
        "from": [person(one) for one in mail.senders],
        "files": [
            f"{one.name}, {len(one.content)}{', inline' if one.is_inline else ''}" for one in mail.files
        ],
        "html": bool(mail.html),
        "sent": mail.sent_at.isoformat() if mail.sent_at else None,
    }
    if "begins" not in expected:
        return found | {"text": mail.text}
    return found | {
        "begins": mail.text[: len(expected["begins"])],
        "ends": mail.text[-len(expected["ends"]) :],
        "length": len(mail.text),
    }


@pytest.mark.parametrize(("path", "expected"), messages("cpython") + messages("mikel"))
def test_a_message_says_what_it_says(path: Path, expected: dict[str, Any]) -> None:
    absent = {"files": [], "html": False, "sent": None} | ({} if "begins" in expected else {"text": ""})

    mail = read(path.read_bytes())

    assert told(mail, expected) == absent | expected


@pytest.mark.parametrize("name", ["cpython", "mikel"])
def test_the_table_knows_every_message(name: str) -> None:
    folder = SHARED / f"mail_{name}"
    if not folder.exists():
        pytest.skip(f"no ../shared/data/mail_{name} beside the project")
    files = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.suffix in (".txt", ".eml")}

    assert set(yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))) == files
    assert len(files) == {"cpython": 48, "mikel": 103}[name]


@pytest.mark.parametrize(("path", "_expected"), messages("cpython") + messages("mikel"))
def test_nothing_is_garbled(path: Path, _expected: dict[str, Any]) -> None:
    raw = path.read_bytes()
    mail = read(raw)
    names = [*(one.name for one in (*mail.senders, *mail.to)), *(one.name for one in mail.files)]
    said = "\n".join([mail.subject, mail.text, *names])

    assert not [sign for sign in MOJIBAKE if sign in said]
    # The one way to a replacement character is that somebody before us put it there.
    assert "\ufffd" not in said or b"\xef\xbf\xbd" in raw


BODIES = sorted((SHARED / "mail_email_reply_parser").glob("*.txt"))


@pytest.mark.skipif(not BODIES, reason="no ../shared/data/mail_email_reply_parser beside the project")
def test_plain_bodies_arrive_whole() -> None:
    for path in BODIES:
        body = path.read_bytes()
        mail = read(
            b"From: ann@example.com\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body
        )

        assert mail.text == body.decode("utf-8").replace("\r\n", "\n").strip("\n"), path.name
    assert len(BODIES) == 22


@pytest.mark.skipif(not BODIES, reason="no ../shared/data/mail_email_reply_parser beside the project")
def test_a_quotation_of_750_kilobytes_takes_no_time() -> None:
    raw = (
        b"From: ann@example.com\r\n\r\n"
        + (SHARED / "mail_email_reply_parser" / "email_long_quote.txt").read_bytes()
    )

    with quick():
        mail = read(raw)

    assert len(mail.text) > 700_000
