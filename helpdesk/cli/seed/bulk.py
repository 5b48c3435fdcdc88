"""Made-up mass data for benches: as many tickets as wanted, with everything that hangs on them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from time import monotonic

from sqlalchemy import select

from helpdesk.cli.seed.bulk_company import DAY, TICKETS_A_CUSTOMER, Company
from helpdesk.cli.seed.bulk_loading import Sheet, loading_for
from helpdesk.cli.seed.bulk_texts import write_texts
from helpdesk.cli.seed.bulk_tickets import Tickets
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.tickets.models import Ticket

DAYS = 540
AT_ONCE = 10_000
"""Tickets after which rows are written."""
MONTHS = (1.25, 1.0, 1.1, 0.95, 0.9, 0.85, 0.75, 0.7, 1.0, 1.05, 1.1, 1.35)
WEEK = (1.25, 1.1, 1.0, 1.0, 0.9, 0.3, 0.25)
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 15, 11, 14, 16, 15, 12, 8, 5, 4, 3, 2, 2, 1)
"""How busy months, weekdays (from Monday) and hours (UTC) are beside one another."""


def has_tickets() -> bool:
    """Whether the database holds any."""
    with transaction(write=False):
        return session.scalar(select(Ticket.id).limit(1)) is not None


def fill(
    tickets: int,
    seed: int = 1,
    end: datetime | None = None,
    unclosed: float = 0.0,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, int]:
    """Add so many tickets, and give back how many rows each table got. The same numbers and the
    same `end` (now, when it is None) give the same rows.

    `unclosed` is the share of the tickets that are done which nobody has closed yet.
    Nobody else should use the database meanwhile: its indexes are off.
    """
    random, last = Random(seed), int((end or now()).timestamp())
    first = last - last % DAY - DAYS * DAY
    company = Company(random, tickets // TICKETS_A_CUSTOMER, first)
    told = Tickets(random, company, write_texts(random), last, unclosed)
    sheets = [*company.sheets, *told.sheets]
    loading = loading_for(sheets, told.documents)
    started = monotonic()
    with loading.ready():
        with transaction():
            loading.begin()
            company.found()
            told.begin()
            for number, created in enumerate(arrivals(random, tickets, first, last), 1):
                told.file_at(created)
                if number % AT_ONCE == 0:
                    loading.flush()
                    say(f"{number:,} of {tickets:,} tickets, {monotonic() - started:.0f} s")
            told.finish()
            company.keep(last)
            loading.flush()
            say(f"Making indexes, {monotonic() - started:.0f} s")
            loading.end()
        say(f"Looking over the tables, {monotonic() - started:.0f} s")
        loading.tidy()
    return _counts(sheets)


def arrivals(random: Random, tickets: int, first: int, last: int) -> Iterator[int]:
    """The moments at which tickets are filed, in order; in seconds since 1970."""
    days = range(first // DAY, last // DAY + 1)
    busy = [_busy(day) for day in days]
    each, owed = tickets / sum(busy), 0.0
    told = 0
    for day, weight in zip(days, busy, strict=True):
        owed += each * weight
        number = min(round(owed), tickets - told)
        owed -= number
        if day == days[-1]:
            number = tickets - told
        told += number
        moments = sorted(day * DAY + _time_of_day(random) for _ in range(number))
        yield from (min(moment, last) for moment in moments)


def _busy(day: int) -> float:
    date = datetime.fromtimestamp(day * DAY, now().tzinfo)
    return MONTHS[date.month - 1] * WEEK[date.weekday()]


def _time_of_day(random: Random) -> int:
    hour = random.choices(range(24), HOURS)[0]
    return hour * 3600 + random.randrange(3600)


def _counts(sheets: list[Sheet]) -> dict[str, int]:
    return {sheet.table.name: sheet.written for sheet in sheets}
