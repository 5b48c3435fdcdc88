"""The tone of what customers write beside their score."""

from helpdesk import sentiment
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.surveys.events import CommentScored
from helpdesk.surveys.models import Response


def score_comment(response_id: int) -> None:
    """Score the comment of one response. Twice is harmless."""
    response = session.get(Response, response_id, with_for_update={"key_share": True})
    if response is None or response.scored_at is not None or not response.comment:
        return
    score = sentiment.score(response.comment)
    response.polarity = score.polarity if score.label != "not_scored" else None
    response.sentiment_label, response.sentiment_why = score.label, score.why or None
    response.coverage, response.analyzer = score.coverage, score.analyzer
    response.phrases = [list(phrase) for phrase in score.phrases]
    response.signals = sorted(sentiment.signals(response.comment))
    response.scored_at = now()
    record(
        CommentScored(
            response.customer_id,
            response.id,
            response.ticket_id,
            score.label,
            response.polarity,
            response.signals,
        )
    )


def forget_tone(response: Response) -> None:
    """The comment changed: what was read in it no longer holds, and the sweep finds it again."""
    response.polarity = response.coverage = response.scored_at = None
    response.sentiment_label = response.sentiment_why = response.analyzer = None
    response.phrases = response.signals = None
