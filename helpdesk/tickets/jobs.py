"""What the clock and reactions wake up for tickets."""

import logging
import time
from datetime import timedelta

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.settings import settings
from helpdesk.sentiment.rereading import reread
from helpdesk.tickets import actions, clocks, indexing, queries, sending, uploads
from helpdesk.tickets.rescoring import MESSAGES
from helpdesk.tickets.tone import score_message

log = logging.getLogger(__name__)
AT_A_TIME = 500
NEXT_TRY = timedelta(minutes=10)
RESCORING_SECONDS = 40
INDEXING_SECONDS = 50
"""After this long the reading of tickets ends; the next tick goes on."""


@job(queue="slow")
def close_resolved() -> None:
    """Close what has been resolved for longer than the configured time, a few at a time."""
    after = timedelta(hours=settings().close_after_hours)
    with transaction(write=False):
        ticket_ids = list(session.scalars(queries.due_to_close(now(), after).limit(200)))
    for ticket_id in ticket_ids:
        with transaction():
            actions.close(queries.locked(ticket_id))


@job(queue="default")
def score_messages() -> None:
    """Score what customers wrote and nobody has scored: imports, and whatever was missed."""
    with transaction(write=False):
        message_ids = list(session.scalars(queries.unscored_messages().limit(500)))
    for message_id in message_ids:
        with transaction():
            score_message(message_id)


@job(queue="slow")
def rescore_messages() -> None:
    """Read a part of what another analyser scored again; the next run goes on."""
    state = reread(MESSAGES, RESCORING_SECONDS)
    if state.total and state.finished_at is None:
        log.info("Read %s of %s messages again with %s", state.done, state.total, state.analyzer)


@job(queue="slow")
def forget_drafts() -> None:
    """Delete files of forms that were never sent, and how tickets stood before old replies."""
    with transaction():
        uploads.forget_old_drafts(now())
        sending.forget_old()


@job(queue="default")
def watch_clocks() -> None:
    """Warn of what is due soon, and record what was breached: each once, however many watch."""
    with transaction(write=False):
        ticket_ids = list(session.scalars(clocks.to_look_at(now()).limit(AT_A_TIME)))
    for ticket_id in dict.fromkeys(ticket_ids):
        try:
            with transaction():
                clocks.refresh(queries.locked(ticket_id))
        except Exception:
            log.exception("The clocks of ticket %s could not be looked at.", ticket_id)
            with transaction():
                clocks.look_later(ticket_id, now() + NEXT_TRY)  # so that it keeps nobody waiting


@job(queue="slow")
def index_waiting() -> None:
    """Read the tickets into the index that too much at once had changed; each batch is kept."""
    ends, more = time.monotonic() + INDEXING_SECONDS, True
    while more and time.monotonic() < ends:
        with transaction():
            more = indexing.read_some_waiting() > 0
