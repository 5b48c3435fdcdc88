"""Answering, and changing an answer."""

from collections.abc import Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.core.text import clean
from helpdesk.customers.models import Customer
from helpdesk.surveys import follow_ups
from helpdesk.surveys.events import SurveyAnswered
from helpdesk.surveys.models import Invitation, Kind, Response, ResponseRevision, State, Survey

LONGEST_COMMENT = 5_000


class Closed(Conflict):
    """The invitation takes no answer: withdrawn, expired, or never sent."""

    status = 410


def answer(
    invitation_id: int,
    score: int,
    comment: str,
    reasons: Iterable[str] = (),
    door: str = "page",
) -> Response:
    """Count this answer, or change the earlier one and keep what it said before. `reasons` are kept
    beside a low score, as far as they belong to the question; `door` is how it came.

    Pressing twice is harmless. Raises Closed when it is too late, Invalid for a score that is not
    on the scale or an over-long comment.
    """
    invitation = _locked(invitation_id)
    if invitation is None or not invitation.is_open(now()):
        raise Closed("This question can no longer be answered.")
    if score not in invitation.survey.scores:
        raise Invalid("Please choose one of the scores.")
    comment = clean(comment)
    if len(comment) > LONGEST_COMMENT:
        raise Invalid(
            f"Your comment has {len(comment):,} characters; {LONGEST_COMMENT:,} are possible."
        )
    ticked = _reasons(invitation.survey, score, reasons)
    before = invitation.response
    if before is None:
        return _count_first(invitation, score, comment, ticked, door)
    if (before.score, before.comment, before.reasons) != (score, comment, ticked):
        before.door = door
        _change(before, score, comment, ticked)
    return before


def _locked(invitation_id: int) -> Invitation | None:
    """The invitation with its customer, kept from others' changes until this transaction ends, and
    locked in the order of `queries.locked`; an answer uses no budget. None when it is gone."""
    seen = session.get(Invitation, invitation_id)
    if seen is None:
        return None
    session.get_one(
        Customer, seen.customer_id, with_for_update={"key_share": True}, populate_existing=True
    )
    return session.get(
        Invitation,
        invitation_id,
        with_for_update={"key_share": True, "of": Invitation},
        populate_existing=True,
        options=(
            joinedload(Invitation.ticket),
            joinedload(Invitation.survey),
            joinedload(Invitation.response),
        ),
    )


def _reasons(survey: Survey, score: int, ticked: Iterable[str]) -> list[str]:
    """Of a score that is not low none: the page hides what was ticked before it was raised."""
    wanted = set(ticked) if survey.is_low(score) else set()
    return [reason for reason in survey.reasons if reason in wanted]


def _count_first(
    invitation: Invitation, score: int, comment: str, reasons: list[str], door: str
) -> Response:
    at = now()
    response = Response(
        invitation=invitation,
        kind=invitation.kind,
        score=score,
        comment=comment,
        reasons=reasons,
        door=door,
        created_at=at,
        updated_at=at,
        customer_id=invitation.customer_id,
        ticket_id=invitation.ticket_id,
        agent_id=invitation.assignee_id,
        team_id=invitation.team_id,
    )
    session.add(response)
    invitation.state = State.ANSWERED
    session.flush()
    _tell(response, before=None)
    return response


def _change(response: Response, score: int, comment: str, reasons: list[str]) -> None:
    before = response.score
    session.add(
        ResponseRevision(
            response_id=response.id,
            score=before,
            comment=response.comment,
            written_at=response.updated_at,
            replaced_at=now(),
        )
    )
    if response.comment != comment:
        response.forget_tone()
    response.score, response.comment, response.updated_at = score, comment, now()
    response.reasons = reasons
    session.flush()
    _tell(response, before)


def _tell(response: Response, before: int | None) -> None:
    _carry_score(response)
    follow_ups.open_where_low(response)
    record(
        SurveyAnswered(
            response.customer_id,
            response.id,
            response.invitation_id,
            response.ticket_id,
            response.kind.value,
            before,
            response.score,
        )
    )


def _carry_score(response: Response) -> None:
    """The last rating stands on the customer and on the ticket, where lists can sort by it."""
    if response.kind is not Kind.CSAT:
        return
    of_customer, of_ticket = _is_latest(response)
    if of_customer:
        response.invitation.customer.last_score = response.score
    if response.invitation.ticket and of_ticket:
        response.invitation.ticket.last_score = response.score


def _is_latest(response: Response) -> tuple[bool, bool]:
    """Whether its customer gave no later answer of its kind, and whether nobody did about its
    ticket."""
    later = select(Response.id).where(
        Response.kind == response.kind,
        tuple_(Response.created_at, Response.id) > tuple_(response.created_at, response.id),
    )
    hers = later.where(Response.customer_id == response.customer_id).exists()
    about_it = later.where(Response.ticket_id == response.ticket_id).exists()
    by_customer, by_ticket = session.execute(select(hers, about_it)).one()
    return not by_customer, not by_ticket
