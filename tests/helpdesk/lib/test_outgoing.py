"""Calls to real servers on this machine, and the many ways in which an address may lead astray."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from helpdesk.lib import outgoing
from helpdesk.lib.outgoing import CallError, Trouble, check_url, post
from tests.receiver import Receiver, receiver, secure_receiver

__all__ = ["receiver", "secure_receiver"]
HERE = "127.0.0.1"


def here(host: str, port: int) -> list[str]:
    return [HERE]


def refused(call: Callable[[], object]) -> CallError:
    with pytest.raises(CallError) as caught:
        call()
    return caught.value


def call(url: str, **options: object) -> outgoing.Answer:
    return post(url, **{"body": b"{}", "headers": {}, "private": True, **options})  # type: ignore[arg-type]


def test_it_works(receiver: Receiver) -> None:
    answer = call(f"{receiver.url}?a=b#c", body="钱".encode(), headers={"X-Said": "yes"})
    assert (answer.status, answer.body) == (200, "thank you")
    [heard] = receiver.heard
    assert (heard.path, heard.body) == ("/hook?a=b", "钱".encode())
    assert heard.headers["x-said"] == "yes"
    assert heard.headers["host"] == f"localhost:{receiver.port}"


def test_by_https_the_name_is_the_certificates_and_the_address_the_checked_one(
    secure_receiver: Receiver,
) -> None:
    """Nobody has ever looked up hooks.example.com but the resolver that was asked once."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [HERE]

    answer = call(f"https://hooks.example.com:{secure_receiver.port}/x", resolve=resolve)
    assert answer.status == 200
    assert asked == ["hooks.example.com"]
    assert secure_receiver.heard[0].headers["host"] == f"hooks.example.com:{secure_receiver.port}"


def test_a_certificate_for_another_name(secure_receiver: Receiver) -> None:
    problem = refused(lambda: call(f"https://other.example.com:{secure_receiver.port}/", resolve=here))
    assert problem.trouble == Trouble.TLS
    assert not problem.is_permanent
    assert secure_receiver.heard == []


def test_a_certificate_that_nobody_trusts(secure_receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    problem = refused(lambda: call(f"https://hooks.example.com:{secure_receiver.port}/", resolve=here))
    assert problem.trouble == Trouble.TLS


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("http://example.com/", Trouble.NOT_HTTPS),
        ("ftp://example.com/", Trouble.NOT_HTTPS),
        ("file:///etc/passwd", Trouble.UNREADABLE),
        ("gopher://example.com:443/", Trouble.NOT_HTTPS),
        ("example.com/hook", Trouble.NOT_HTTPS),
        ("https://", Trouble.UNREADABLE),
        ("https:///hook", Trouble.UNREADABLE),
        ("", Trouble.UNREADABLE),
        ("https://exam ple.com/", Trouble.UNREADABLE),
        ("https://example.com/a b", Trouble.UNREADABLE),
        ("https://example.com/\r\nX: y", Trouble.UNREADABLE),
        ("https://example.com:port/", Trouble.UNREADABLE),
        ("https://example.com:99999/", Trouble.UNREADABLE),
        ("https://me:secret@example.com/", Trouble.CREDENTIALS),
        ("https://example.com@127.0.0.1/", Trouble.CREDENTIALS),
        ("https://example.com:80/", Trouble.PORT),
        ("https://example.com:22/", Trouble.PORT),
        ("https://127.0.0.1/", Trouble.NOT_PUBLIC),
        ("https://[::1]/", Trouble.NOT_PUBLIC),
        ("https://[::ffff:7f00:1]:8443/", Trouble.NOT_PUBLIC),
        ("https://169.254.169.254/latest/meta-data/", Trouble.NOT_PUBLIC),
    ],
)
def test_addresses_that_are_refused_as_they_are_written(url: str, trouble: Trouble) -> None:
    problem = refused(lambda: check_url(url))
    assert problem.trouble == trouble
    assert problem.is_permanent


@pytest.mark.parametrize(
    "url",
    ["https://example.com", "https://example.com:8443/a?b=c", "https://1.1.1.1/", "https://[2606:4700::1111]/",
     "HTTPS://Example.COM:443/"],
)  # fmt: skip
def test_addresses_that_may_be_tried(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.7"], ["169.254.169.254"], ["::1"], ["::ffff:10.0.0.1"], ["64:ff9b::7f00:1"],
     ["93.184.215.14", "127.0.0.1"]],
)  # fmt: skip
def test_names_that_lead_inside(addresses: list[str]) -> None:
    problem = refused(lambda: call("https://hooks.example.com/", private=False, resolve=lambda *_: addresses))
    assert problem.trouble == Trouble.NOT_PUBLIC
    assert problem.is_permanent
    assert addresses[-1] in problem.detail


