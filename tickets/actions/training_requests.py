"""Asking for a training. Apart from the training itself, which loads what no web process should."""

from __future__ import annotations

from accounts.rules.capabilities import Capability
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.events import TRAIN_TASK
from tickets.queries import training


def ask(*, by: Actor) -> bool:
    """Have the classifier learn now, new labels or not; False where it is at it already."""
    by.require(Capability.CONFIGURE_SERVICE)
    if training.step() is not None:
        return False
    training.say("asked")
    wake(TRAIN_TASK, force=True)
    return True
