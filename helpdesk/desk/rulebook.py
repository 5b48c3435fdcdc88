"""Rules as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import HelpdeskError
from helpdesk.core.paging import CAP
from helpdesk.rules.causes import KINDS, TARGETS, trigger_from
from helpdesk.rules.models import Rule, RuleVersion, State
from helpdesk.rules.queries import acted_since, fulfilling, newest_versions, rules_in_order
from helpdesk.rules.waiting import wait_from
from helpdesk.tickets.changes import ChangesInvalid, described, read
from helpdesk.tickets.filters.fields import BY_NAME
from helpdesk.tickets.hours import BusinessHours

LATELY = timedelta(days=30)
STATES = {
    State.DRAFT: ("draft", "accent"),
    State.ON: ("on", "good"),
    State.OFF: ("off", ""),
    State.REMOVED: ("removed", ""),
}


@dataclass(frozen=True)
class Said:
    """What a version of a rule says, in words."""

    when: Sequence[str]
    conditions: str
    does: Sequence[str]
    stops: bool


@dataclass(frozen=True)
class Listed:
    """A line of the list of rules."""

    rule: Rule
    version: RuleVersion
    said: Said
    state: str
    tone: str
    acted: int


def listed() -> list[Listed]:
    """All rules in their order, and how often each acted in the last 30 days."""
    rules = rules_in_order()
    versions, acted = newest_versions(rules), acted_since(now() - LATELY)
    return [_line(rule, versions[rule.id], acted.get(rule.id, 0)) for rule in rules]


def _line(rule: Rule, version: RuleVersion, acted: int) -> Listed:
    state, tone = ("parked", "bad") if rule.parked_at else STATES[rule.state]
    return Listed(rule, version, said(version), state, tone, acted)


def said(version: RuleVersion) -> Said:
    """What it says; of half-finished ones, as far as it goes."""
    when = [trigger_from(one).words for one in version.triggers if one.get("kind") in KINDS]
    if version.wait:
        when.append(_waited(version))
    return Said(when, version.text, _does(version), version.stops)


def _waited(version: RuleVersion) -> str:
    try:
        wait = wait_from(version.wait)
    except KeyError:
        return "some time passed"
    hours = session.get(BusinessHours, wait.hours_id) if wait and wait.hours_id else None
    return wait.words(hours.name if hours else "") if wait else ""


def _does(version: RuleVersion) -> list[str]:
    try:
        return described(read(version.changes, by_person=False, checked=False))
    except ChangesInvalid as error:
        return [f"not finished: {error.message}"]


@dataclass(frozen=True)
class Preview:
    """What a rule would mean now; `error` says why nobody can tell."""

    held: str = ""
    does: Sequence[str] = ()
    error: str = ""


def preview(version: RuleVersion, viewer: Account) -> Preview:
    """How many tickets fulfil it now, as far as `viewer` sees them, and what would become of
    them. The version need not be stored."""
    try:
        held = fulfilling(version, viewer)
    except HelpdeskError as error:
        return Preview(error=error.message)
    return Preview(str(held) if held < CAP else "More than 999", _does(version))


def all_hours() -> Sequence[BusinessHours]:
    """In which a rule can count time, by name."""
    return session.scalars(select(BusinessHours).order_by(BusinessHours.name)).all()


@dataclass(frozen=True)
class Choice:
    """What a rule may listen to, with the field of what it was and is, and what can stand there."""

    key: str
    words: str
    before: str
    after: str
    hint: str


def choices() -> list[Choice]:
    """Everything that a rule may listen to."""
    return [
        Choice(kind.key, kind.words, kind.before, kind.after, _hint(kind.of))
        for kind in KINDS.values()
    ]


def _hint(of: str) -> str:
    if of == "target":
        return ", ".join(TARGETS.values())
    words = BY_NAME[of].words if of in BY_NAME else ()
    shown = {"team": "a team, none", "assignee": "a name, none", "tag": "a tag, another"}
    return shown.get(of, ", ".join(word for word in words if word != "none"))
