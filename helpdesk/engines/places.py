"""Where an engine keeps its data, its socket and the files by which its users find each other."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes, macOS 103
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - what is made in it is ours alone, or refused  # nosec B108


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    title: str
    socket_name: str
    var_dir: Path

    @property
    def data(self) -> Path:
        return self.var_dir / self.name

    @property
    def run(self) -> Path:
        return self.var_dir / "run"

    @property
    def log(self) -> Path:
        return self.var_dir / "log" / f"{self.name}.log"

    @property
    def sockets(self) -> Path:
        """Beside the data, or in /tmp where that path is too long for a socket."""
        near = self.run / self.name
        if len(os.fsencode(near / self.socket_name)) <= SOCKET_PATH_LIMIT:
            return near
        mark = hashlib.sha256(os.fsencode(self.var_dir)).hexdigest()[:16]
        return SHORT_FOLDER / f"helpdesk-{os.getuid()}-{mark}" / self.name

    @property
    def socket(self) -> Path:
        return self.sockets / self.socket_name

    @property
    def users(self) -> Path:
        """Shared lock: held by every process that uses the engine."""
        return self.run / f"{self.name}.users"

    @property
    def start(self) -> Path:
        """Exclusive lock: held while looking for a keeper or starting one."""
        return self.run / f"{self.name}.start"

    @property
    def keeper(self) -> Path:
        """Exclusive lock: held by the keeper while it lives."""
        return self.run / f"{self.name}.keeper"

    @property
    def ready(self) -> Path:
        """Holds the keeper's process id while the engine answers."""
        return self.run / f"{self.name}.ready"

    @property
    def problem(self) -> Path:
        """Why the last start failed, in one line."""
        return self.run / f"{self.name}.problem"

    def make(self) -> None:
        for folder in (self.run, self.log.parent, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
        above = self.sockets.parent
        if os.getuid() not in (0, above.stat().st_uid) or above.is_symlink():
            raise SystemExit(
                f"VAR_DIR: {above} belongs to somebody else; choose another folder, or mend its owner"
            )
        self.sockets.chmod(0o700)


def postgres(var_dir: Path) -> Place:
    return Place("postgres", "Embedded PostgreSQL", ".s.PGSQL.5432", var_dir)


def redis(var_dir: Path) -> Place:
    return Place("redis", "Embedded Redis", "redis.sock", var_dir)


def both(var_dir: Path) -> tuple[Place, Place]:
    return postgres(var_dir), redis(var_dir)
