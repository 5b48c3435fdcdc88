"""What was promised, in words: the countdown of lists and tickets, and the sentences of the journal
about it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select

from helpdesk.core.db import ask
from helpdesk.tickets.clocks import SlaClock
from helpdesk.tickets.policies import SlaPolicy
from helpdesk.ui.times import duration

if TYPE_CHECKING:
    from helpdesk.desk.sentences import Entry

WORDS = {
    "first_response": "first reply",
    "next_response": "reply",
    "update": "update",
    "resolution": "solution",
    "total_resolution": "solution in all",
}
SOON = timedelta(hours=1)


class Countdown(NamedTuple):
    """What a list or a ticket shows of the next thing that is due: colour, words, and in full."""

    tone: str
    """bad once it is late, warn in its last hour, otherwise none."""
    words: str
    is_paused: bool


def countdown(due_at: datetime | None, due_for: str, at: datetime) -> Countdown:
    """In words: ``reply in 38 min``, ``reply 2 h late``, ``paused``."""
    what = WORDS.get(due_for, due_for)
    if due_at is None:
        return Countdown("", "paused", True)
    left = due_at - at
    words = f"{what} {short(-left)} late" if left < timedelta(0) else f"{what} in {short(left)}"
    return Countdown(due_tone(due_at, at), words, False)


def due_tone(due_at: datetime | None, at: datetime) -> str:
    """The colour of what is due then; none while it pauses."""
    if due_at is None:
        return ""
    return "bad" if due_at < at else "warn" if due_at - at < SOON else ""


class Promised(NamedTuple):
    """One thing that is owed on a ticket: colour, what, when, and how it stands."""

    tone: str
    what: str
    due_at: datetime | None
    words: str


_CLOCKS = (
    select(SlaClock.target, SlaClock.due_at, SlaClock.left, SlaPolicy.name)
    .join(SlaPolicy, SlaPolicy.id == SlaClock.policy_id)
    .where(SlaClock.ticket_id == bindparam("ticket"), SlaClock.outcome.is_(None))
    .order_by(SlaClock.due_at.is_(None), SlaClock.due_at)
)


def promised_on(ticket_id: int, at: datetime) -> tuple[str, list[Promised]]:
    """The policy that counts for a ticket, and all that is owed on it, what is due next first."""
    rows = ask(_CLOCKS, {"ticket": ticket_id}).all()
    owed = [
        Promised(
            countdown(row.due_at, row.target, at).tone,
            WORDS[row.target].capitalize(),
            row.due_at,
            _standing(row.due_at, row.left, at),
        )
        for row in rows
    ]
    return rows[0].name if rows else "", owed


def _standing(due_at: datetime | None, left: int | None, at: datetime) -> str:
    if due_at is None:
        return f"paused, {duration(left)} left"
    return "due" if at <= due_at else "was due"


def short(span: timedelta) -> str:
    """``38 min``, ``5 h``, ``2 d``: one unit is enough to know what comes first."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def _chosen(entry: "Entry") -> str:
    name, reason = entry.data["name"], entry.data["reason"]
    if name is None:
        return f"No SLA policy counts any more: {reason}"
    return f"The SLA policy “{name}” counts: {reason}"


def _recounted(entry: "Entry") -> str:
    changes = [f"{WORDS[c['target']]} {_moved(c)}" for c in entry.data["changes"]]
    return f"Due times were counted anew, {entry.data['why']}: {', '.join(changes)}"


def _moved(change: Mapping[str, Any]) -> str:
    span = datetime.fromisoformat(change["after"]) - datetime.fromisoformat(change["before"])
    return f"{duration(span.total_seconds())} {'later' if span > timedelta(0) else 'earlier'}"


def _warned(entry: "Entry") -> str:
    return f"The {WORDS[entry.data['target']]} is due soon"


def _breached(entry: "Entry") -> str:
    return f"The {WORDS[entry.data['target']]} is late"


def _met(entry: "Entry") -> str:
    return f"The {WORDS[entry.data['target']]} came in time"


def _late(entry: "Entry") -> str:
    over = entry.data["late_seconds"]
    late = f"{duration(over)} late" if over else "after it had been late"
    return f"The {WORDS[entry.data['target']]} came {late}"


def _left(entry: "Entry") -> str:
    return f"{entry.who.team(entry.data['team_id'])} gave it to nobody: {entry.data['reason']}"


SENTENCES: Mapping[str, Callable[["Entry"], str]] = {
    "SlaPolicyChosen": _chosen,
    "SlaRecounted": _recounted,
    "SlaWarned": _warned,
    "SlaBreached": _breached,
    "SlaMet": _met,
    "SlaMetLate": _late,
    "TicketLeftUnassigned": _left,
}
