"""Rules about time: what has lasted for so long, in calendar time or in business hours.

What lasts does so on tickets of one status, or on open ones: both are few among a million, and an
index leads through them by activity, piece by piece.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select, true
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.core.hours import ALWAYS, Hours
from helpdesk.rules.models import RuleDecision
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.pauses import TicketPause

LONGEST = timedelta(days=366)
SHORTEST = timedelta(minutes=5)
UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}


@dataclass(frozen=True)
class Lasting:
    """A state that lasts: in words, since which column, and among which tickets, for which there is
    an index by activity."""

    key: str
    words: str
    since: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
    among: ColumnElement[bool]
    pauses: bool = False
    """Whether a pause of that status says since when."""


_OPEN = Ticket.is_open == true()
LASTING: Mapping[str, Lasting] = {
    kind.key: kind
    for kind in (
        Lasting("unanswered", "the customer has waited for an answer", Ticket.waiting_since, _OPEN),
        Lasting(
            "pending",
            "it has been waiting for the customer",
            TicketPause.started_at,
            Ticket.status == Status.PENDING,
            pauses=True,
        ),
        Lasting(
            "on_hold",
            "it has been on hold",
            TicketPause.started_at,
            Ticket.status == Status.ON_HOLD,
            pauses=True,
        ),
        Lasting("new", "nobody has touched it", Ticket.created_at, Ticket.status == Status.NEW),
        Lasting("open", "it has been open", Ticket.created_at, _OPEN),
        Lasting("quiet", "nothing happened on it", Ticket.active_at, _OPEN),
        Lasting(
            "resolved", "it has been resolved", Ticket.resolved_at, Ticket.status == Status.RESOLVED
        ),
    )
}


@dataclass(frozen=True)
class Wait:
    """So long of something that lasts; `hours_id` None is calendar time."""

    kind: str
    seconds: int
    hours_id: int | None = None

    @property
    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "seconds": self.seconds, "hours_id": self.hours_id}

    @property
    def span(self) -> timedelta:
        return timedelta(seconds=self.seconds)

    @property
    def lasting(self) -> Lasting:
        return LASTING[self.kind]

    def words(self, hours: str = "") -> str:
        """ "the customer has waited for an answer for 4 hours (Office)"."""
        within = f" of “{hours}”" if self.hours_id and hours else ""
        return f"{self.lasting.words} for {span_in_words(self.span)}{within}"

    def edge(self, at: datetime, hours: Hours) -> datetime:
        """What lasts since then or earlier has lasted long enough at the moment `at`."""
        return before(hours, at, self.span)

    def due(self, since: datetime, hours: Hours) -> datetime | None:
        """When it will have lasted long enough; None for hours that (nearly) never open."""
        return since + self.span if hours is ALWAYS else hours.add(since, self.span)


def wait_from(data: Mapping[str, Any] | None) -> Wait | None:
    """The wait that was kept. Raises KeyError for one of another version of this program."""
    if data is None:
        return None
    return Wait(LASTING[data["kind"]].key, int(data["seconds"]), data["hours_id"])


def wait_of(kind: str, number: str, unit: str, hours: str) -> Wait:
    """A wait as somebody chose it. Raises Invalid."""
    if kind not in LASTING:
        raise Invalid("Choose what is to last.")
    if unit not in UNITS:
        raise Invalid("Choose minutes, hours or days.")
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise Invalid("Write how long as a whole number, such as 4.")
    span = int(number) * UNITS[unit]
    if not SHORTEST <= span <= LONGEST:
        raise Invalid("A rule about time can wait for 5 minutes up to a year.")
    hours_id = int(hours) if hours.isascii() and hours.isdigit() and len(hours) < 10 else None
    if hours_id is not None and session.get(BusinessHours, hours_id) is None:
        raise Invalid("These business hours are gone. Choose others.")
    return Wait(kind, int(span.total_seconds()), hours_id)


def hours_of(wait: Wait) -> tuple[Hours, str]:
    """The hours in which a wait is counted, and their name. Raises Invalid when they are gone: to
    count in other hours than somebody chose would surprise everybody."""
    if wait.hours_id is None:
        return ALWAYS, ""
    found = session.get(BusinessHours, wait.hours_id)
    if found is None:
        raise Invalid("The business hours that this rule counts in are gone. Choose others.")
    return found.hours, found.name


def before(hours: Hours, at: datetime, span: timedelta) -> datetime:
    """The latest second since which `span` of business time has passed at the moment `at`."""
    if hours is ALWAYS:
        return at - span
    low, high = -(366 * 20 * 86400), 0
    while high - low > 1:
        middle = (low + high) // 2
        passed = hours.between(at + timedelta(seconds=middle), at)
        if passed >= span:
            low = middle
        else:
            high = middle
    return at + timedelta(seconds=low)


def lasts(kind: Lasting) -> Select[*tuple[Any, ...]]:
    """Number of the ticket and since when, of all that this kind of waiting knows."""
    found = select(Ticket.id, kind.since.label("since"), Ticket.active_at).where(kind.among)
    if kind.pauses:
        found = found.join(
            TicketPause,
            and_(
                TicketPause.ticket_id == Ticket.id,
                TicketPause.status == Ticket.status,
                TicketPause.ended_at.is_(None),
            ),
        )
    return found


def undecided(rule_id: int, kind: Lasting) -> ColumnElement[bool]:
    """The rule decided nothing on the ticket by time since this lasts."""
    decided = exists().where(
        RuleDecision.rule_id == rule_id,
        RuleDecision.ticket_id == Ticket.id,
        RuleDecision.at >= kind.since,
        RuleDecision.cause.startswith("time:"),
    )
    return ~decided.correlate(Ticket, TicketPause)


def span_in_words(span: timedelta) -> str:
    """ "3 days", "4 hours", "90 minutes"."""
    for unit in ("days", "hours", "minutes"):
        number, rest = divmod(span, UNITS[unit])
        if not rest and number:
            return f"{number} {unit if number > 1 else unit[:-1]}"
    return f"{int(span.total_seconds())} seconds"
