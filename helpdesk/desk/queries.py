"""Which views somebody has."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, ScalarSelect, String, cast, func, or_, select
from sqlalchemy.orm import selectinload

from helpdesk.accounts.models import Account, Team, team_member
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import is_id
from helpdesk.desk.models import SavedView, saved_view_team

SHOWN_IN_RAIL = 50


def _reachable(viewer_id: int) -> ColumnElement[bool]:
    """Views that are somebody's own, or shared with everybody or a team of theirs."""
    with_mine = (
        select(saved_view_team.c.view_id)
        .join(team_member, team_member.c.team_id == saved_view_team.c.team_id)
        .where(team_member.c.account_id == viewer_id)
    )
    return or_(
        SavedView.owner_id == viewer_id, SavedView.for_everybody, SavedView.id.in_(with_mine)
    )


def own_views(viewer: Account) -> list[SavedView]:
    """Somebody's own, from the top."""
    statement = select(SavedView).where(SavedView.owner_id == viewer.id)
    statement = statement.options(selectinload(SavedView.teams))
    return list(session.scalars(statement.order_by(SavedView.place, SavedView.id)))


def shared_views(viewer: Account) -> list[SavedView]:
    """Others' views that are shared with somebody, by name."""
    statement = select(SavedView).where(_reachable(viewer.id), SavedView.owner_id != viewer.id)
    return list(session.scalars(statement.order_by(SavedView.name, SavedView.id).limit(200)))


class Known(NamedTuple):
    """What the rail knows of a saved view before it is counted."""

    is_others: bool
    place: int
    name: str
    id: int
    text: str


def packed_views(viewer_id: int) -> ScalarSelect[str]:
    """The views that somebody has, packed into one column of a question that is asked anyway."""
    parts = (
        cast(SavedView.owner_id != viewer_id, Integer),
        SavedView.place,
        SavedView.name,
        SavedView.id,
        SavedView.text,
    )
    packed: ColumnElement[str] = cast(parts[0], String)
    for part in parts[1:]:
        packed = packed.concat(_PART).concat(cast(part, String))
    every = select(func.aggregate_strings(packed, _VIEW)).where(_reachable(viewer_id))
    return every.scalar_subquery()


def unpacked_views(packed: str | None) -> list[Known]:
    """The views again: own ones first in their places, then others by name."""
    found = []
    for one in (packed or "").split(_VIEW) if packed else ():
        others, place, name, number, text = one.split(_PART)
        is_others = others == "1"
        found.append(Known(is_others, 0 if is_others else int(place), name, int(number), text))
    return sorted(found)[:SHOWN_IN_RAIL]


# Neither names nor filters hold these: both are made of what can be printed.
_VIEW, _PART = "\x1e", "\x1f"


def view_for(viewer: Account, view_id: int) -> SavedView:
    """A view that somebody has. Raises NotFound when there is none."""
    statement = select(SavedView).where(SavedView.id == view_id, _reachable(viewer.id))
    view = session.scalar(statement) if is_id(view_id) else None
    if view is None:
        raise NotFound("There is no such view, or it is not shared with you.")
    return view


def teams_to_share_with(viewer: Account) -> list[Team]:
    """Managers share views with any team, agents with their own."""
    statement = select(Team).order_by(Team.name)
    if not viewer.is_manager:
        mine = select(team_member.c.team_id).where(team_member.c.account_id == viewer.id)
        statement = statement.where(Team.id.in_(mine))
    return list(session.scalars(statement))
