"""`make up` as a person runs it, less the demo: started, used, hurt and stopped."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk import env
from helpdesk.lib.ports import answers
from tests.helpdesk.processes import free_port, naming, wait_for

COMMAND = [sys.executable, "-m", "helpdesk.supervisor", "--without-demo"]


class Running:
    def __init__(self, var_dir: Path, mail_port: int = 0, realtime_port: int = 0) -> None:
        self.var_dir, self.port, self.mail_port = var_dir, free_port(), mail_port or free_port()
        self.output = var_dir / "output"
        environ = {name: value for name, value in os.environ.items() if name not in env.names()}
        environ |= {"HELPDESK_ENV": "development", "VAR_DIR": str(var_dir), "PORT": str(self.port)}
        environ["MAIL_SERVER_PORT"] = str(self.mail_port)
        self.realtime_port = realtime_port or free_port()
        environ["REALTIME_PORT"] = str(self.realtime_port)
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                COMMAND, cwd=env.BASE_DIR, env=environ, stdout=output, stderr=output
            )

    def said(self, words: str) -> bool:
        return wait_for(lambda: words in self.output.read_text(), 90)

    def process_of(self, *words: str) -> int:
        return min(pid for pid, line in naming(self.var_dir).items() if all(word in line for word in words))

    def left_behind(self) -> dict[int, str]:
        wait_for(lambda: not naming(self.var_dir))
        return naming(self.var_dir)


@pytest.fixture
def running() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="helpdesk-up-") as folder:
        Path(folder).chmod(0o711)
        up = Running(Path(folder))
        assert up.said("Ready after"), up.output.read_text()
        yield up
        up.process.kill()
        up.process.wait()
        assert up.left_behind() == {}


@pytest.mark.long
@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
def test_stops_all_it_started(running: Running, sig: signal.Signals) -> None:
    assert answers(running.port)
    assert f"mail in    smtp://127.0.0.1:{running.mail_port}" in running.output.read_text()
    assert running.said("Takes mail by SMTP")
    with smtplib.SMTP("127.0.0.1", running.mail_port) as client:
        assert client.ehlo()[0] == 250
    for words in (
        "gunicorn",
        "celery worker",
        "celery beat",
        "mail_server",
        "manage.py realtime",
        "redis-server",
        "bin/postgres",
    ):
        assert any(all(w in line for w in words.split()) for line in naming(running.var_dir).values()), words
    running.process.send_signal(sig)
    assert running.process.wait(30) == 0
    assert running.left_behind() == {}


@pytest.mark.long
def test_without_a_mail_server_where_its_port_is_taken() -> None:
    with tempfile.TemporaryDirectory(prefix="helpdesk-up-") as folder, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        Path(folder).chmod(0o711)
        up = Running(Path(folder), other.getsockname()[1])
        assert up.said("Ready after"), up.output.read_text()
        assert up.said(f"Port {up.mail_port} is taken: no mail server.")
        assert "mail in" not in up.output.read_text()
        assert answers(up.port)
        up.process.terminate()
        assert up.process.wait(30) == 0


@pytest.mark.long
def test_without_live_updates_where_their_port_is_taken() -> None:
    with tempfile.TemporaryDirectory(prefix="helpdesk-up-") as folder, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        Path(folder).chmod(0o711)
        up = Running(Path(folder), realtime_port=other.getsockname()[1])
        assert up.said("Ready after"), up.output.read_text()
        assert f"Port {up.realtime_port} is taken: pages do not update" in up.output.read_text()
        assert not any("manage.py realtime" in line for line in naming(up.var_dir).values())
        up.process.terminate()
        assert up.process.wait(30) == 0


@pytest.mark.long
def test_live_updates_that_are_killed_come_back(running: Running) -> None:
    assert wait_for(lambda: answers(running.realtime_port))
    os.kill(running.process_of("manage.py", "realtime"), signal.SIGKILL)
    assert running.said("realtime was killed by SIGKILL: starting it again in 1 s.")
    assert wait_for(lambda: answers(running.realtime_port))


@pytest.mark.long
def test_kill_minus_nine_leaves_nothing_behind(running: Running) -> None:
    running.process.kill()
    running.process.wait()
    assert running.left_behind() == {}


@pytest.mark.long
def test_what_dies_is_told_and_started_again(running: Running) -> None:
    os.kill(running.process_of("celery", "worker"), signal.SIGKILL)
    assert running.said("worker was killed by SIGKILL: starting it again in 1 s.")
    os.kill(running.process_of("bin/postgres"), signal.SIGKILL)
    assert wait_for(lambda: running.process.poll() is None and answers(running.port))
    assert wait_for(lambda: any("worker" in line for line in naming(running.var_dir).values()))


def test_a_taken_port_is_told_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        environ = dict(os.environ) | {"PORT": str(port)}
        ended = subprocess.run(
            COMMAND, cwd=env.BASE_DIR, env=environ, capture_output=True, text=True, check=False
        )
    assert ended.returncode == 1
    assert (
        ended.stdout
        == f"Port {port} is taken: stop the program that has it, or choose another: PORT=8001 make up\n"
    )
    assert ended.stderr == ""
