"""How a ticket stands at one moment, as far as a reply changes it; kept so that one can go back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import delete, func, select

from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets.clocks import SlaClock, clocks_of
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.pauses import pauses_of
from helpdesk.tickets.sla import Target

MOMENTS = (
    "active_at",
    "waiting_since",
    "first_replied_at",
    "last_replied_at",
    "answered_at",
    "resolved_at",
    "due_at",
)
CLOCK = ("started_at", "due_at", "warned_at", "breached_at", "look_at", "ended_at")
"""The moments of a clock."""


@dataclass(frozen=True)
class Standing:
    """Status, assignee, moments, pauses and clocks of a ticket."""

    status: Status
    assignee_id: int | None
    version: int
    reopenings: int
    due_for: str | None
    sla_policy_id: int | None
    moments: Mapping[str, datetime | None]
    pauses: Sequence[tuple[int, bool]]
    """Number of each, and whether it lasts."""
    clocks: Sequence[Mapping[str, Any]]
    """Rows of SlaClock, moments as texts."""
    last_entry: int
    """Of the journal about the ticket."""

    @property
    def is_unanswered(self) -> bool:
        """Nobody replied yet."""
        return self.moments["first_replied_at"] is None

    def stored(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {
            "status": self.status.value,
            "assignee_id": self.assignee_id,
            "version": self.version,
            "reopenings": self.reopenings,
            "due_for": self.due_for,
            "sla_policy_id": self.sla_policy_id,
            "moments": {name: _text(at) for name, at in self.moments.items()},
            "pauses": [list(pause) for pause in self.pauses],
            "clocks": [dict(clock) for clock in self.clocks],
            "last_entry": self.last_entry,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Back from its row."""
        moments = {name: _moment(text) for name, text in stored["moments"].items()}
        return cls(
            **{
                **stored,
                "status": Status(stored["status"]),
                "moments": moments,
                "pauses": [(id_, lasts) for id_, lasts in stored["pauses"]],
            }
        )

    def put_moments(self, ticket: Ticket) -> None:
        """Let replies and due times of the ticket be what they were; what is asked since is for
        the caller to count."""
        for name in ("waiting_since", "first_replied_at", "last_replied_at", "answered_at"):
            setattr(ticket, name, self.moments[name])
        ticket.due_at, ticket.due_for = self.moments["due_at"], self.due_for
        ticket.sla_policy_id = self.sla_policy_id

    def put_clocks(self, ticket: Ticket) -> None:
        """Let the clocks be what they were. A warning or a breach that was noticed since stays
        noticed."""
        since = {(row.target, row.started_at): row for row in clocks_of(ticket.id)}
        noticed = {key: (row.warned_at, row.breached_at) for key, row in since.items()}
        gone = delete(SlaClock).where(SlaClock.ticket_id == ticket.id)
        session.execute(gone, execution_options={"synchronize_session": False})
        for row in since.values():
            session.expunge(row)
        for clock in self.clocks:
            row = _clock(ticket.id, clock)
            warned, breached = noticed.get((row.target, row.started_at), (None, None))
            row.warned_at, row.breached_at = row.warned_at or warned, row.breached_at or breached
            session.add(row)


def standing_of(ticket: Ticket) -> Standing:
    """How the ticket stands now. The caller holds its lock."""
    session.flush()
    about = JournalEntry.subject_kind == "ticket", JournalEntry.subject_id == ticket.id
    return Standing(
        status=ticket.status,
        assignee_id=ticket.assignee_id,
        version=ticket.version,
        reopenings=ticket.reopenings,
        due_for=ticket.due_for,
        sla_policy_id=ticket.sla_policy_id,
        moments={name: getattr(ticket, name) for name in MOMENTS},
        pauses=[(pause.id, pause.ended_at is None) for pause in pauses_of(ticket)],
        clocks=[_row(clock) for clock in clocks_of(ticket.id)],
        last_entry=session.scalar(select(func.max(JournalEntry.id)).where(*about)) or 0,
    )


def _row(clock: SlaClock) -> dict[str, Any]:
    return {
        "target": clock.target.value,
        "policy_id": clock.policy_id,
        "length": clock.length,
        "left": clock.left,
        "outcome": clock.outcome,
        **{name: _text(getattr(clock, name)) for name in CLOCK},
    }


def _clock(ticket_id: int, row: Mapping[str, Any]) -> SlaClock:
    moments = {name: _moment(row[name]) for name in CLOCK}
    target = Target(row["target"])
    return SlaClock(ticket_id=ticket_id, **{**row, **moments, "target": target})


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
