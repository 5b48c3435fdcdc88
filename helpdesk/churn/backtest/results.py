"""Backtests that were asked for, and what may be said after the last one."""

from __future__ import annotations

from sqlalchemy import func, select

from helpdesk.accounts.models import Account
from helpdesk.churn.backtest.running import Plan, run
from helpdesk.churn.models import Backtest, RiskWeights
from helpdesk.churn.points import BASIS
from helpdesk.churn.rules import Weights
from helpdesk.churn.weights import current, latest
from helpdesk.core.clock import now
from helpdesk.core.db import ask, session, transaction
from helpdesk.core.errors import HelpdeskError
from helpdesk.core.settings import settings

CHANGED = f"{BASIS}: the points were changed after the last backtest"


def request(*, by: Account) -> Backtest:
    """Write down that somebody wants to know; one that waits already is enough."""
    waiting = session.scalar(select(Backtest).where(Backtest.done_at.is_(None)).limit(1))
    if waiting is not None:
        return waiting
    asked = Backtest(asked_at=now(), by_id=by.id)
    session.add(asked)
    session.flush()
    return asked


def last_done() -> Backtest | None:
    """The last one with a result, or None."""
    done = select(Backtest).where(Backtest.result.is_not(None)).order_by(Backtest.id.desc())
    return session.scalar(done.limit(1))


def waiting() -> Backtest | None:
    """One that was asked for and is not done, or None."""
    return session.scalar(select(Backtest).where(Backtest.done_at.is_(None)).limit(1))


def last_failed() -> Backtest | None:
    """The newest, if it could not be done."""
    last = session.scalar(select(Backtest).order_by(Backtest.id.desc()).limit(1))
    return last if last is not None and last.error else None


def basis() -> str:
    """What may be said about the risk: rule-based and not yet validated, until enough outcomes in a
    backtest of the present weights say more. One of other weights proves nothing."""
    verdict = Backtest.result["verdict"].as_string()
    changed_at = select(func.max(RiskWeights.made_at)).scalar_subquery()
    last = ask(
        select(verdict, Backtest.asked_at, changed_at)
        .where(Backtest.result.is_not(None))
        .order_by(Backtest.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return BASIS
    found, asked_at, changed = last
    return CHANGED if changed and changed > asked_at else found or BASIS


def is_of_other_weights(done: Backtest) -> bool:
    """Whether other points were adopted since somebody asked for it."""
    held = latest()
    return held is not None and held.made_at > done.asked_at


def carry_out(backtest_id: int) -> None:
    """Run one that was asked for and keep what came out. Twice is harmless."""
    with transaction(write=False):
        asked = session.get(Backtest, backtest_id)
        if asked is None or asked.done_at is not None:
            return
        held = current()
    result, error = _tried(held)
    with transaction():
        asked = session.get_one(Backtest, backtest_id)
        asked.result, asked.error, asked.done_at = result, error, now()


def _tried(held: Weights) -> tuple[dict[str, object] | None, str | None]:
    config = settings()
    plan = Plan(k=config.churn_capacity, raise_at=config.churn_raise_at)
    try:
        return run(plan, held), None
    except HelpdeskError as error:
        return None, error.message
