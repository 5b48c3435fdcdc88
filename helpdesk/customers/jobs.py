"""What the clock wakes up for customers."""

import logging
from contextlib import suppress

from redis.exceptions import RedisError
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.turns import Turn
from helpdesk.customers import imports
from helpdesk.customers.models import Import, ImportState

log = logging.getLogger(__name__)


@job(queue="slow")
def run_imports() -> None:
    """Take over what was handed in, a batch of lines a transaction; a crash costs one batch."""
    waiting = (ImportState.WAITING, ImportState.RUNNING)
    with transaction(write=False):
        import_ids = list(session.scalars(select(Import.id).where(Import.state.in_(waiting))))
    turn = Turn("slow")
    if not all(_run(import_id, turn) for import_id in import_ids):
        with suppress(RedisError):  # a sweep goes on
            run_imports.wake_once(f"more-{now():%H%M%S}")  # behind whatever else waits


def _run(import_id: int, turn: Turn) -> bool:
    """Whether it came to its end, before its turn did."""
    try:
        more = True
        while more and turn.goes_on():
            with transaction():
                more = imports.run_batch(import_id)
    except Exception as error:
        log.exception("Import %s stopped.", import_id)
        with transaction():
            imports.fail(import_id, f"{type(error).__name__}: {error}"[:300])
        return True
    return not more
