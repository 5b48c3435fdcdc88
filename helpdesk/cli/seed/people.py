"""How people in the story feel, and when they work."""

from datetime import datetime, timedelta
from random import Random

from helpdesk.accounts.models import Account
from helpdesk.cli.seed.company import Client, Fate
from helpdesk.cli.seed.history import DAY
from helpdesk.core.clock import now
from helpdesk.core.db import session

OPENS, CLOSES = 8, 17
"""Working hours of the staff, UTC."""
CALMS_DOWN = timedelta(days=60)
TURNING = (Fate.SAVED, Fate.LOST, Fate.LEAVING)


def person(account_id: int) -> Account:
    """Somebody of the staff."""
    return session.get_one(Account, account_id)


def mood(client: Client) -> float:
    """How content they are just now, 0 to 1."""
    if not has_turned(client):
        return client.mood
    return min(0.95, client.mood + 0.1) if is_calm(client, now()) else client.mood * 0.35


def has_turned(client: Client) -> bool:
    """Whether fate has taken a hand."""
    return client.fate in TURNING and now() > client.turn


def is_calm(client: Client, at: datetime) -> bool:
    """Somebody cared, and it helped."""
    return client.fate is Fate.SAVED and at > client.turn + CALMS_DOWN


def at_work(random: Random, at: datetime) -> datetime:
    """That moment, or the next at which the staff works."""
    if at.hour >= CLOSES:
        at = (at + DAY).replace(hour=OPENS, minute=random.randint(5, 59))
    if at.hour < OPENS:
        at = at.replace(hour=OPENS, minute=random.randint(5, 59))
    while at.weekday() > 4:
        at += DAY
    return at
