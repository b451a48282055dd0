"""The panel of a bulk act: its form with what was typed, and what would come of it."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import QueryDict

from accounts.models import User
from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions import bulk as verbs
from tickets.actions.bulk_acts import SAYING
from tickets.actions.bulk_outlook import outlook, texts
from tickets.actions.bulk_readers import act_of
from tickets.choices import BulkAct
from tickets.models import BulkRun
from tickets.queries.bulk import refused
from tickets.rules.intake import clean_line
from tickets.rules.macros import known_blanks
from tickets.workspace.bulk import asking, words
from tickets.workspace.bulk.choosing import Chosen, choose_again, with_seen
from tickets.workspace.outcome import told

#: Acts whose author typed a text, which must not be lost.
TYPED = (BulkAct.REPLY, BulkAct.NOTE)


def context(user: User, act: BulkAct, chosen: Chosen, post: QueryDict) -> dict[str, Any]:
    """``post``: what was typed so far."""
    if act in SAYING:
        chosen = with_seen(user, chosen)
    return {
        "act": act,
        "acts": words.buttons(),
        "title": act.label,
        "chosen": chosen,
        "count": words.cases(len(chosen.tickets)),
        "most": f"{verbs.MOST:,}",
        "fields": asking.fields(act, user, post),
        "blanks": known_blanks() if act in (BulkAct.REPLY, BulkAct.NOTE) else "",
        "origin_key": clean_line(post.get("origin_key", ""))[:60] or secrets.token_urlsafe(12),
        **_foretold(user, act, chosen, post),
    }


def _foretold(user: User, act: BulkAct, chosen: Chosen, post: QueryDict) -> dict[str, Any]:
    if asking.is_empty(act, user, post):
        return {}
    by, data = actors.staff(user), asking.data(act, post)
    try:
        wanted = act_of(act, data)
        found = outlook(chosen.tickets, wanted, by=by)
    except DomainError as problem:
        return {"problem": told(problem)}
    return {
        "outlook": found,
        "will": words.cases(found.will),
        "has": words.cases(found.has),
        "refused": [(words.cases(one.count), one) for one in found.refused.values()],
        "texts": texts(found, wanted, by=by),
        "told": words.described(act, data),
        "in_background": found.total > verbs.AT_ONCE,
    }


def again(user: User, run: BulkRun) -> dict[str, Any]:
    """The form once more, with the texts as they were, for the cases of a run that were refused; empty where there is
    nothing to mend.
    """
    act = BulkAct(run.act)
    if act not in TYPED or run.state in verbs.UNDER_WAY:
        return {}
    chosen = choose_again(user, refused(run))
    if chosen is None:
        return {}
    typed = QueryDict(mutable=True)
    typed.update({name: str(run.data.get(name) or "") for name in asking.names(act, user)})
    return context(user, act, chosen, typed)
