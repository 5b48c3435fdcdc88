"""The clocks of tickets as they are stored: due times, warnings and breaches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Select, String, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.core.clock import now
from helpdesk.core.db import Model, session
from helpdesk.core.journal import record
from helpdesk.tickets.events import (
    SlaBreached,
    SlaMet,
    SlaMetLate,
    SlaPolicyChosen,
    SlaRecounted,
    SlaWarned,
)
from helpdesk.tickets.models import DONE, Status, Ticket
from helpdesk.tickets.pauses import TicketPause, pauses_of
from helpdesk.tickets.policies import Terms, in_force
from helpdesk.tickets.sla import REPLIES, Clock, Facts, Pause, Target, running
from helpdesk.tickets.together import add_row, delete_row, rows_of

MET, LATE, VOID = "met", "late", "void"


class SlaClock(Model):
    """What is promised on one ticket under one target. It stays until the ticket is closed, so that
    what was warned of, or breached, is so once."""

    __tablename__ = "sla_clock"
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True
    )
    target: Mapped[Target] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("sla_policy.id"))
    started_at: Mapped[datetime]
    length: Mapped[int]
    """Seconds of the hours of its policy."""
    due_at: Mapped[datetime | None]
    """None while it pauses."""
    left: Mapped[int | None]
    """Seconds that are left while it pauses."""
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None] = mapped_column()
    """When the watch has to look at it; None when nothing can happen by itself."""
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(8))
    """met, late, or void where it ended without being owed any more; None while it runs."""

    __table_args__ = (
        Index(
            "ix_sla_clock_look_at",
            "look_at",
            sqlite_where=look_at.is_not(None),
            postgresql_where=look_at.is_not(None),
        ),
    )


def clocks_of(ticket_id: int) -> Sequence[SlaClock]:
    """All that a ticket has, those that ended included."""
    return rows_of(SlaClock, ticket_id)


def replies_due(ticket_ids: Collection[int]) -> Mapping[int, datetime]:
    """By when the customer hears from us, for those of these tickets where that is owed."""
    statement = (
        select(SlaClock.ticket_id, func.min(SlaClock.due_at))
        .where(
            SlaClock.ticket_id.in_(ticket_ids),
            SlaClock.target.in_(REPLIES),
            SlaClock.outcome.is_(None),
            SlaClock.due_at.is_not(None),
        )
        .group_by(SlaClock.ticket_id)
    )
    return {ticket_id: due_at for ticket_id, due_at in session.execute(statement) if due_at}


def to_look_at(at: datetime) -> Select[int]:
    """Ids of tickets of whose clocks one is to be warned of, or breached; the oldest first."""
    return select(SlaClock.ticket_id).where(SlaClock.look_at < at).order_by(SlaClock.look_at)


def look_later(ticket_id: int, at: datetime) -> None:
    """Leave the clocks of a ticket alone until then."""
    due = SlaClock.ticket_id == ticket_id, SlaClock.look_at < now()
    session.execute(update(SlaClock).where(*due).values(look_at=at))


@dataclass(frozen=True)
class Promise:
    """What is promised on a ticket that is being filed."""

    policy: Terms
    clocks: Sequence[Clock]


def promise(ticket: Ticket) -> Promise | None:
    """What is promised on a ticket that is about to be stored, and is stored with it: nothing has
    paused yet."""
    policy = next((policy for policy in in_force() if policy.fits(ticket)), None)
    if policy is None:
        return None
    ticket.sla_policy_id = policy.id
    clocks = running(facts_of(ticket, ()), policy.targets, policy.hours)
    _show(ticket, clocks)
    return Promise(policy, clocks)


def start(ticket: Ticket, promised: Promise) -> None:
    """The clocks of a ticket that has just got its number."""
    policy = promised.policy
    record(SlaPolicyChosen(ticket.id, None, policy.id, policy.name, policy.reason(ticket)))
    for clock in promised.clocks:
        _carry(None, clock, ticket, policy)


def refresh(ticket: Ticket, *, why: str = "", replied: bool = False) -> None:
    """Bring the clocks of a ticket up to what is stored about it, and record what that means: what
    was met, warned of, or breached.

    `why` says what changed about the promise itself (policy, priority, hours); where a due time
    moved by that, the reason is recorded. `replied` says that a person did just now. The caller
    holds the lock of the ticket.
    """
    if ticket.merged_into_id is not None:
        return  # they stand where they stood, for whoever undoes it
    if ticket.status is Status.CLOSED:
        for row in clocks_of(ticket.id):
            delete_row(row, ticket.id)
        ticket.due_at = ticket.due_for = None
        return
    policies = in_force()
    if not policies and ticket.sla_policy_id is None:
        return
    policy = next((policy for policy in policies if policy.fits(ticket)), None)
    changed = _choose(ticket, policy, why)
    rows = {row.target: row for row in clocks_of(ticket.id)}
    clocks = _running(ticket, policy) if policy else []
    wanted = {clock.target: clock for clock in clocks}
    for target, row in rows.items():
        clock = wanted.get(target)
        if row.outcome is None and (clock is None or clock.started_at != row.started_at):
            kept = _is_kept(row, ticket, replied=replied)
            _end(row, kept=kept, forgiven=changed and clock is None)
    moved = [_carry(rows.get(clock.target), clock, ticket, policy) for clock in clocks if policy]
    if why and (moved := [change for change in moved if change]):
        record(SlaRecounted(ticket.id, why, moved))
    _show(ticket, clocks)


def _running(ticket: Ticket, policy: Terms) -> list[Clock]:
    return running(facts_of(ticket, pauses_of(ticket)), policy.targets, policy.hours)


def facts_of(ticket: Ticket, pauses: Sequence[TicketPause]) -> Facts:
    """What is stored about a ticket and its pauses, as far as its clocks ask."""
    done = ticket.status in DONE
    return Facts(
        created_at=ticket.created_at,
        asked_at=ticket.asked_at,
        replied_at=ticket.last_replied_at,
        waiting_since=ticket.waiting_since,
        is_answered=ticket.answered_at is not None,
        waits_for_customer=ticket.status is Status.PENDING,
        is_done=done,
        was_done=done or ticket.reopenings > 0,
        pauses=tuple(Pause(pause.started_at, pause.ended_at) for pause in pauses),
        updates_from=_came_back(pauses),
    )


def _came_back(pauses: Sequence[TicketPause]) -> datetime | None:
    ends = [p.ended_at for p in pauses if p.ended_at and p.status is not Status.ON_HOLD]
    return max(ends, default=None)


def _choose(ticket: Ticket, policy: Terms | None, why: str) -> bool:
    """Let the policy count for the ticket; whether that is a change."""
    before, after = ticket.sla_policy_id, policy.id if policy else None
    if before == after:
        return False
    ticket.sla_policy_id = after
    name = policy.name if policy else None
    reason = policy.reason(ticket) if policy else why or "no policy fits any more"
    record(SlaPolicyChosen(ticket.id, before, after, name, reason))
    return True


def _carry(
    row: SlaClock | None, clock: Clock, ticket: Ticket, policy: Terms | None
) -> dict[str, str | None] | None:
    """Store a clock; the change of its due time where the promise itself changed."""
    if policy is None:
        return None
    known = row is not None and row.started_at == clock.started_at
    is_new = row is None
    if row is None:
        row = SlaClock(ticket_id=ticket.id, target=clock.target)
    before = row.due_at if known else None
    if not known:
        row.warned_at = row.breached_at = None
    elif row.length != _seconds(clock.length) and clock.warn_at and clock.warn_at > now():
        row.warned_at = None  # another promise, of which nobody was warned yet
    row.policy_id, row.started_at = policy.id, clock.started_at
    row.length, row.due_at = _seconds(clock.length), clock.due_at
    row.left = _seconds(clock.left) if clock.is_paused else None
    row.ended_at = row.outcome = None
    _escalate(row, clock)
    if is_new:
        add_row(row, ticket.id)
    if not known or before == clock.due_at or before is None or clock.due_at is None:
        return None
    return {
        "target": clock.target.value,
        "before": before.isoformat(),
        "after": clock.due_at.isoformat(),
    }


def _escalate(row: SlaClock, clock: Clock) -> None:
    """Record the breach or the warning whose time has come, each once, and say when to look
    again."""
    at = now()
    if row.due_at is not None and at > row.due_at:
        _breach(row)
    elif clock.warn_at is not None and at > clock.warn_at and not row.warned_at and row.due_at:
        row.warned_at = at
        if not row.breached_at:
            record(SlaWarned(row.ticket_id, row.policy_id, row.target.value, row.due_at))
    row.look_at = row.due_at if row.warned_at else clock.warn_at
    if row.breached_at:
        row.look_at = None


def _breach(row: SlaClock) -> None:
    if row.breached_at is None and row.due_at is not None:
        row.breached_at = now()
        row.warned_at = row.warned_at or row.breached_at
        record(
            SlaBreached(row.ticket_id, row.policy_id, row.target.value, row.started_at, row.due_at)
        )


def _end(row: SlaClock, *, kept: bool, forgiven: bool) -> None:
    """It is not owed any more: kept in time, kept late, or void. A breach that nobody noticed yet
    is recorded first, unless the policy that asked for it is gone."""
    at = now()
    late = row.due_at is not None and at > row.due_at
    if late and not forgiven:
        _breach(row)
    row.outcome = VOID
    if kept and not forgiven:
        row.outcome = LATE if late or row.breached_at else MET
        _record_end(row, at)
    row.ended_at, row.look_at = at, None


def _record_end(row: SlaClock, at: datetime) -> None:
    if row.outcome == MET:
        event = SlaMet(row.ticket_id, row.policy_id, row.target.value, row.started_at, row.due_at)
        record(event)
        return
    over = at - row.due_at if row.due_at and at > row.due_at else timedelta(0)
    record(
        SlaMetLate(
            row.ticket_id,
            row.policy_id,
            row.target.value,
            row.started_at,
            row.due_at,
            _seconds(over),
        )
    )


def _is_kept(row: SlaClock, ticket: Ticket, *, replied: bool) -> bool:
    """Whether what was promised came about, however late."""
    if row.target not in REPLIES:
        return ticket.status in DONE
    last = ticket.last_replied_at
    return replied or (last is not None and last > row.started_at)


def _show(ticket: Ticket, clocks: Sequence[Clock]) -> None:
    """Put what is due next on the ticket, for lists: a due time without a target is none, a target
    without a due time pauses."""
    due = [(clock.due_at, clock.target) for clock in clocks if clock.due_at]
    paused = [clock.target for clock in clocks if clock.is_paused]
    ticket.due_at, ticket.due_for = min(due, default=(None, paused[0] if paused else None))


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
