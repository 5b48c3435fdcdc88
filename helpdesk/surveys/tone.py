"""The tone of what customers write beside their score."""

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.surveys import follow_ups
from helpdesk.surveys.events import CommentScored
from helpdesk.surveys.models import Response


def score_comment(response_id: int) -> None:
    """Score the comment of one response. Twice is harmless."""
    response = session.get(Response, response_id, with_for_update={"key_share": True})
    if response is None or response.scored_at is not None or not response.comment:
        return
    response.keep_tone_of(response.comment, now())
    record(
        CommentScored(
            response.customer_id,
            response.id,
            response.ticket_id,
            response.sentiment_label or "",
            response.polarity,
            response.signals or [],
        )
    )
    follow_ups.open_where_bitter(response)
