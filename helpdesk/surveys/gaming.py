"""Signs that somebody helps the scores along. None is a proof: each is listed with its tickets, for
a person to look at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Row, Select, and_, select

from helpdesk.accounts.models import Account
from helpdesk.core.db import ask
from helpdesk.core.journal import JournalEntry
from helpdesk.surveys.exclusions import SPAM_TAG
from helpdesk.surveys.models import Invitation, Kind, Response, State
from helpdesk.surveys.planning import rules_in_force
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

AROUND = timedelta(days=2)
"""Opened again and resolved within so long, by one of us."""
AFTERWARDS = timedelta(days=7)
MOST = 50
LOOKED_AT = 5_000
"""Entries of the journal that are looked at for one pattern, the newest first."""


@dataclass(frozen=True)
class Sign:
    """One conspicuous ticket: who did it, when, and in words what."""

    ticket_id: int
    subject: str
    who: str
    at: datetime
    what: str


@dataclass(frozen=True)
class Pattern:
    """One way to help a score along, with its tickets."""

    name: str
    explanation: str
    signs: Sequence[Sign]


Found = Iterator[tuple[Row[*tuple[Any, ...]], str]]
Find = Callable[[Account, datetime], Found]


def patterns(viewer: Account, since: datetime) -> list[Pattern]:
    """What can be seen since then on tickets that `viewer` may see, the newest first."""
    return [
        Pattern(name, explanation, _signs(find(viewer, since)))
        for name, (explanation, find) in _PATTERNS.items()
    ]


def _signs(found: Found) -> list[Sign]:
    unique = {(row.id, row.at): (row, what) for row, what in islice(found, 4 * MOST)}
    return [
        Sign(row.id, row.subject, row.actor_name or "nobody", row.at, what)
        for row, what in list(unique.values())[:MOST]
    ]


def _entries(viewer: Account, event: str, since: datetime) -> Select[*tuple[Any, ...]]:
    """What people did to tickets, the newest first; rules and customers did the rest."""
    about = and_(JournalEntry.subject_kind == "ticket", JournalEntry.subject_id == Ticket.id)
    return (
        select(
            Ticket.id,
            Ticket.subject,
            JournalEntry.actor_name,
            JournalEntry.at,
            JournalEntry.data,
        )
        .join(JournalEntry, about)
        .where(
            JournalEntry.event == event,
            JournalEntry.at >= since,
            JournalEntry.actor_id.is_not(None),
            visible_to(viewer),
        )
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .limit(LOOKED_AT)
    )


def _given_away_after_a_bad_score(viewer: Account, since: datetime) -> Found:
    statement = (
        _entries(viewer, "TicketAssigned", since)
        .add_columns(Response.score, Response.agent_id, Response.created_at)
        .join(Response, Response.ticket_id == Ticket.id)
        .where(Response.kind == Kind.CSAT, Response.score <= 2, Response.agent_id.is_not(None))
        .where(Response.created_at >= since - AFTERWARDS)
    )
    for row in ask(statement):
        later = row.at - row.created_at
        if row.data.get("before") == row.agent_id and timedelta(0) < later <= AFTERWARDS:
            yield row, f"scored {row.score}, and then given away"


def _kept_out_by_a_tag(viewer: Account, since: datetime) -> Found:
    silent = {rule.tag for rule in rules_in_force() if rule.tag and not rule.title} | {SPAM_TAG}
    statement = _entries(viewer, "TagsChanged", since).where(Ticket.first_replied_at.is_not(None))
    for row in ask(statement):
        for tag in sorted(silent.intersection(row.data.get("added", ()))):
            yield row, f"answered by one of us, and tagged as “{tag}”"


def _opened_before_the_question(viewer: Account, since: datetime) -> Found:
    statement = (
        _entries(viewer, "TicketReopened", since)
        .add_columns(Invitation.resolved_at, Invitation.send_at, Ticket.resolved_at.label("again"))
        .join(Invitation, Invitation.ticket_id == Ticket.id)
        .where(Invitation.state == State.WITHDRAWN, Invitation.resolved_at.is_not(None))
    )
    for row in ask(statement):
        waited = row.resolved_at <= row.at <= row.send_at
        again = row.again is not None and timedelta(0) < row.again - row.at <= AROUND
        if waited and again and not row.data.get("by_customer"):
            yield row, "opened again while the question waited, and soon resolved"


_PATTERNS: Mapping[str, tuple[str, Find]] = {
    "Given away after a bad score": (
        "Within a week of a score of 1 or 2 the ticket went to somebody else. The score stays with "
        "whoever had it when it was asked, so nothing is gained.",
        _given_away_after_a_bad_score,
    ),
    "Kept from being asked by a tag": (
        "Tagged although one of us had replied, as spam or with a tag whose rule asks nothing, so "
        "nobody is asked about it.",
        _kept_out_by_a_tag,
    ),
    "Opened again before the question": (
        "Opened again by one of us while the question waited, and resolved again within two days: "
        "the question was taken back and its time began anew.",
        _opened_before_the_question,
    ),
}
