"""Reading every message again after the analyser changed: in batches, and from where it stopped."""

import time
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import load_only

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.sentiment.models import Rereading, layer_in_use
from helpdesk.sentiment.scoring import Score
from helpdesk.tickets import queries
from helpdesk.tickets.models import ERASED, Message, MessageKind
from helpdesk.tickets.tone import follow_tone

BATCH = 200


def rescore(seconds: float) -> Rereading:
    """Read messages that another version scored, for so many seconds; says how far it has come.

    Nothing is told anew: what followed from the first reading has happened. A batch is computed
    with nothing open, then written in one short transaction together with its place.
    """
    from helpdesk.sentiment.analyzer import analyzer

    with transaction(write=False):
        reader = analyzer(layer_in_use())
    state = _begun(reader.version)
    ends = time.monotonic() + seconds
    while state.finished_at is None and time.monotonic() < ends:
        with transaction(write=False):
            texts = _texts(reader.version, state.last_id)
        scores = [(message_id, reader.analyze(text)) for message_id, text in texts]
        state = _keep(state.id, state.last_id, scores)
    return state


def _outdated(version: str) -> ColumnElement[bool]:
    other = or_(Message.analyzer.is_(None), Message.analyzer != version)
    written = (Message.kind == MessageKind.CUSTOMER) & (Message.body != ERASED)
    return written & Message.scored_at.is_not(None) & other


def _begun(version: str) -> Rereading:
    newest = select(Rereading).order_by(Rereading.id.desc()).limit(1)
    with transaction(write=False):
        state = session.scalar(newest)
        if state and state.analyzer == version:
            session.expunge(state)
            return state
    with transaction():
        total = session.scalar(select(func.count(Message.id)).where(_outdated(version))) or 0
        state = Rereading(analyzer=version, started_at=now(), total=total, last_id=0, done=0)
        state.finished_at = None if total else now()
        session.add(state)
        session.flush()
        session.expunge(state)
    return state


def _texts(version: str, after: int) -> list[tuple[int, str]]:
    statement = (
        select(Message)
        .options(load_only(Message.body, Message.shown))
        .where(_outdated(version), Message.id > after)
        .order_by(Message.id)
        .limit(BATCH)
    )
    return [(message.id, message.own_words) for message in session.scalars(statement)]


def _keep(rereading_id: int, seen: int, scores: Sequence[tuple[int, Score]]) -> Rereading:
    """Write the scores down, unless another worker was quicker."""
    with transaction():
        state = session.get_one(Rereading, rereading_id, with_for_update=True)
        if state.last_id == seen and scores:
            _write(scores)
            state.last_id = scores[-1][0]
            state.done += len(scores)
        elif state.last_id == seen:
            state.finished_at = now()
        session.flush()
        session.expunge(state)
    return state


def _write(scores: Sequence[tuple[int, Score]]) -> None:
    found = dict(scores)
    tickets = set()
    changed = select(Message).where(Message.id.in_(found)).with_for_update().order_by(Message.id)
    for message in session.scalars(changed):
        if message.scored_at is not None:
            message.keep(found[message.id], message.scored_at)
            tickets.add(message.ticket_id)
    for ticket_id in sorted(tickets):
        follow_tone(queries.locked(ticket_id))
