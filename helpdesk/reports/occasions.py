"""What happened that explains a curve."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.reports.events import OccasionDropped, OccasionNoted
from helpdesk.reports.models import Occasion, Sort
from helpdesk.reports.periods import FIRST_DAY

LONGEST = 80
LAST_DAY = date(2100, 1, 1)
MOST = 2_000


def note(day: date, sort: Sort, text: str, by: Account) -> Occasion:
    """Mark a day. Saying the same of it twice is saying it once.

    Raises Invalid for a text that says nothing or a day that is too far away, and Conflict when
    there are thousands already.
    """
    words = one_line(text)
    if not words or len(words) > LONGEST:
        raise Invalid(f"Say what happened, in at most {LONGEST} letters.")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid(f"{day} is too far away.")
    same = select(Occasion).where(Occasion.day == day, Occasion.text == words)
    if found := session.scalar(same):
        return found
    if session.query(Occasion).count() >= MOST:
        raise Conflict("There are too many marks already: drop some that say little.")
    occasion = Occasion(day=day, sort=sort, text=words, made_by_id=by.id, made_at=now())
    session.add(occasion)
    session.flush()
    record(OccasionNoted(occasion.id, day.isoformat(), sort.value, words), by=by)
    return occasion


def drop(occasion_id: int, by: Account) -> None:
    """Take a mark away; one that is gone already stays so."""
    occasion = session.get(Occasion, occasion_id)
    if occasion is None:
        return
    told = OccasionDropped(occasion.id, occasion.day.isoformat(), occasion.sort, occasion.text)
    session.delete(occasion)
    record(told, by=by)


def latest(limit: int = 200) -> Sequence[Occasion]:
    """The newest first."""
    newest = select(Occasion).order_by(Occasion.day.desc(), Occasion.id.desc()).limit(limit)
    return session.scalars(newest).all()


def between(first: date, last: date) -> list[tuple[date, str]]:
    """What happened within these days, in order."""
    statement = select(Occasion.day, Occasion.sort, Occasion.text).where(
        Occasion.day >= first, Occasion.day <= last
    )
    found = session.execute(statement.order_by(Occasion.day, Occasion.id))
    return [
        (
            row.day,
            row.text if row.sort is Sort.OTHER else f"{row.sort.value.capitalize()}: {row.text}",
        )
        for row in found
    ]
