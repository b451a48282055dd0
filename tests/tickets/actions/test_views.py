"""Keeping, sharing, ordering and deleting views of the queue."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Team, User
from helpdesk.lib.errors import Invalid, NotAllowed
from tickets.actions.views import (
    MOST_VIEWS,
    Asked,
    Audience,
    change_question,
    change_view,
    delete_view,
    move_view,
    save_view,
    set_columns,
)
from tickets.models import SavedView
from tickets.queries.queue.saved import base_of, filters_of, question_of, seen_by

URGENT = Asked("team", {"priority": ["urgent"], "nonsense": ["x"]}, sort="-opened", columns=["due", "x"])


def keep(user: User, name: str = "Urgent", **values: object) -> SavedView:
    return save_view(user, name=name, asked=URGENT, **values)  # type: ignore[arg-type]


def test_it_works(agent: User) -> None:
    view = keep(agent, "  Urgent \n ones ")
    assert view.name == "Urgent ones"
    assert base_of(view) == "team"
    assert filters_of(view) == {"priority": ("urgent",)}
    assert view.columns == ["subject", "due"]
    question = question_of(view)
    assert (question.view, question.sort, question.descending) == ("team", "opened", True)
    assert list(seen_by(agent)) == [view]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_view_needs_a_name(agent: User, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        keep(agent, name)
    assert "name" in refused.value.fields


def test_there_is_an_end_to_views(agent: User) -> None:
    SavedView.objects.bulk_create(SavedView(owner=agent, name="x") for _ in range(MOST_VIEWS))
    with pytest.raises(Invalid):
        keep(agent)


def test_who_sees_what(
    agent: User, second_agent: User, other_team_agent: User, lead: User, team: Team
) -> None:
    own = keep(agent)
    of_team = keep(lead, "team", audience=Audience(team=team))
    for_all = keep(lead, "all", audience=Audience(everybody=True))
    assert list(seen_by(agent)) == [own, of_team, for_all]
    assert list(seen_by(second_agent)) == [of_team, for_all]
    assert list(seen_by(other_team_agent)) == [for_all]


def test_sharing_is_a_leads_business(
    agent: User, lead: User, manager: User, team: Team, other_team: Team
) -> None:
    for audience in (Audience(team=team), Audience(everybody=True)):
        with pytest.raises(NotAllowed):
            keep(agent, audience=audience)
        view = keep(agent)
        with pytest.raises(NotAllowed):
            change_view(view, by=agent, name="x", audience=audience)
    with pytest.raises(Invalid):
        keep(lead, audience=Audience(team=other_team))
    assert keep(manager, audience=Audience(team=other_team)).team == other_team, "a manager has every team"


def test_shared_views_are_changed_by_whoever_may_share(
    agent: User, lead: User, manager: User, other_team_agent: User, team: Team
) -> None:
    view = keep(manager, audience=Audience(everybody=True))
    for stranger in (agent, other_team_agent):
        for act in (
            lambda by: change_view(view, by=by, name="x", audience=Audience(everybody=True)),
            lambda by: change_question(view, by=by, asked=URGENT),
            lambda by: set_columns(view, by=by, columns=["due"]),
            lambda by: move_view(view, by=by, step=1),
            lambda by: delete_view(view, by=by),
        ):
            with pytest.raises(NotAllowed):
                act(stranger)
    assert change_view(view, by=lead, name="New", audience=Audience(team=team)).name == "New"
    view.refresh_from_db()
    assert (view.team, view.is_shared, view.owner) == (team, False, manager)


def test_own_views_are_nobody_elses(agent: User, manager: User) -> None:
    view = keep(agent)
    with pytest.raises(NotAllowed):
        delete_view(view, by=manager)


def test_who_may_share_no_more_can_still_take_back(lead: User, agent: User) -> None:
    view = keep(lead, audience=Audience(everybody=True))
    lead.role = "agent"
    lead.save()
    assert change_view(view, by=lead, name="Mine again", audience=Audience(everybody=True)).is_shared
    assert not change_view(view, by=lead, name="Mine again", audience=Audience()).is_shared


def test_order(agent: User, second_agent: User) -> None:
    one, two, three = (keep(agent, name) for name in ("one", "two", "three"))
    keep(second_agent, "theirs")
    move_view(three, by=agent, step=-1)
    move_view(one, by=agent, step=-1)
    assert [view.name for view in seen_by(agent)] == ["one", "three", "two"]
    move_view(one, by=agent, step=1)
    assert [view.name for view in seen_by(agent)] == ["three", "one", "two"]
    move_view(two, by=agent, step=1)
    assert [view.name for view in seen_by(agent)] == ["three", "one", "two"]


def test_what_is_kept_is_read_leniently(agent: User) -> None:
    """Conditions of an older release, or written by hand, open no error page."""
    odd: list[Any] = [
        [],
        "x",
        {"status": "new"},
        {"status": ["x", 3]},
        {"view": ["x"]},
        {"gone": ["1"]},
        None,
    ]
    for conditions in odd:
        view = SavedView(owner=agent, name="odd", conditions=conditions, sort="password")
        assert question_of(view).filters == {}
        assert question_of(view).sort == "due"
