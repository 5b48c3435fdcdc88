"""What holds for all surveys, as somebody set it or as the house begins."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from helpdesk.core.db import session
from helpdesk.core.security import hash_token
from helpdesk.core.settings import settings
from helpdesk.surveys.models import Invitation, SurveyPolicy

THE_ONE = 1


def policy(*, to_change: bool = False) -> SurveyPolicy:
    """The policy in force; `to_change` locks it, and stores it where nobody has changed it yet."""
    found = session.get(SurveyPolicy, THE_ONE, with_for_update=to_change or None)
    if found is None:
        found = _as_we_begin()
        if to_change:
            session.add(found)
            session.flush()
    return found


def _as_we_begin() -> SurveyPolicy:
    return SurveyPolicy(
        id=THE_ONE,
        person_most=1,
        organization_most=1,
        holdout_percent=0,
        reminder_days=0,
        send_from=8 * 60,
        send_until=18 * 60,
        on_weekends=False,
        warm_up_growth=50,
    )


def person_window(held: SurveyPolicy) -> timedelta:
    """Over how long the surveys to one person are counted."""
    days = held.person_days
    return timedelta(days=settings().survey_budget_days if days is None else days)


def organization_window(held: SurveyPolicy) -> timedelta:
    """Over how long the surveys to one organization are counted."""
    days = held.organization_days
    return timedelta(days=settings().survey_budget_days if days is None else days)


def is_held_out(customer_id: int, held: SurveyPolicy) -> bool:
    """Whether a customer belongs to those who are never asked. Drawn by a hash with our key, so it
    is always the same ones, and growing the share keeps those who were in it."""
    if not held.holdout_percent:
        return False
    return draw(f"holdout:{customer_id}") < held.holdout_percent / 100


def draw(subject: str) -> float:
    """A number from 0 up to 1 that is always the same for `subject`, and that nobody outside can
    foresee."""
    digest = hash_token(f"{settings().secret_key}:{subject}")
    return int(digest[:13], 16) / 16**13


def daily_cap(held: SurveyPolicy, today: date) -> int | None:
    """How many surveys may go out today while the sender's address is warmed up; None for any
    number. Reminders count as well."""
    if held.warm_up_from is None or held.warm_up_since is None:
        return None
    days = max(0, (today - held.warm_up_since).days)
    growth = 1 + held.warm_up_growth / 100
    return min(10**9, int(held.warm_up_from * growth ** min(days, 200)))


def room_today(at: datetime) -> int | None:
    """How many more surveys and reminders may go out today; None for any number. Others who ask
    wait until this transaction ends: two workers at once would each use the room."""
    cap = daily_cap(policy(), day_of(at))
    if cap is None:
        return None
    policy(to_change=True)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    sent, reminded = (
        session.scalar(select(func.count()).where(moment >= midnight)) or 0
        for moment in (Invitation.sent_at, Invitation.reminded_at)
    )
    return cap - sent - reminded


def day_of(moment: datetime) -> date:
    """The day that daily shares are counted by: that of UTC, the same for everybody."""
    return moment.date()
