"""Answering, and changing an answer."""

from collections.abc import Iterable

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.core.text import clean
from helpdesk.surveys import follow_ups, queries
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
    invitation = queries.locked(invitation_id)
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
    if queries.is_latest(response, [Response.customer_id == response.customer_id]):
        response.invitation.customer.last_score = response.score
    ticket = response.invitation.ticket
    if ticket and queries.is_latest(response, [Response.ticket_id == ticket.id]):
        ticket.last_score = response.score
