"""A wallet core to try things against: it keeps accounts, carries out acts once each, and can be told to misbehave.

What it did is appended to a journal before it answers, as a real one would: killed and started again it knows it all.
How it behaves, the account's name says (``behaviour_of``). ``sandbox_server`` puts it on a port.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.utils.crypto import salted_hmac

from helpdesk.lib import clock
from tickets.gateways.wallet_core.sandbox_holders import is_holder


class Behaviour(StrEnum):
    """By the last word of the account's name after a dash: ``BTP-10023456-refuse``."""

    GOOD = "good"
    #: Answers that it will not.
    REFUSE = "refuse"
    #: Takes it, answers "pending", and calls back when it is done.
    SLOW = "slow"
    #: Carries it out and never answers the first call.
    TIMEOUT = "timeout"
    #: Never answers the first call and does nothing; has not heard of it when asked.
    LOST = "lost"
    #: Carries it out once, and says so twice more by calling back.
    TWICE = "twice"
    #: Answers the first call with HTTP 503 and nothing that is signed.
    DOWN = "down"
    #: Answers the first call with a signature that does not fit.
    FORGED = "forged"


_BEHAVIOURS = {how.value: how for how in Behaviour}
#: Those that are over after the first call.
_FIRST_ONLY = frozenset({Behaviour.TIMEOUT, Behaviour.LOST, Behaviour.DOWN, Behaviour.FORGED})


def behaviour_of(account: str) -> Behaviour:
    word = account.rpartition("-")[2].lower()
    return _BEHAVIOURS.get(word, Behaviour.GOOD)


def sandbox_key_id(brand: str) -> str:
    return f"sandbox-{brand}"


def sandbox_secret(key_id: str) -> bytes:
    """Of the demo's wallets: both sides know SECRET_KEY, and nobody needs to be told."""
    return salted_hmac("tickets.wallet_sandbox", key_id, algorithm="sha256").digest()


@dataclass
class Done:
    """One act as the sandbox has it."""

    key: str
    content_hash: str
    content: Mapping[str, Any]
    state: str
    code: str = ""
    reference: str = ""
    at: str = ""
    effects: int = 0
    #: By whose key it was asked for: the call back is signed by it.
    key_id: str = ""


@dataclass
class Sandbox:
    """``journal``: where it is written down; None keeps it in memory."""

    journal: Path | None = None
    acts: dict[str, Done] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.journal is not None and self.journal.exists():
            for line in self.journal.read_text(encoding="utf-8").splitlines():
                self._remember(Done(**json.loads(line)))

    def behaves(self, key: str, account: str) -> Behaviour:
        """How this call is answered; the call is counted."""
        with self.lock:
            self.calls[key] += 1
            how = behaviour_of(account)
            return Behaviour.GOOD if how in _FIRST_ONLY and self.calls[key] > 1 else how

    def take(self, said: Mapping[str, Any], how: Behaviour, key_id: str) -> Done:
        """Carry it out, or refuse; the same key again gives what was said of it before."""
        with self.lock:
            before, asked = self.acts.get(str(said["act"])), _asked(said, key_id)
            if before is not None:
                is_same = (before.content_hash, before.content) == (asked.content_hash, asked.content)
                return before if is_same else replace(asked, state="refused", code="other_content")
            if not is_holder(asked.content, dict(said.get("holder") or {})):
                return self._write(replace(asked, state="refused", code="not_holder"))
            if how is Behaviour.REFUSE:
                return self._write(replace(asked, state="refused", code="account_closed"))
            if how is Behaviour.SLOW:
                return self._write(replace(asked, state="pending"))
            return self._write(replace(asked, state="done", effects=1))

    def complete(self, key: str) -> Done:
        """What was pending is done now."""
        with self.lock:
            act = self.acts[key]
            if act.state != "pending":
                return act
            return self._write(replace(act, state="done", effects=1, at=_now()))

    def known(self, key: str) -> Done | None:
        with self.lock:
            return self.acts.get(key)

    def pending(self) -> list[str]:
        with self.lock:
            return [key for key, act in self.acts.items() if act.state == "pending"]

    def told(self) -> dict[str, Any]:
        """Everything, newest first, for its page."""
        with self.lock:
            acts = [asdict(act) | {"calls": self.calls[act.key]} for act in reversed(self.acts.values())]
            return {"acts": acts, "accounts": self.accounts, "effects": sum(a["effects"] for a in acts)}

    def _write(self, act: Done) -> Done:
        if self.journal is not None:
            with self.journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(act), ensure_ascii=False) + "\n")
                file.flush()
        self._remember(act)
        return act

    def _remember(self, act: Done) -> None:
        self.acts[act.key] = act
        if act.effects:
            self._apply(act)

    def _apply(self, act: Done) -> None:
        content = act.content
        account = self.accounts.setdefault(str(content["account"]), {"frozen": False, "log": []})
        if content["kind"] in ("freeze", "unfreeze"):
            account["frozen"] = content["kind"] == "freeze"
        money = f" {content['amount']} {content['currency']}" if content.get("amount") else ""
        account["log"].append(f"{content['kind']}{money}")


def _asked(said: Mapping[str, Any], key_id: str) -> Done:
    key = str(said["act"])
    return Done(
        key,
        str(said["content_hash"]),
        dict(said["content"]),
        "",
        reference=f"SBX-{key[:8].upper()}",
        at=_now(),
        key_id=key_id,
    )


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")
