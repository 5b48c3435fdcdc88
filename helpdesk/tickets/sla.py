"""What was promised to a customer, and by when: clocks, worked out from what is stored.

Nothing here reads a database or the time of day. `running` is the one way in which due times come
about, whether a ticket is filed, answered, paused or reopened, a policy changes, or a job looks.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.core.hours import Hours

WARN_AFTER = 0.8
"""The share of a target after which it is warned of."""


class Target(StrEnum):
    FIRST_RESPONSE = "first_response"  # to the first public reply of a person, once
    NEXT_RESPONSE = "next_response"  # from the oldest message that nobody answered
    UPDATE = "update"  # from one public reply to the next while it is on us
    RESOLUTION = "resolution"  # to the first time it is resolved
    TOTAL_RESOLUTION = "total_resolution"  # to the last time it is resolved


REPLIES = frozenset({Target.FIRST_RESPONSE, Target.NEXT_RESPONSE, Target.UPDATE})
"""The customer hears from us. These are reset by a reply and pause for nothing."""

Targets = Mapping[Target, timedelta]


@dataclass(frozen=True)
class Pause:
    """A time that counts for no resolution; `end` is None while it lasts."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Facts:
    """What of a ticket matters to its clocks."""

    created_at: datetime
    asked_at: datetime | None
    """When the customer first wrote; None where an agent opened it and they have not yet."""
    replied_at: datetime | None
    """The last public reply of a person."""
    waiting_since: datetime | None
    """The oldest message of the customer without a reply."""
    is_answered: bool = False
    """A person has replied since the customer first asked."""
    waits_for_customer: bool = False
    is_done: bool = False
    was_done: bool = False
    """It has been resolved at least once, now or before."""
    pauses: tuple[Pause, ...] = ()
    updates_from: datetime | None = None
    """When it last came back from the customer, from which on the next update counts."""


@dataclass(frozen=True)
class Clock:
    """A promise that is still to be kept. While it pauses it is due at no moment, and `left` says
    how much of it remains."""

    target: Target
    started_at: datetime
    length: timedelta
    due_at: datetime | None
    warn_at: datetime | None
    left: timedelta

    @property
    def is_paused(self) -> bool:
        return self.due_at is None


def running(facts: Facts, targets: Targets, hours: Hours) -> list[Clock]:
    """The clocks of a ticket that run or pause, under these targets in these hours."""
    clocks = []
    for target, length in targets.items():
        started_at = _start(target, facts)
        if started_at is not None and not facts.is_done:
            pauses = () if target in REPLIES else merged(facts.pauses)
            clocks.append(_clock(target, started_at, length, pauses, hours))
    return clocks


def _start(target: Target, facts: Facts) -> datetime | None:
    """When the clock of a target began; None when nothing is owed under it."""
    owes_first = facts.asked_at is not None and not facts.is_answered and not facts.was_done
    match target:
        case Target.FIRST_RESPONSE:
            return facts.asked_at if owes_first else None
        case Target.NEXT_RESPONSE:
            return None if owes_first or facts.asked_at is None else facts.waiting_since
        case Target.UPDATE:
            return None if facts.waits_for_customer else _last_word(facts)
        case Target.RESOLUTION:
            return None if facts.was_done else facts.created_at
        case Target.TOTAL_RESOLUTION:
            return facts.created_at


def _last_word(facts: Facts) -> datetime | None:
    if facts.replied_at is None or facts.updates_from is None:
        return facts.replied_at
    return max(facts.replied_at, facts.updates_from)


def _clock(
    target: Target, start: datetime, length: timedelta, pauses: Iterable[Pause], hours: Hours
) -> Clock:
    pauses = tuple(pauses)
    due_at, left = reach(start, length, pauses, hours)
    warn_at, _ = reach(start, length * WARN_AFTER, pauses, hours)
    return Clock(target, start, length, due_at, warn_at if due_at else None, left)


def reach(
    start: datetime, length: timedelta, pauses: Iterable[Pause], hours: Hours
) -> tuple[datetime | None, timedelta]:
    """When `length` of business time outside the pauses has passed since `start`.

    None while a pause lasts, or where the hours never reach it; then, how much is left.
    `pauses` are in order and apart, as `merged` gives them.
    """
    at, left = start, length
    for pause in pauses:
        if pause.start > at:
            worked = hours.between(at, pause.start)
            if worked >= left:
                break
            left -= worked
        if pause.end is None:
            return None, left
        at = max(at, pause.end)
    due_at = hours.add(at, left)
    return due_at, left if due_at is None else timedelta(0)


def spent(start: datetime, end: datetime, pauses: Iterable[Pause], hours: Hours) -> timedelta:
    """Business time from `start` to `end` outside the pauses."""
    total = hours.between(start, end)
    for pause in merged(pauses):
        total -= hours.between(max(start, pause.start), min(end, pause.end or end))
    return total


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same pauses in order and apart, however they overlapped or lay inside one another."""
    return tuple(_merged(sorted(pauses, key=lambda pause: pause.start)))


def _merged(pauses: list[Pause]) -> Iterator[Pause]:
    current: Pause | None = None
    for pause in pauses:
        if current is None:
            current = pause
        elif current.end is not None and pause.start > current.end:
            yield current
            current = pause
        elif current.end is not None:
            end = None if pause.end is None else max(current.end, pause.end)
            current = Pause(current.start, end)
    if current is not None:
        yield current
