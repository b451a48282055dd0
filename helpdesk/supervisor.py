"""`make up`: engines, tables, demo, then web, worker, beat, mail server and live updates as processes of their own.

    python -m helpdesk.supervisor [--without-demo]

They run until Ctrl-C. Each child leads a process group of its own and is told by the kernel when this process dies, so
nothing is left behind: not after Ctrl-C, not after SIGTERM, not after kill -9.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from helpdesk import embedded, env
from helpdesk.demo_logins import EMAILS, PASSWORD
from helpdesk.engines.process import dies_with_parent
from helpdesk.lib.ports import answers, taken

WORKERS = 2
#: Of each web worker.
THREADS = 4
READY_SECONDS = 60
STOP_SECONDS = 15
CALM_SECONDS = 60.0  # a child that ran this long has earned a fresh start of the count
MOST_DEATHS = 5
MAIL, REALTIME, WALLET = "mail", "realtime", "wallet"
#: Without these there still is a helpdesk.
OPTIONAL = frozenset({MAIL, REALTIME, WALLET})
THIS_MACHINE = "127.0.0.1"


@dataclass
class Child:
    name: str
    command: list[str]
    is_needed: bool = True  # without the others there is no helpdesk
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    start_at: float = field(default_factory=time.monotonic)

    def start(self, environ: dict[str, str]) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=env.BASE_DIR,
            env=environ,
            stdin=subprocess.DEVNULL,
            process_group=0,  # the terminal's Ctrl-C reaches the supervisor alone, which ends them in order
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )

    def signal_group(self, sig: signal.Signals) -> None:
        """To its whole group: a child that was killed may have left children of its own."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, sig)


class Stop(Exception):
    """Someone asked us to end, or going on makes no sense; the text is the reason, if one needs telling."""


class Supervisor:
    def __init__(self, settings: env.Environment, *, demo: bool) -> None:
        self.settings = settings
        self.preparation = [sys.executable, "manage.py", "prepare"] + ["--demo"] * demo
        self.environ = dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
        self.environ["WEB_CONCURRENCY"] = str(
            settings.web_concurrency
        )  # gunicorn would trip over an empty one
        self.children = [
            Child(name, command, is_needed=name not in OPTIONAL)
            for name, command in commands(settings).items()
        ]
        self.stopping = False

    def run(self) -> int:
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, self.ask_to_stop)
        code = 0
        try:
            self.prepare()
            self.watch()
        except Stop as stop:
            if stop.args:
                say(str(stop))
                code = 1
        except SystemExit as failed:  # an engine's one line
            say(str(failed))
            code = 1
        finally:
            self.stop()
        return code

    def ask_to_stop(self, sig: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            raise Stop

    def prepare(self) -> None:
        started = time.monotonic()
        self.attach()
        self.leave_out_what_has_no_port()
        child = Child("prepare", self.preparation)
        self.children.append(child)  # so that Ctrl-C ends it too
        child.start(self.environ)
        assert child.process
        if child.process.wait():
            raise Stop("The database could not be prepared; the lines above say why.")
        self.children.remove(child)
        for serving in self.children:
            serving.start(self.environ)
        self.wait_until_serving()
        say(welcome(self.settings, time.monotonic() - started, {child.name for child in self.children}))

    def leave_out_what_has_no_port(self) -> None:
        if taken(port := self.settings.mail_server_port, THIS_MACHINE):
            say(
                f"Port {port} is taken: no mail server. To have one choose another: MAIL_SERVER_PORT=2526 make up"
            )
            self.leave_out(MAIL)
        if self.settings.realtime_url == env.NOT_LIVE:
            self.leave_out(REALTIME)
        elif taken(port := self.settings.realtime_port, THIS_MACHINE):
            say(
                f"Port {port} is taken: pages do not update by themselves."
                " To have them choose another: REALTIME_PORT=8011 make up"
            )
            self.leave_out(REALTIME)
            self.environ["REALTIME_URL"] = env.NOT_LIVE
        port = self.settings.wallet_sandbox_port
        if port and taken(port, THIS_MACHINE):
            say(
                f"Port {port} is taken: no sandbox wallet, so that approved acts wait."
                " To have one choose another: WALLET_SANDBOX_PORT=8012 make up"
            )
            self.leave_out(WALLET)

    def leave_out(self, name: str) -> None:
        self.children = [child for child in self.children if child.name != name]

    def attach(self) -> None:
        wants = {"postgres": not self.settings.database_url, "redis": not self.settings.redis_url}
        embedded.attach(self.settings.var_dir, **wants)

    def wait_until_serving(self) -> None:
        web = self.children[0]
        deadline = time.monotonic() + READY_SECONDS
        while not answers(self.settings.port):
            if web.process is None or web.process.poll() is not None:
                raise Stop("The web server could not start; the lines above say why.")
            if time.monotonic() > deadline:
                raise Stop(f"The web server does not answer after {READY_SECONDS} s.")
            time.sleep(0.05)

    def watch(self) -> None:
        while True:
            self.attach()  # costs nothing while the engines run, and brings back one that died
            for child in self.children:
                if child.process and child.process.poll() is not None:
                    self.bury(child)
                if child.process is None and time.monotonic() >= child.start_at:
                    child.start(self.environ)
            time.sleep(0.5)

    def bury(self, child: Child) -> None:
        assert child.process
        ending = describe(child.process.returncode)
        child.signal_group(signal.SIGKILL)
        child.deaths = 1 if time.monotonic() - child.started_at > CALM_SECONDS else child.deaths + 1
        if child.deaths >= MOST_DEATHS and child.is_needed:
            raise Stop(f"{child.name} {ending} {child.deaths} times in a row: stopping everything.")
        if child.deaths >= MOST_DEATHS:
            say(f"{child.name} {ending} {child.deaths} times in a row: going on without it.")
            child.process, child.start_at = None, float("inf")
            return
        pause = 2 ** (child.deaths - 1)
        say(f"{child.name} {ending}: starting it again in {pause} s.")
        child.process, child.start_at = None, time.monotonic() + pause

    def stop(self) -> None:
        self.stopping = True
        running = [child for child in self.children if child.process]
        for child in running:
            assert child.process
            if child.process.poll() is None:
                child.process.terminate()  # the leader ends its own children, and finishes what they are at
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            assert child.process
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"{child.name} does not stop: killing it.")
            child.signal_group(signal.SIGKILL)
            child.process.wait()
        if not embedded.release(self.settings.var_dir):
            say("PostgreSQL and Redis stay up: another command still uses them, and they stop with it.")