@pytest.mark.parametrize("host", ["localhost", "0x7f.1", "2130706433", "0177.0.0.1", "127.1"])
def test_other_spellings_of_this_machine(host: str) -> None:
    """Only the machine's own resolver knows what they mean; what counts is what it says."""
    assert refused(lambda: call(f"https://{host}/", private=False)).trouble in (
        Trouble.NOT_PUBLIC, Trouble.UNREADABLE, Trouble.UNKNOWN_NAME,
    )  # fmt: skip


def test_a_name_that_says_something_else_a_moment_later(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it is checked, this machine when it is called. It is looked up once, and the line
    goes where the check looked."""
    answers = iter([["93.184.215.14"], [HERE]])
    tried: list[str] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError("nobody")

    monkeypatch.setattr(socket, "create_connection", connect)
    problem = refused(
        lambda: call("https://rebind.example.com/", private=False, resolve=lambda *_: next(answers))
    )
    assert problem.trouble == Trouble.NO_CONNECTION
    assert tried == ["93.184.215.14"]
    assert next(answers) == [HERE], "it was asked once"


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": "http://169.254.169.254/"}
    assert call(receiver.url).status == 302
    assert len(receiver.heard) == 1


def test_no_proxy_of_the_environment(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert call(receiver.url).status == 200


def test_no_more_is_read_than_64_kB(receiver: Receiver) -> None:
    receiver.said = b"x" * 1_000_000
    assert len(call(receiver.url).body) == outgoing.MOST_READ


def test_a_packed_answer_is_not_unpacked(receiver: Receiver) -> None:
    receiver.said, receiver.headers = b"not gzip", {"Content-Encoding": "gzip"}
    assert call(receiver.url).body == "not gzip"
    assert receiver.heard[0].headers["accept-encoding"] == "identity"


def test_the_next_address_where_the_first_does_not_answer(receiver: Receiver) -> None:
    answer = call(f"http://two.example.com:{receiver.port}/", resolve=lambda *_: ["127.0.0.9", HERE])
    assert answer.status == 200


def test_nobody_there() -> None:
    problem = refused(lambda: call("http://127.0.0.1:9/"))
    assert problem.trouble == Trouble.NO_CONNECTION
    assert not problem.is_permanent


def test_no_such_name() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror("Name or service not known")

    assert refused(lambda: call("http://gone.example.com/", resolve=resolve)).trouble == Trouble.UNKNOWN_NAME
    assert (
        refused(lambda: call("http://gone.example.com/", resolve=lambda *_: [])).trouble
        == Trouble.UNKNOWN_NAME
    )


def test_a_look_up_that_never_ends() -> None:
    forever = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        forever.wait(30)
        return []

    assert (
        refused(lambda: call("http://slow.example.com/", resolve=resolve, seconds=0.2)).trouble
        == Trouble.TOO_SLOW
    )
    forever.set()


@contextmanager
def talking(say: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A server that says byte for byte what the test likes."""
    over = threading.Event()
    listening = socket.create_server((HERE, 0))

    def serve() -> None:
        line, _address = listening.accept()
        with line:
            try:
                say(line, over)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://{HERE}:{listening.getsockname()[1]}/"
    over.set()
    thread.join(5)
    listening.close()


def drip(line: socket.socket, over: threading.Event) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.02):
        line.sendall(b"x")


def test_a_byte_now_and_then_does_not_hold_a_call_beyond_its_end() -> None:
    began = time.monotonic()
    with talking(drip) as url:
        assert refused(lambda: call(url, seconds=0.5)).trouble == Trouble.TOO_SLOW
    assert time.monotonic() - began < 5


def test_the_same_in_the_middle_of_the_hand_shake() -> None:
    def say_nothing(line: socket.socket, over: threading.Event) -> None:
        over.wait(20)

    with talking(say_nothing) as url:
        secure = url.replace("http:", "https:")
        assert refused(lambda: call(secure, seconds=0.5)).trouble == Trouble.TOO_SLOW


def test_an_answer_whose_rest_never_comes_counts() -> None:
    """Its status was heard: to call again would tell the receiver twice."""

    def say(line: socket.socket, over: threading.Event) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        over.wait(20)

    with talking(say) as url:
        heard = call(url, seconds=0.5)
    assert (heard.status, heard.body) == (200, "half")


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000])
def test_what_is_no_answer(said: bytes) -> None:
    with talking(lambda line, over: line.sendall(said)) as url:
        problem = refused(lambda: call(url))
    assert problem.trouble == Trouble.NO_ANSWER
    assert not problem.is_permanent


def test_a_line_break_does_not_become_a_header(receiver: Receiver) -> None:
    refused(lambda: call(receiver.url, headers={"X": "a\r\nB: c"}))
    assert receiver.heard == []
