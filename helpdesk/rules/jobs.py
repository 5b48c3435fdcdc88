"""What the clock wakes up for rules."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, tuple_

from helpdesk.core.clock import now
from helpdesk.core.db import ask, session, transaction
from helpdesk.core.errors import HelpdeskError
from helpdesk.core.hours import Hours
from helpdesk.core.jobs import job
from helpdesk.rules.acting import Occasion, let, note_failure
from helpdesk.rules.chains import Chain
from helpdesk.rules.force import Held, in_force
from helpdesk.rules.matching import condition_of
from helpdesk.rules.models import Rule, RuleMiss
from helpdesk.rules.waiting import Wait, hours_of, lasts, undecided
from helpdesk.tickets.filters import reading_for
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import locked

log = logging.getLogger(__name__)
SECONDS = 40.0
"""After this long a run ends; the next minute goes on where it was."""
SLICE = 2000
"""Tickets of which one statement looks at the conditions."""
AT_ONCE = 200
MISSES_KEPT = timedelta(days=60)


@dataclass(frozen=True)
class Walk:
    """A rule about time on its way through the tickets, by activity and number."""

    rule: Held
    wait: Wait
    hours: Hours
    hours_name: str
    place: tuple[datetime, int] | None = None

    @property
    def due(self) -> list[ColumnElement[bool]]:
        """What a ticket must be like now for the rule to act."""
        kind, reading = self.wait.lasting, reading_for(None, one=True)
        return [
            kind.since <= self.wait.edge(now(), self.hours),
            undecided(self.rule.rule_id, kind),
            *(condition_of(unit, reading) for unit in self.rule.units),
        ]


@job(queue="slow")
def ask_rules_about_time() -> None:
    """Let the rules act that wait for time to pass, each its share of the run."""
    with transaction(write=False):
        rules = [rule for rule in in_force() if rule.wait is not None and not rule.error]
    for rule in rules:
        ends = time.monotonic() + SECONDS / len(rules)
        try:
            _walk(rule, ends)
        except HelpdeskError as error:
            with transaction():
                note_failure(rule, error.message)


def _walk(rule: Held, ends: float) -> None:
    with transaction(write=False):
        walk = _begin(rule)
    while True:
        with transaction(write=False):
            ticket_ids, place = _next(walk)
        for ticket_id in ticket_ids:
            _try(walk, ticket_id)
        walk = Walk(rule, walk.wait, walk.hours, walk.hours_name, place)
        if place is None or time.monotonic() > ends:
            break
    _remember(rule, place)


def _begin(rule: Held) -> Walk:
    assert rule.wait is not None  # noqa: S101 - only such rules are walked
    row = session.get_one(Rule, rule.rule_id)
    place = (row.looked_at, row.looked_id) if row.looked_at and row.looked_id else None
    hours, name = hours_of(rule.wait)
    return Walk(rule, rule.wait, hours, name, place)


def _remember(rule: Held, place: tuple[datetime, int] | None) -> None:
    at, number = place or (None, None)
    with transaction(write=False):
        row = session.get_one(Rule, rule.rule_id)
        known = (row.looked_at, row.looked_id) == (at, number)
    if not known:
        with transaction():
            row = session.get_one(Rule, rule.rule_id, with_for_update=True)
            row.looked_at, row.looked_id = at, number


def _next(walk: Walk) -> tuple[list[int], tuple[datetime, int] | None]:
    """The tickets of the next slice for which it is time, and where the slice after it begins."""
    by = tuple_(Ticket.active_at, Ticket.id)
    onward = [by > walk.place] if walk.place else []
    among = walk.wait.lasting.among
    ordered = select(Ticket.active_at, Ticket.id).where(among, *onward)
    ordered = ordered.order_by(Ticket.active_at, Ticket.id)
    last = ask(ordered.offset(SLICE - 1).limit(1)).one_or_none()
    upto = [by <= (last.active_at, last.id)] if last else []
    due = lasts(walk.wait.lasting).where(among, *onward, *upto, *walk.due)
    rows = ask(due.order_by(Ticket.active_at, Ticket.id).limit(AT_ONCE)).all()
    if len(rows) == AT_ONCE:
        last = rows[-1]
    return [row.id for row in rows], (last.active_at, last.id) if last else None


def _try(walk: Walk, ticket_id: int) -> None:
    try:
        with transaction():
            _act(walk, ticket_id)
    except Exception:
        log.exception("Rule %s could not be asked of ticket %s.", walk.rule.rule_id, ticket_id)


def _act(walk: Walk, ticket_id: int) -> None:
    """Under the lock it is asked once more: meanwhile somebody may have answered."""
    ticket = locked(ticket_id)
    session.flush()
    row = ask(lasts(walk.wait.lasting).where(Ticket.id == ticket_id, and_(*walk.due))).first()
    if row is None:
        return
    chain = Chain(f"time:{walk.wait.kind}:{row.since.isoformat()}")
    let(walk.rule, Occasion(ticket, walk.wait.words(walk.hours_name), chain))


@job(queue="slow")
def forget_misses() -> None:
    """Near misses are kept for two months."""
    with transaction():
        old = select(RuleMiss.id).where(RuleMiss.at < now() - MISSES_KEPT).limit(5000)
        session.execute(delete(RuleMiss).where(RuleMiss.id.in_(old)))
