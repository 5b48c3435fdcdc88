"""Telling a history: steps at moments of the past, through the same actions that people use.

Reactions are told at once and in order, so that a survey asked for in March is asked in March.
"""

import heapq
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import update
from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session

from helpdesk.core import clock
from helpdesk.core.causes import because
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import Event, JournalEntry, Reaction
from helpdesk.mail.models import Delivery, OutboundEmail

Step = Callable[[], None]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
STEPS_IN_ONE_TRANSACTION = 100


class History:
    """Steps still to come, in the order of their moments; those after `end` never happen."""

    def __init__(
        self, end: datetime, reactions: Mapping[type[Event], tuple[Reaction, ...]]
    ) -> None:
        self.end = end
        self.reactions = dict(reactions)
        self._steps: list[tuple[datetime, int, Step]] = []
        self._order = count()
        self._untold: list[JournalEntry] = []

    def at(self, moment: datetime, step: Step) -> None:
        """Let `step` happen at `moment`."""
        if moment < self.end:
            heapq.heappush(self._steps, (moment, next(self._order), step))

    def on(self, kind: type[Event], reaction: Reaction) -> None:
        """Let `reaction` follow from every event of that kind."""
        self.reactions[kind] = (*self.reactions.get(kind, ()), reaction)

    def every(self, span: timedelta, start: datetime, step: Step) -> None:
        """Let `step` happen again and again."""
        moment = start
        while moment < self.end:
            self.at(moment, step)
            moment += span

    def run(self) -> None:
        """Let everything happen."""
        listen(Session, "pending_to_persistent", self._note)
        try:
            self._run()
        finally:
            remove(Session, "pending_to_persistent", self._note)

    def _run(self) -> None:
        while self._steps:
            with transaction():
                for _ in range(min(STEPS_IN_ONE_TRANSACTION, len(self._steps))):
                    moment, _, step = heapq.heappop(self._steps)
                    with clock.at(moment):
                        step()
                        self._tell()
                self._deliver()
            session.expunge_all()

    def _tell(self) -> None:
        """Tell what the step recorded, and what that led to."""
        session.flush()
        while self._untold:
            entries, self._untold = sorted(self._untold, key=lambda entry: entry.id), []
            for entry in entries:
                event = entry.to_event()
                with because(entry.id):
                    for reaction in self.reactions.get(type(event), ()):
                        reaction(event)
            session.flush()

    def _deliver(self) -> None:
        """What was mailed then has long arrived."""
        session.execute(
            update(OutboundEmail)
            .where(OutboundEmail.state == Delivery.QUEUED)
            .values(
                state=Delivery.ACCEPTED,
                accepted_at=OutboundEmail.created_at,
                next_try_at=None,
                attempts=1,
            )
        )

    def _note(self, _session: object, row: object) -> None:
        if isinstance(row, JournalEntry):
            self._untold.append(row)
