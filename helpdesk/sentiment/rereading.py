"""Reading every text again after the analyser changed: in batches, and from where it stopped."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.sentiment.models import Rereading, Scored, layer_in_use
from helpdesk.sentiment.scoring import Score

BATCH = 200
Text = tuple[int, str]
"""The id of a row and what its writer said."""


@dataclass(frozen=True)
class Shelf:
    """Texts of one kind. `said` is the condition under which a row has one, `texts` finds them for
    a condition in the order of their ids, `write` keeps new scores by id."""

    name: str
    rows: type[Scored]
    id: InstrumentedAttribute[int]
    said: ColumnElement[bool]
    texts: Callable[[ColumnElement[bool], int], Sequence[Text]]
    write: Callable[[Mapping[int, Score]], None]

    def outdated(self, version: str) -> ColumnElement[bool]:
        """The rows that were scored by another version."""
        analyzer = self.rows.analyzer
        other = or_(analyzer.is_(None), analyzer != version)
        return self.said & self.rows.scored_at.is_not(None) & other


def reread(shelf: Shelf, seconds: float) -> Rereading:
    """Read texts that another version scored, for so many seconds; says how far it has come.

    Nothing is told anew: what followed from the first reading has happened. A batch is computed
    with nothing open, then written in one short transaction together with its place.
    """
    from helpdesk.sentiment.analyzer import analyzer

    with transaction(write=False):
        reader = analyzer(layer_in_use())
    state = _begun(shelf, reader.version)
    ends = time.monotonic() + seconds
    while state.finished_at is None and time.monotonic() < ends:
        with transaction(write=False):
            texts = shelf.texts(shelf.outdated(reader.version) & (shelf.id > state.last_id), BATCH)
        scores = [(number, reader.analyze(text)) for number, text in texts]
        state = keep(shelf, state.id, state.last_id, scores)
    return state


def _begun(shelf: Shelf, version: str) -> Rereading:
    newest = select(Rereading).where(Rereading.what == shelf.name).order_by(Rereading.id.desc())
    with transaction(write=False):
        state = session.scalar(newest.limit(1))
        if state and state.analyzer == version:
            session.expunge(state)
            return state
    with transaction():
        count = select(func.count(shelf.id)).where(shelf.outdated(version))
        total = session.scalar(count) or 0
        state = Rereading(
            what=shelf.name, analyzer=version, started_at=now(), total=total, last_id=0, done=0
        )
        state.finished_at = None if total else now()
        session.add(state)
        session.flush()
        session.expunge(state)
    return state


def keep(
    shelf: Shelf, rereading_id: int, seen: int, scores: Sequence[tuple[int, Score]]
) -> Rereading:
    """Write the scores down, unless another worker was quicker."""
    with transaction():
        state = session.get_one(Rereading, rereading_id, with_for_update=True)
        if state.last_id == seen and scores:
            shelf.write(dict(scores))
            state.last_id = scores[-1][0]
            state.done += len(scores)
        elif state.last_id == seen:
            state.finished_at = now()
        session.flush()
        session.expunge(state)
    return state
