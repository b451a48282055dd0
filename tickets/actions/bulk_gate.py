"""What of a bulk act's text would be held back, foretold by the rules by which the send gate judges it later."""

from __future__ import annotations

from helpdesk.lib.localized import localized, suffix
from tickets.actions import send_gate
from tickets.actions.bulk_acts import Act, ApplyMacro, Reply
from tickets.actors import Actor
from tickets.models import Ticket
from tickets.rules.send_gate import Judged, Reason

#: Of so many cases what each would read is judged, and looked up whose the names in it are: a query or two a case, and
#: only where there are names. For the rest the text is judged as it was written; sending it judges all of it again.
EXACT = 200


class Gate:
    """For one act on many cases: the same text is judged once."""

    def __init__(self, act: Act, by: Actor) -> None:
        self._act, self._by = act, by
        self._asked = 0
        self._judged: dict[tuple[int, str, str], tuple[Judged, list[Reason]]] = {}

    def check(self, ticket: Ticket) -> None:
        """Raise HeldBack where the text of this act must not go to the customer of this case."""
        if not isinstance(self._act, Reply | ApplyMacro):
            return
        text = _written(self._act, ticket)
        if not text.strip():
            return
        self._asked += 1
        exact = self._asked <= EXACT
        if exact:
            text = self._act.text_for(ticket, self._by)
        judged, reasons = self._judge(ticket, text)
        if exact:
            reasons = [*reasons, *send_gate.of_names(ticket, judged)]
        if reasons:
            raise send_gate.HeldBack(reasons)

    def _judge(self, ticket: Ticket, text: str) -> tuple[Judged, list[Reason]]:
        key = ticket.brand_id, ticket.language, text
        if key not in self._judged:
            judged = send_gate.judge(ticket, text)
            self._judged[key] = judged, list(judged.reasons())
        return self._judged[key]


def _written(act: Reply | ApplyMacro, ticket: Ticket) -> str:
    """What goes to the customer, its blanks not filled; empty where nothing does."""
    if isinstance(act, Reply):
        return act.texts.get(suffix(ticket.language), "")
    return "" if act.macro.is_note else localized(act.macro, "body", ticket.language)
