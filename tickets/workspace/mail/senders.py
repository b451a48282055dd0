"""What is said of the sender of a mail in the box, and what the reader of it may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.choices import SenderVerdict
from tickets.models import IncomingMail, SenderRule
from tickets.queries.sender_rules import fitting
from tickets.rules.sender_rules import candidates, is_domain, shown


@dataclass(frozen=True)
class Line:
    """A rule that the sender falls under. The first of them decides."""

    rule: SenderRule
    text: str
    may_remove: bool


def panel(user: User, mail: IncomingMail) -> dict[str, Any] | None:
    """None where nobody knows who wrote."""
    patterns = candidates(mail.sender)
    if not patterns:
        return None
    may_more = access.can(user, Capability.CONFIGURE_SERVICE)
    return {
        "address": patterns[0],
        "shown": shown(patterns[0]),
        "patterns": [(pattern, shown(pattern)) for pattern in patterns] if may_more else [],
        "may_more": may_more,
        "lines": [_line(rule, may_more) for rule in fitting(mail.sender, mail.brand)],
    }


def _line(rule: SenderRule, may_more: bool) -> Line:
    told = {"who": shown(rule.pattern), "brand": rule.brand.name if rule.brand else _("every brand")}
    if rule.verdict == SenderVerdict.BLOCK:
        text = _("%(who)s is blocked (%(brand)s).") % told
    else:
        text = _("%(who)s is allowed (%(brand)s).") % told
    return Line(rule, text, may_more or (rule.brand is not None and not is_domain(rule.pattern)))
