"""What the clock wakes up for customers."""

import logging

from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.customers import imports
from helpdesk.customers.models import Import, ImportState

log = logging.getLogger(__name__)


@job(queue="slow")
def run_imports() -> None:
    """Take over what was handed in, a batch of lines a transaction; a crash costs one batch."""
    waiting = (ImportState.WAITING, ImportState.RUNNING)
    with transaction(write=False):
        import_ids = list(session.scalars(select(Import.id).where(Import.state.in_(waiting))))
    for import_id in import_ids:
        _run(import_id)


def _run(import_id: int) -> None:
    try:
        more = True
        while more:
            with transaction():
                more = imports.run_batch(import_id)
    except Exception as error:
        log.exception("Import %s stopped.", import_id)
        with transaction():
            imports.fail(import_id, f"{type(error).__name__}: {error}"[:300])
