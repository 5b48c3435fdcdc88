"""What people said a text's tone is: the labels that the analyser is measured by and fitted to."""

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.surveys.models import Kind, Response
from helpdesk.tickets.models import Message

MOST = 20_000
"""The newest labels of each source that are read."""

Pair = tuple[str, str]


def corrections() -> list[Pair]:
    """Customers' messages with the label that an agent gave them."""
    statement = select(Message).where(Message.corrected_label.is_not(None))
    found = session.scalars(statement.order_by(Message.id.desc()).limit(MOST))
    return [(message.own_words, message.corrected_label or "") for message in found]


def rated_comments() -> list[Pair]:
    """Comments with the label that the customer's own score stands for."""
    statement = (
        select(Response.comment, Response.kind, Response.score)
        .where(Response.comment != "", Response.kind.in_((Kind.CSAT, Kind.NPS)))
        .order_by(Response.id.desc())
        .limit(MOST)
    )
    return [(text, label_of(kind, score)) for text, kind, score in session.execute(statement)]


def label_of(kind: Kind, score: int) -> str:
    """Dissatisfied and detractors are negative, satisfied and promoters positive."""
    low, high = (2, 4) if kind is Kind.CSAT else (6, 9)
    return "negative" if score <= low else "positive" if score >= high else "neutral"
