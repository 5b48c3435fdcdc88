"""What agents do with views."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.accounts.models import Account, Team
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Forbidden, Invalid
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.desk import queries
from helpdesk.desk.columns import MOST as MOST_COLUMNS
from helpdesk.desk.columns import columns
from helpdesk.desk.events import ViewDeleted, ViewSaved
from helpdesk.desk.models import SavedView
from helpdesk.desk.sharing import require_right, require_sharing
from helpdesk.desk.sorting import BY_ACTIVITY, order
from helpdesk.tickets.filters import parse

MOST_VIEWS = 50
LONGEST_NAME = 60
NOT_YOURS = "This view is somebody else’s. Save a copy of your own instead."


@dataclass(frozen=True)
class Wish:
    """What a view should be. `text` is a filter as somebody typed it."""

    name: str
    text: str
    sort: str = BY_ACTIVITY
    columns: Sequence[str] = ()
    teams: Sequence[Team] = ()
    for_everybody: bool = False


def save_view(wish: Wish, *, by: Account) -> SavedView:
    """A new view, below one's others.

    Raises Invalid for a wish that cannot be, and when there are fifty already; FilterError for a
    filter that cannot be understood; Forbidden for sharing with a team one is not in.
    """
    own = queries.own_views(by)
    if len(own) >= MOST_VIEWS:
        raise Invalid(f"{MOST_VIEWS} views are enough for anybody. Delete one first.")
    view = SavedView(owner_id=by.id, created_at=now(), place=len(own))
    _keep(view, wish, by)
    return view


def change_view(view: SavedView, wish: Wish, *, by: Account) -> None:
    """Make it what is wished. Raises what `save_view` raises."""
    require_right(view, NOT_YOURS, by=by)
    _keep(view, wish, by)


def delete_view(view: SavedView, *, by: Account) -> None:
    """Nobody has it any more. Raises Forbidden for somebody else's."""
    require_right(view, NOT_YOURS, by=by)
    record(ViewDeleted(view.id, view.name, view.text), by=by)
    session.delete(view)


def move_view(view: SavedView, *, up: bool, by: Account) -> None:
    """One place up or down among one's own; at an end nothing happens. Raises Forbidden."""
    if view.owner_id != by.id:
        raise Forbidden("Only the views that are yours have a place you can choose.")
    own = queries.own_views(by)
    at = own.index(view)
    own.insert(max(at - 1, 0) if up else at + 1, own.pop(at))
    for place, each in enumerate(own):
        each.place = place


def _keep(view: SavedView, wish: Wish, by: Account) -> None:
    _set(view, wish, by)
    session.add(view)
    session.flush()
    _record(view, by)


def _set(view: SavedView, wish: Wish, by: Account) -> None:
    name = one_line(wish.name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(f"A view has a name of 1 to {LONGEST_NAME} characters.", "name")
    wanted = parse(wish.text)
    wanted.check(by)
    order(wish.sort)
    _check_columns(wish.columns)
    require_sharing(view, wish, "view", by=by)
    view.name, view.text, view.sort = name, str(wanted), wish.sort
    view.columns = list(dict.fromkeys(wish.columns))
    view.teams, view.for_everybody = list(wish.teams), wish.for_everybody


def _check_columns(names: Sequence[str]) -> None:
    known = columns()
    if unknown := [name for name in names if name not in known]:
        raise Invalid(f"There is no column “{unknown[0]}”.")
    if len(set(names)) > MOST_COLUMNS:
        raise Invalid(f"A view can have {MOST_COLUMNS} columns, these are {len(set(names))}.")


def _record(view: SavedView, by: Account) -> None:
    teams = sorted(team.id for team in view.teams)
    record(ViewSaved(view.id, view.name, view.text, teams, view.for_everybody), by=by)
