"""How often a customer wrote and how it sounded, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import UTCDateTime, ask
from helpdesk.desk.chapters import CUSTOMER, Rows
from helpdesk.desk.prepared import prepared
from helpdesk.tickets.models import Message, MessageKind, Ticket
from helpdesk.tickets.queries import visible_to

MONTHS = 12
WIDE, HIGH = 240, 60
"""Of the picture, in its own units."""


@dataclass(frozen=True)
class Month:
    """`tone` is the mean of the messages that were scored, None where none was."""

    first: date
    contacts: int
    tone: float | None

    @property
    def words(self) -> str:
        """All of it in a sentence."""
        tone = "no tone" if self.tone is None else f"tone {self.tone:+.2f}"
        return f"{self.first:%b %Y}: {self.contacts} messages, {tone}"


@dataclass(frozen=True)
class Bar:
    """One month as it is drawn; `y` is the middle of its tone, where there is one."""

    month: Month
    x: float
    top: float
    height: float
    y: float | None


@dataclass(frozen=True)
class Courses:
    """The months, oldest first, as bars of contacts and as points of tone."""

    bars: Sequence[Bar]

    @property
    def contacts(self) -> int:
        """Messages in all of them."""
        return sum(bar.month.contacts for bar in self.bars)

    @property
    def line(self) -> str:
        """The points of the line of tone."""
        known = [bar for bar in self.bars if bar.y is not None]
        return " ".join(f"{bar.x + 8:.1f},{bar.y:.1f}" for bar in known) if len(known) > 1 else ""


@prepared
def _written(viewer: Account) -> Rows:
    return (
        select(Message.created_at, Message.polarity)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(
            Message.customer_id == CUSTOMER,
            Message.created_at >= bindparam("since", type_=UTCDateTime()),
            Message.kind == MessageKind.CUSTOMER,
            visible_to(viewer),
        )
    )


def courses_of(viewer: Account, customer_id: int) -> Courses:
    """The last twelve months of a customer, as far as the reader may see their requests."""
    firsts = _firsts(now().date())
    since = datetime.combine(firsts[0], datetime.min.time(), now().tzinfo)
    rows = ask(_written(viewer), {"customer": customer_id, "since": since})
    written: dict[date, list[float | None]] = {first: [] for first in firsts}
    for at, polarity in rows:
        first = at.date().replace(day=1)
        if first in written:
            written[first].append(polarity)
    return Courses(_drawn([_month(first, found) for first, found in written.items()]))


def _firsts(today: date) -> list[date]:
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def _month(first: date, polarities: Sequence[float | None]) -> Month:
    known = [one for one in polarities if one is not None]
    return Month(first, len(polarities), sum(known) / len(known) if known else None)


def _drawn(months: Sequence[Month]) -> list[Bar]:
    most = max(1, *(month.contacts for month in months))
    step = WIDE / MONTHS
    found = []
    for place, month in enumerate(months):
        height = round(month.contacts * (HIGH - 4) / most, 1)
        y = None if month.tone is None else round((1 - month.tone) * (HIGH - 4) / 2 + 2, 1)
        found.append(Bar(month, round(place * step + 2, 1), HIGH - height, height, y))
    return found
