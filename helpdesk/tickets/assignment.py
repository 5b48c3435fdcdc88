"""Giving out the tickets of a team: to the next in turn, or to whoever has the fewest, and only to
somebody who is on shift and has room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from helpdesk.accounts.models import IS_STAFF, Account, Team, team_member
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.journal import record
from helpdesk.tickets import actions
from helpdesk.tickets.duty import (
    AgentDuty,
    Method,
    TeamDistribution,
    TeamTurn,
    UnassignedTicket,
)
from helpdesk.tickets.events import TicketLeftUnassigned
from helpdesk.tickets.models import DONE, Ticket
from helpdesk.tickets.queries import locked

AT_A_TIME = 200
"""Tickets that one sweep gives out in one team."""


@dataclass(frozen=True)
class Candidate:
    """A member of the team as they stand at this moment. `turn` is 0 for who never got one."""

    account_id: int
    load: int
    capacity: int | None
    is_on_shift: bool
    turn: int

    @property
    def has_room(self) -> bool:
        return self.capacity is None or self.load < self.capacity


def choose(candidates: Sequence[Candidate], method: Method) -> tuple[int | None, str]:
    """Who gets the next ticket, and why; nobody, and why not. Never somebody off shift."""
    if not candidates:
        return None, "the team has no members"
    on_shift = [one for one in candidates if one.is_on_shift]
    if not on_shift:
        return None, f"nobody of {len(candidates)} is on shift"
    free = [one for one in on_shift if one.has_room]
    if not free:
        return None, f"everybody on shift is full ({len(on_shift)})"
    full = f", {len(on_shift) - len(free)} more full" if len(free) < len(on_shift) else ""
    if method is Method.ROUND_ROBIN:
        chosen = min(free, key=lambda one: (one.turn, one.account_id))
        return chosen.account_id, f"next in turn of {len(free)} on shift{full}"
    chosen = min(free, key=lambda one: (one.load, one.turn, one.account_id))
    return (
        chosen.account_id,
        f"least loaded of {len(free)} on shift: {chosen.load} open{full}",
    )


def give(ticket: Ticket) -> bool:
    """Give a ticket that nobody has to somebody of its team, as the team does it; whether somebody
    has it now. Where nobody can take it, it stays and the reason is recorded, once.

    The caller holds the lock of the ticket. Twice is harmless.
    """
    method = _method(ticket.team_id)
    waiting = session.get(UnassignedTicket, ticket.id)
    if ticket.assignee_id is not None or ticket.status in DONE or method is Method.BY_HAND:
        if waiting is not None:
            session.delete(waiting)
        return ticket.assignee_id is not None
    team = session.get_one(Team, ticket.team_id)
    chosen, reason = choose(candidates_of(team, now()), method)
    if chosen is None:
        _leave(ticket, team, waiting, reason)
        return False
    actions.assign(ticket, session.get_one(Account, chosen), by=None, reason=reason)
    _take_turn(team, chosen)
    if waiting is not None:
        session.delete(waiting)
    return True


def _method(team_id: int | None) -> Method:
    found = session.get(TeamDistribution, team_id) if team_id is not None else None
    return found.method if found else Method.BY_HAND


def _leave(ticket: Ticket, team: Team, waiting: UnassignedTicket | None, reason: str) -> None:
    if waiting is None:
        waiting = UnassignedTicket(ticket_id=ticket.id, team_id=team.id, since=now(), reason="")
        session.add(waiting)
    waiting.team_id = team.id
    if waiting.reason != reason:
        waiting.reason = reason
        record(TicketLeftUnassigned(ticket.id, team.id, reason))


def _take_turn(team: Team, account_id: int) -> None:
    last = session.scalar(select(func.max(TeamTurn.turn)).where(TeamTurn.team_id == team.id))
    session.merge(TeamTurn(team_id=team.id, account_id=account_id, turn=(last or 0) + 1))


def candidates_of(team: Team, at: datetime) -> list[Candidate]:
    """The members of the team who could be given something, kept from being given something else
    until this transaction ends.

    Locked are the team and then its members in order, because members are in several teams; what
    they have is counted after that.
    """
    session.scalars(select(Team.id).where(Team.id == team.id).with_for_update(key_share=True)).all()
    ids = session.scalars(
        select(Account.id)
        .join(team_member, team_member.c.account_id == Account.id)
        .where(team_member.c.team_id == team.id, IS_STAFF, Account.disabled_at.is_(None))
        .order_by(Account.id)
        .with_for_update(of=Account, key_share=True)
    ).all()
    loads, turns, duties = loads_of(ids), _turns(team), duties_of(ids)
    return [
        Candidate(
            account_id,
            loads.get(account_id, 0),
            duty.capacity if (duty := duties.get(account_id)) else None,
            duty.on_shift(at) if duty else True,
            turns.get(account_id, 0),
        )
        for account_id in ids
    ]


def loads_of(account_ids: Sequence[int]) -> Mapping[int, int]:
    """How many open tickets each of them has."""
    statement = (
        select(Ticket.assignee_id, func.count())
        .where(Ticket.is_open, Ticket.assignee_id.in_(account_ids))
        .group_by(Ticket.assignee_id)
    )
    return {account_id: count for account_id, count in session.execute(statement) if account_id}


def duties_of(account_ids: Sequence[int]) -> Mapping[int, AgentDuty]:
    """The duty of those who have one, with their shifts."""
    statement = (
        select(AgentDuty)
        .where(AgentDuty.account_id.in_(account_ids))
        .options(joinedload(AgentDuty.hours))
        .execution_options(populate_existing=True)
    )
    return {duty.account_id: duty for duty in session.scalars(statement)}


def _turns(team: Team) -> Mapping[int, int]:
    statement = select(TeamTurn.account_id, TeamTurn.turn).where(TeamTurn.team_id == team.id)
    return {row.account_id: row.turn for row in session.execute(statement)}


@job(queue="default")
def give_waiting() -> None:
    """Give out what could be given to nobody before: somebody may have come on shift. In each team
    it ends with the first that nobody can take, for the next one could not be taken either."""
    with transaction(write=False):
        team_ids = session.scalars(select(UnassignedTicket.team_id).distinct()).all()
    for team_id in team_ids:
        with transaction(write=False):
            waiting = (
                select(UnassignedTicket.ticket_id)
                .where(UnassignedTicket.team_id == team_id)
                .order_by(UnassignedTicket.since, UnassignedTicket.ticket_id)
                .limit(AT_A_TIME)
            )
            ticket_ids = session.scalars(waiting).all()
        for ticket_id in ticket_ids:
            with transaction():
                if not give(locked(ticket_id)) and _still_waits(ticket_id):
                    break


def _still_waits(ticket_id: int) -> bool:
    session.flush()
    return session.get(UnassignedTicket, ticket_id) is not None
