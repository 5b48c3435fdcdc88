"""What the clock wakes up for customers."""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress

from redis.exceptions import RedisError
from sqlalchemy import and_, select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.turns import Turn
from helpdesk.customers import duplicates, imports, visits
from helpdesk.customers.imports.undoing import undo_batch
from helpdesk.customers.jsonlines import Line
from helpdesk.customers.models import Import, ImportState
from helpdesk.customers.quality.looking import end_of_piece, keep, look
from helpdesk.customers.quality.seen import Within
from helpdesk.customers.value import standing
from helpdesk.customers.value.worth import summary

log = logging.getLogger(__name__)
Batch = Callable[[int], bool]


@job(queue="slow")
def find_duplicates() -> None:
    """Look for records that may be one person's."""
    with transaction(write=False):
        proposals = duplicates.propose(duplicates.read_people())
    with transaction():
        duplicates.store(proposals)


@job(queue="slow")
def record_visits() -> None:
    """Store the visits that were noted in Redis."""
    while lines := visits.take(500):
        with transaction():
            visits.store(lines)


@job(queue="slow")
def work_out_worth() -> None:
    """Work out what everybody is worth, and keep it."""
    with transaction(write=False):
        found = summary()
    with transaction():
        standing.keep(found)


@job(queue="slow")
def look_for_flaws() -> None:
    """Look at every record for what somebody should mend."""
    _look(organizations=True, after=0)
    _look(organizations=False, after=0)


@job(queue="slow")
def look_on(organizations: bool, after: int) -> None:
    """Go on with the records behind `after`."""
    _look(organizations, after)


def _look(organizations: bool, after: int) -> None:
    turn = Turn("slow")
    while True:
        with transaction(write=False):
            end = end_of_piece(organizations, after)
            news = look(organizations, _between(after, end)) if end is not None else None
        if news:
            with transaction():
                keep(organizations, news)
        if end is None:
            return
        after = end
        if not turn.goes_on():
            look_on.wake(organizations, after)  # behind whatever else waits
            return


def _between(after: int, end: int) -> Within:
    return lambda column: and_(column > after, column <= end)


@job(queue="slow")
def run_imports() -> None:
    """Take over what was handed in, and take back what is to be undone, a batch of lines a
    transaction; a crash costs one batch."""
    working = (ImportState.WAITING, ImportState.RUNNING, ImportState.UNDOING)
    with transaction(write=False):
        rows = session.execute(select(Import.id, Import.state).where(Import.state.in_(working)))
        waiting = [(row.id, row.state is ImportState.UNDOING) for row in rows]
    turn = Turn("slow")
    if not all(
        _run(import_id, turn, undo_batch if undoing else _batches())
        for import_id, undoing in waiting
    ):
        with suppress(RedisError):  # a sweep goes on
            run_imports.wake_once(f"more-{now():%H%M%S}")  # behind whatever else waits


def _batches() -> Batch:
    """Batches of one reading of the file, from where it stopped."""
    rest: list[Iterator[Line]] = []

    def batch(import_id: int) -> bool:
        if not rest:
            rest.append(imports.lines(session.get_one(Import, import_id)))
        return imports.run_batch(import_id, rest[0])

    return batch


def _run(import_id: int, turn: Turn, batch: Batch) -> bool:
    """Whether it came to its end, before its turn did."""
    try:
        more = True
        while more and turn.goes_on():
            with transaction():
                more = batch(import_id)
    except Exception as error:
        log.exception("Import %s stopped.", import_id)
        with transaction():
            imports.fail(import_id, f"{type(error).__name__}: {error}"[:300])
        return True
    return not more
