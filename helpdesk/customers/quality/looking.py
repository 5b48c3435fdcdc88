"""Looking at records and keeping what was found; and again at those that somebody mended."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, func, insert, or_, select, update

from helpdesk.core.clock import now
from helpdesk.core.db import ask, gather, session
from helpdesk.core.paging import AnyRow
from helpdesk.customers.models import Customer, Organization
from helpdesk.customers.quality.kinds import BY_NUMBER, KINDS
from helpdesk.customers.quality.models import RecordFinding
from helpdesk.customers.quality.seen import Seen, Within

PIECE = 1000
"""Records that are looked at in one go."""
Key = tuple[int, str]


@dataclass
class News:
    """What a look changes about what was known."""

    over: list[int] = field(default_factory=list)
    """Numbers of findings that hold no longer."""
    told_anew: dict[int, str] = field(default_factory=dict)
    """Findings whose data changed, with the reason as it is now."""
    again: list[int] = field(default_factory=list)
    """Findings that looked right a while ago and are to be looked at once more."""
    fresh: dict[Key, Seen] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.over or self.told_anew or self.again or self.fresh)


def end_of_piece(organizations: bool, after: int) -> int | None:
    """The id at which the next piece ends; None where there is nobody behind `after`."""
    row = Organization if organizations else Customer
    piece = select(row.id).where(row.id > after).order_by(row.id).limit(PIECE).subquery()
    end: int | None = session.scalar(select(func.max(piece.c.id)))
    return end


def look(organizations: bool, within: Within) -> News:
    """Look at these records, and compare with what was known about them."""
    found = {
        (kind.number, _subject(organizations, seen)): seen
        for kind in KINDS
        if kind.of_organizations is organizations
        for seen in kind.check(within)
    }
    return _compared(_known(organizations, within), found)


def _subject(organizations: bool, seen: Seen) -> str:
    words = ["organization" if organizations else "customer", str(seen.of)]
    return "-".join([*words, str(seen.other)] if seen.other else words)


def _known(organizations: bool, within: Within) -> dict[Key, AnyRow]:
    whose = RecordFinding.organization_id if organizations else RecordFinding.customer_id
    rows = ask(
        select(
            RecordFinding.id, RecordFinding.kind, RecordFinding.subject, RecordFinding.reason,
            RecordFinding.dismissed_at,
        ).where(within(whose))
    )  # fmt: skip
    return {(row.kind, row.subject): row for row in rows}


def _compared(known: Mapping[Key, AnyRow], found: Mapping[Key, Seen]) -> News:
    news = News(fresh={key: seen for key, seen in found.items() if key not in known})
    for key, row in known.items():
        if key not in found:
            news.over.append(row.id)
        elif row.reason != found[key].reason:
            news.told_anew[row.id] = found[key].reason
        elif row.dismissed_at is not None and (again := BY_NUMBER[key[0]].again):
            news.again += [row.id] if row.dismissed_at + again < now() else []
    return news


def keep(organizations: bool, news: News) -> None:
    """Keep what is new, forget what is mended, and bring back what was said to look right where
    the data, or the times, have changed since."""
    session.execute(delete(RecordFinding).where(RecordFinding.id.in_(news.over)))
    back = {"dismissed_at": None, "dismissed_by_id": None}
    for number, reason in news.told_anew.items():
        this = RecordFinding.id == number
        session.execute(update(RecordFinding).where(this).values(reason=reason, **back))
    these = RecordFinding.id.in_(news.again)
    session.execute(update(RecordFinding).where(these).values(**back))
    _add(organizations, news.fresh)


def _add(organizations: bool, fresh: Mapping[Key, Seen]) -> None:
    there = _there(organizations, {id_ for seen in fresh.values() for id_ in _ids(seen)})
    rows = [
        {
            "kind": kind,
            "subject": subject,
            "customer_id": None if organizations else seen.of,
            "other_id": seen.other,
            "organization_id": seen.of if organizations else None,
            "reason": seen.reason,
            "found_at": now(),
        }
        for (kind, subject), seen in fresh.items()
        if there.issuperset(_ids(seen))
    ]
    if rows:
        session.execute(insert(RecordFinding), rows)


def _ids(seen: Seen) -> list[int]:
    return [seen.of, seen.other] if seen.other else [seen.of]


def _there(organizations: bool, ids: Collection[int]) -> set[int]:
    """Who of them has not been deleted since somebody looked."""
    row = Organization if organizations else Customer
    return {one.id for one in ask(select(row.id).where(row.id.in_(ids)))} if ids else set()


def look_again(*customer_ids: int) -> None:
    """Somebody did something about these people: what is mended leaves the list, at the end of
    the transaction. What is new waits for the next look at everybody."""
    gather(customer_ids, _look_at_people_again)


def look_at_organization_again(organization_id: int) -> None:
    """The same of an organization."""
    gather((organization_id,), _look_at_organizations_again)


def _look_at_people_again(ids: set[int]) -> None:
    either = or_(RecordFinding.customer_id.in_(ids), RecordFinding.other_id.in_(ids))
    if touched := set(session.scalars(select(RecordFinding.customer_id).where(either))):
        _settle(False, {id_ for id_ in touched if id_ is not None})


def _look_at_organizations_again(ids: set[int]) -> None:
    its = RecordFinding.organization_id.in_(ids)
    if session.scalar(select(RecordFinding.id).where(its).limit(1)) is not None:
        _settle(True, ids)


def _settle(organizations: bool, ids: set[int]) -> None:
    session.flush()
    news = look(organizations, lambda column: column.in_(ids))
    news.fresh = {}
    keep(organizations, news)
