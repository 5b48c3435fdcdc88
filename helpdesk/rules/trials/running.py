"""Trials: what a rule would have done in the past month, looked at piece by piece."""

import logging
import time
from datetime import timedelta

from sqlalchemy import delete, func, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import HelpdeskError, NotFound
from helpdesk.core.ids import is_id
from helpdesk.core.jobs import job
from helpdesk.rules.actions import Wrong
from helpdesk.rules.force import Held, held
from helpdesk.rules.models import Rule, RuleTrial, RuleTrialMatch
from helpdesk.rules.queries import version_of
from helpdesk.rules.trials.occasions import Occasion, how_many, sources_of
from helpdesk.rules.trials.past import held_then, were
from helpdesk.rules.wording import typed_of, understood
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

log = logging.getLogger(__name__)
MONTH = timedelta(days=30)
SECONDS = 40.0
"""After this long a run ends; the next minute goes on."""
MOST_LOOKED = 100_000
MOST_MATCHES = 20_000
KEPT = timedelta(days=30)


def begin(rule: Rule, *, by: Account) -> RuleTrial:
    """Ask what its present version would have done; one that is under way already is enough.

    Raises Wrong for a rule that cannot be understood.
    """
    version = version_of(rule)
    if (found := understood(typed_of(version))).wrong:
        raise Wrong(found)
    under_way = select(RuleTrial).where(
        RuleTrial.version_id == version.id, RuleTrial.finished_at.is_(None)
    )
    if (known := session.scalar(under_way)) is not None:
        return known
    at = now()
    trial = RuleTrial(
        rule_id=rule.id,
        version_id=version.id,
        asked_by_id=by.id,
        asked_at=at,
        since=at - MONTH,
        until=at,
        position=[0],
    )
    session.add(trial)
    session.flush()
    run_trials.enqueue_once()
    return trial


def trial_of(rule_id: int, trial_id: int) -> RuleTrial:
    """Raises NotFound."""
    statement = select(RuleTrial).where(RuleTrial.id == trial_id, RuleTrial.rule_id == rule_id)
    known = is_id(trial_id) and is_id(rule_id)
    trial = session.scalar(statement) if known else None
    if trial is None:
        raise NotFound("There is no such trial (any more).")
    return trial


def matched(trial: RuleTrial, viewer: Account) -> tuple[int, int]:
    """How many tickets it would have acted on, and how often, as far as `viewer` may see them."""
    statement = (
        select(func.count(RuleTrialMatch.ticket_id.distinct()), func.count())
        .join(Ticket, Ticket.id == RuleTrialMatch.ticket_id)
        .where(RuleTrialMatch.trial_id == trial.id, visible_to(viewer))
    )
    tickets, times = session.execute(statement).one()
    return tickets, times


@job(queue="slow")
def run_trials() -> None:
    """Go on with what was asked for."""
    ends = time.monotonic() + SECONDS
    with transaction(write=False):
        waiting = select(RuleTrial.id).where(RuleTrial.finished_at.is_(None))
        trial_ids = session.scalars(waiting.order_by(RuleTrial.id).limit(20)).all()
    for trial_id in trial_ids:
        try:
            while time.monotonic() < ends and _go_on(trial_id):
                pass
        except Exception as error:
            log.exception("Trial %s could not be carried out.", trial_id)
            shown = error.message if isinstance(error, HelpdeskError) else type(error).__name__
            with transaction():
                _end(trial_id, f"It could not be carried out: {shown}")


def _go_on(trial_id: int) -> bool:
    """Look at one piece; whether there is more."""
    with transaction(write=False):
        trial = session.get(RuleTrial, trial_id)
        if trial is None or trial.finished_at is not None:
            return False
        before = list(trial.position)
        rule = held(trial.version)
        of = how_many(trial, rule) if trial.of is None else trial.of
        place, *after = before
        sources = sources_of(rule)
        piece = sources[place](trial, rule, after)
        found = [one for one in piece.occasions if one.at <= trial.until]
        matches = _fulfilled(rule, found)
    position = [place, *piece.last] if piece.last else [place + 1]
    with transaction():
        trial = session.get_one(RuleTrial, trial_id, with_for_update=True)
        if trial.position != before or trial.finished_at is not None:
            return False  # somebody else goes on with it
        trial.position, trial.of = position, of
        trial.looked += piece.looked
        session.add_all(
            RuleTrialMatch(
                trial_id=trial_id, ticket_id=one.ticket_id, at=one.at, because=one.because[:500]
            )
            for one in matches
        )
        session.flush()
        return _is_more(trial, len(sources))


def _fulfilled(rule: Held, found: list[Occasion]) -> list[Occasion]:
    known = were([(one.ticket_id, one.at) for one in found])
    return [
        one
        for one in found
        if (was := known.get((one.ticket_id, one.at))) is not None
        and held_then(one.ticket_id, one.at, was, rule.units)
    ]


def _is_more(trial: RuleTrial, sources: int) -> bool:
    matches = select(func.count()).where(RuleTrialMatch.trial_id == trial.id)
    if trial.position[0] >= sources:
        trial.finished_at = now()
    elif trial.looked >= MOST_LOOKED:
        _end(trial.id, f"It ended after {MOST_LOOKED:,} occasions; there were more.")
    elif (session.scalar(matches) or 0) >= MOST_MATCHES:
        _end(trial.id, f"It ended after {MOST_MATCHES:,} matches; there may be more.")
    return trial.finished_at is None


def _end(trial_id: int, why: str) -> None:
    trial = session.get_one(RuleTrial, trial_id)
    trial.finished_at, trial.why_ended = now(), why


@job(queue="slow")
def forget_trials() -> None:
    """Trials are kept for a month."""
    with transaction():
        session.execute(delete(RuleTrial).where(RuleTrial.asked_at < now() - KEPT))
