"""Looking after unhappy answers: whose it is, by when, why it was, and what became of it."""

from datetime import timedelta

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.core.ids import is_id
from helpdesk.core.journal import record
from helpdesk.core.text import clean
from helpdesk.surveys.events import (
    CustomerContacted,
    FollowUpClosed,
    FollowUpOpened,
    FollowUpTaken,
)
from helpdesk.surveys.models import Cause, FollowUp, Outcome, Response, Trigger
from helpdesk.tickets import actions as tickets
from helpdesk.tickets import queries as ticket_queries
from helpdesk.tickets.models import Status, Ticket

IN_TOUCH_WITHIN = timedelta(hours=48)
BITTER = -0.5
"""A comment below this polarity, −1 to 1, is looked after whatever the score was."""
LONGEST = 2_000


def open_where_low(response: Response) -> None:
    """Somebody is to look after a low score. Twice is harmless."""
    if response.invitation.survey.is_low(response.score):
        _open(response, Trigger.LOW_SCORE)


def open_where_bitter(response: Response) -> None:
    """The same for a strongly negative comment beside any score. Twice is harmless."""
    if response.polarity is not None and response.polarity <= BITTER:
        _open(response, Trigger.NEGATIVE_COMMENT)


def _open(response: Response, trigger: Trigger) -> None:
    if of_response(response.id) is not None:
        return
    follow_up = FollowUp(
        response_id=response.id,
        customer_id=response.customer_id,
        ticket_id=response.ticket_id,
        trigger=trigger,
        score=response.score,
        owner_id=_first_owner(response),
        opened_at=now(),
        due_at=now() + IN_TOUCH_WITHIN,
        told="",
    )
    session.add(follow_up)
    session.flush()
    record(
        FollowUpOpened(
            follow_up.customer_id,
            follow_up.id,
            response.id,
            response.ticket_id,
            trigger.value,
            response.score,
            follow_up.owner_id,
            follow_up.due_at,
        )
    )


def _first_owner(response: Response) -> int | None:
    """Whoever had the ticket when it was asked about, where they still work here."""
    agent = session.get(Account, response.agent_id) if response.agent_id else None
    return agent.id if agent and agent.is_active and agent.is_staff else None


def of_response(response_id: int) -> FollowUp | None:
    """What is done about an answer."""
    return session.scalar(select(FollowUp).where(FollowUp.response_id == response_id))


def follow_up_for(viewer: Account, number: int, *, to_change: bool = False) -> FollowUp:
    """One that `viewer` may see: tickets of restricted teams are their members' alone. Raises
    NotFound."""
    statement = (
        select(FollowUp)
        .outerjoin(Ticket, Ticket.id == FollowUp.ticket_id)
        .where(FollowUp.id == (number if is_id(number) else 0))
        .where(FollowUp.ticket_id.is_(None) | ticket_queries.visible_to(viewer))
    )
    if to_change:
        statement = statement.with_for_update(of=FollowUp, key_share=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("There is no such follow-up, or it is not yours to see.")
    return found


def take(follow_up: FollowUp, *, by: Account) -> None:
    """It is mine from now on. Twice is harmless. Raises Conflict when it is closed."""
    _require_open(follow_up)
    if follow_up.owner_id != by.id:
        before, follow_up.owner = follow_up.owner_id, by
        record(FollowUpTaken(follow_up.customer_id, follow_up.id, before, by.id), by=by)


def note_contact(follow_up: FollowUp, *, by: Account) -> None:
    """Somebody was in touch with the customer. Twice is harmless. Raises Conflict when it is
    closed."""
    _require_open(follow_up)
    if follow_up.contacted_at is None:
        follow_up.contacted_at = now()
        follow_up.owner_id = follow_up.owner_id or by.id
        in_time = follow_up.contacted_at <= follow_up.due_at
        record(CustomerContacted(follow_up.customer_id, follow_up.id, in_time), by=by)


def close(
    follow_up: FollowUp,
    cause: Cause,
    outcome: Outcome,
    told: str,
    *,
    reopen: bool = False,
    by: Account,
) -> None:
    """Why it was and what became of it; `told` is what the customer reads. `reopen` opens their
    resolved ticket again.

    Raises Conflict when it is closed already, or when the ticket cannot be opened again; Invalid
    for too long a text.
    """
    _require_open(follow_up)
    words = clean(told)
    if len(words) > LONGEST:
        raise Invalid(f"The customer can be told {LONGEST:,} characters.")
    if reopen:
        _reopen(follow_up, by)
    follow_up.cause, follow_up.outcome, follow_up.told = cause, outcome, words
    follow_up.closed_at = now()
    follow_up.owner_id = follow_up.owner_id or by.id
    record(
        FollowUpClosed(
            follow_up.customer_id,
            follow_up.id,
            follow_up.ticket_id,
            cause.value,
            outcome.value,
            bool(words),
            reopen,
        ),
        by=by,
    )


def _reopen(follow_up: FollowUp, by: Account) -> None:
    ticket = ticket_queries.locked(follow_up.ticket_id) if follow_up.ticket_id else None
    if ticket is None or ticket.status is Status.CLOSED:
        raise Conflict("Its ticket is closed for good. File a new one for the customer.")
    tickets.reopen(ticket, by=by)


def _require_open(follow_up: FollowUp) -> None:
    if follow_up.closed_at is not None:
        raise Conflict("This follow-up is closed already.")
