"""Verbs about who works when, and how a team gives out its tickets."""

from sqlalchemy import insert, literal, select

from helpdesk.accounts.models import Account, Team
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.core.journal import record
from helpdesk.tickets import assignment
from helpdesk.tickets.arrangements import AvailabilityChanged, DistributionChanged, DutyChanged
from helpdesk.tickets.duty import AgentDuty, Method, TeamDistribution, UnassignedTicket
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.models import Ticket

MOST = 1000


def set_available(agent: Account, available: bool, *, by: Account) -> None:
    """Whether `agent` is given tickets from now on. Twice is harmless."""
    duty = _duty(agent)
    if duty.is_available is not available:
        duty.is_available = available
        record(AvailabilityChanged(agent.id, available), by=by)
        assignment.give_waiting.enqueue_once()


def set_duty(agent: Account, capacity: int | None, hours_id: int | None, *, by: Account) -> None:
    """How many open tickets `agent` is given at most, and in which shifts; None is without limit,
    and at all times. Raises Invalid for a capacity or hours that cannot be."""
    if capacity is not None and not 0 <= capacity <= MOST:
        raise Invalid(f"A capacity is a number, 0 to {MOST}; leave it empty for no limit.")
    if hours_id is not None and session.get(BusinessHours, hours_id) is None:
        raise Invalid("There are no such hours.")
    duty = _duty(agent)
    if (duty.capacity, duty.hours_id) != (capacity, hours_id):
        duty.capacity, duty.hours_id = capacity, hours_id
        record(DutyChanged(agent.id, capacity, hours_id), by=by)
        assignment.give_waiting.enqueue_once()


def set_method(team: Team, method: Method, *, by: Account) -> None:
    """How `team` gives out its tickets from now on; those that nobody has are given out too."""
    found = session.get(TeamDistribution, team.id)
    before = found.method if found else Method.BY_HAND
    if before is method:
        return
    session.merge(TeamDistribution(team_id=team.id, method=method))
    record(DistributionChanged(team.id, before.value, method.value), by=by)
    if before is Method.BY_HAND:
        _let_wait(team)
    assignment.give_waiting.enqueue_once()


def _duty(agent: Account) -> AgentDuty:
    duty = session.get(AgentDuty, agent.id)
    if duty is None:
        duty = AgentDuty(account_id=agent.id, is_available=True)
        session.add(duty)
        session.flush()
    return duty


def _let_wait(team: Team) -> None:
    """Its open tickets that nobody has wait for somebody from now on."""
    waiting = select(UnassignedTicket.ticket_id)
    unassigned = select(Ticket.id, Ticket.team_id, literal(now()), literal("")).where(
        Ticket.is_open,
        Ticket.team_id == team.id,
        Ticket.assignee_id.is_(None),
        Ticket.id.not_in(waiting),
    )
    columns = ["ticket_id", "team_id", "since", "reason"]
    session.execute(insert(UnassignedTicket).from_select(columns, unassigned))
