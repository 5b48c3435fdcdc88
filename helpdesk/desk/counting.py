"""How much the saved views of somebody hold, on every page."""

from collections import OrderedDict
from collections.abc import Sequence
from time import monotonic
from typing import NamedTuple

from sqlalchemy import func, literal, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.paging import CAP
from helpdesk.core.unchanged import while_unchanged
from helpdesk.desk.queries import Known
from helpdesk.desk.queue import in_words
from helpdesk.tickets.filters import FilterError, parse
from helpdesk.tickets.models import Ticket

SLOW = 0.1
"""Seconds from which counting is too slow for every page."""
PATIENCE = 20
"""What was slow to count is kept for so many times as long as it took."""
_HELD = 512


class Counted(NamedTuple):
    """A saved view and how much it holds; None where its filter is not understood any more."""

    id: int
    name: str
    held: int | str | None


_slow: OrderedDict[tuple[str, int, tuple[Known, ...]], tuple[float, Sequence[Counted]]] = (
    OrderedDict()
)


def saved_counts(viewer: Account, views: tuple[Known, ...]) -> Sequence[Counted]:
    """Saved views of somebody with what they hold, none counted further than `CAP`."""
    if not views:
        return ()
    key = (str(session.get_bind().engine.url), viewer.id, views)
    until, known = _slow.get(key, (0.0, ()))
    if monotonic() < until:
        return known
    start = monotonic()
    counted = _counted(viewer.id, views, int(now().timestamp()) // 60)
    if (took := monotonic() - start) > SLOW:
        _slow[key] = (monotonic() + PATIENCE * took, counted)
        while len(_slow) > _HELD:
            _slow.popitem(last=False)
    return counted


@while_unchanged
def _counted(viewer_id: int, views: tuple[Known, ...], _minute: int) -> Sequence[Counted]:
    """`_minute` is the present one, because lengths of time in filters pass."""
    return count_anew(session.get_one(Account, viewer_id), views)


def count_anew(viewer: Account, views: tuple[Known, ...]) -> Sequence[Counted]:
    """What these views hold for `viewer`, asked of the database in one question."""
    sums, wrong = [], set()
    for view in views:
        try:
            some = select(literal(1)).select_from(Ticket).where(*parse(view.text).where(viewer))
        except FilterError:
            wrong.add(view.id)
            continue
        capped = select(func.count()).select_from(some.limit(CAP).subquery())
        sums.append(capped.scalar_subquery().label(f"v{view.id}"))
    found = ask(select(*sums)).one()._mapping if sums else {}
    return tuple(
        Counted(v.id, v.name, None if v.id in wrong else in_words(found[f"v{v.id}"])) for v in views
    )