def commands(settings: env.Environment) -> dict[str, list[str]]:
    # In a container root is all there is, and Celery would warn about it at every start.
    quiet = "-W ignore::UserWarning:celery.platforms"
    celery = f"{quiet} -m celery -A helpdesk --quiet"
    level = f"--loglevel {settings.log_level.lower()}"
    # No proxy stands before it here, and browsers open connections ahead on which they ask nothing for long: they
    # must not hold a worker.
    threads = f"--worker-class gthread --threads {THREADS}"
    gunicorn = f"-m gunicorn helpdesk.wsgi:application --log-level warning --timeout 60 {threads} --no-control-socket"
    lines = {
        "web": f"{gunicorn} --bind 127.0.0.1:{settings.port}",
        "worker": f"{celery} worker --concurrency {WORKERS} --without-gossip --without-mingle {level}",
        "beat": f"{celery} beat --pidfile= {level}",
        MAIL: f"manage.py mail_server --host {THIS_MACHINE} --port {settings.mail_server_port}",
        REALTIME: f"manage.py realtime --host {THIS_MACHINE} --port {settings.realtime_port}",
    }
    if settings.wallet_sandbox_port:
        lines[WALLET] = f"manage.py wallet_sandbox --port {settings.wallet_sandbox_port}"
    return {name: [sys.executable, *line.split()] for name, line in lines.items()}


def describe(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def welcome(settings: env.Environment, seconds: float, serving: Collection[str]) -> str:
    base = f"http://localhost:{settings.port}"
    lines = [f"Ready after {seconds:.1f} s. Ctrl-C stops everything.", ""]
    lines += [f"  customers  {base}/", f"  staff      {base}/admin/", f"  API        {base}/api/v1/"]
    if settings.debug and not settings.smtp_url:
        lines.append(f"  mail sent  {base}/dev/mail/")
    if MAIL in serving:
        lines.append(f"  mail in    smtp://{THIS_MACHINE}:{settings.mail_server_port}")
    if WALLET in serving:
        lines.append(f"  wallet     http://{THIS_MACHINE}:{settings.wallet_sandbox_port}/ (a sandbox)")
    lines += ["", f"  Demo log-ins, all with the password {PASSWORD}:"]
    lines += [f"  {role:<17} {email}" for role, email in EMAILS.items()]
    return "\n".join(lines)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the terminal is this program's door


def main() -> int:
    settings = env.read()
    if taken(settings.port):
        say(
            f"Port {settings.port} is taken: stop the program that has it, or choose another: PORT=8001 make up"
        )
        return 1
    return Supervisor(settings, demo="--without-demo" not in sys.argv).run()


if __name__ == "__main__":
    sys.exit(main())
