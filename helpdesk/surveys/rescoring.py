"""The comments beside scores that are read again after the analyser changed."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select

from helpdesk.core.db import session
from helpdesk.sentiment.rereading import Shelf, Text
from helpdesk.sentiment.scoring import Score
from helpdesk.surveys.models import Response
from helpdesk.tickets.models import ERASED


def _texts(wanted: ColumnElement[bool], most: int) -> Sequence[Text]:
    statement = select(Response.id, Response.comment).where(wanted).order_by(Response.id)
    return [(number, comment) for number, comment in session.execute(statement.limit(most))]


def _write(found: Mapping[int, Score]) -> None:
    """A comment that was changed meanwhile waits for its first reading, or has had it."""
    changed = select(Response).where(Response.id.in_(found)).with_for_update().order_by(Response.id)
    for response in session.scalars(changed.execution_options(populate_existing=True)):
        score = found[response.id]
        if response.scored_at is not None and response.analyzer != score.analyzer:
            response.keep(score, response.scored_at)


COMMENTS = Shelf(
    "comments",
    Response,
    Response.id,
    (Response.comment != "") & (Response.comment != ERASED),
    _texts,
    _write,
)
