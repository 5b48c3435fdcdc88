"""What the clock wakes up for what is kept about people."""

import logging

from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.turns import Turn
from helpdesk.privacy import erasing, retention
from helpdesk.privacy.models import Erasure, Stage

log = logging.getLogger(__name__)


@job(queue="slow")
def erase_confirmed() -> None:
    """Go on with what was confirmed, a step a transaction; a crash costs one step."""
    going = (Stage.CONFIRMED, Stage.SWEEPING)
    with transaction(write=False):
        ids = list(session.scalars(select(Erasure.id).where(Erasure.stage.in_(going))))
    for erasure_id in ids:
        more = True
        while more:
            with transaction():
                more = erasing.go_on(erasure_id)


@job(queue="slow")
def forget_in_time() -> None:
    """Forget what has been kept for long enough, some at a time, while nothing else waits; what is
    left goes on the next time."""
    turn = Turn("slow")
    for kind in retention.active_kinds():
        more = True
        while more and turn.goes_on():
            with transaction():
                more = retention.forget_some(kind)
