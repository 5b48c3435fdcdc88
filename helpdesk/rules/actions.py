"""What managers do with rules."""

from sqlalchemy import func, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Forbidden, Invalid
from helpdesk.core.journal import record
from helpdesk.core.text import clean, one_line
from helpdesk.rules.events import RuleMoved, RuleSaved, RuleSwitched
from helpdesk.rules.models import Rule, RuleVersion, State
from helpdesk.rules.queries import rules_in_order, version_of
from helpdesk.rules.wording import LONGEST_NAME, Typed, Understood, typed_of, understood

MOST_RULES = 300


class Wrong(Invalid):
    """It cannot be switched on as it is; `wrong` says why, by part."""

    def __init__(self, found: Understood) -> None:
        super().__init__(" ".join(dict.fromkeys(e.message for e in found.wrong.values())))
        self.wrong = found.wrong


def save(
    typed: Typed, rule: Rule | None, *, by: Account, seen: int | None = None, on: bool | None = None
) -> Rule:
    """A new rule, behind all others, or another version of one. `on` switches it on or off as well;
    None leaves it as it is. What is on must be understood; anything else is kept as it was typed.

    `seen` is the version that somebody had before their eyes. Raises Conflict when there is another
    one by now, Wrong for what cannot be on, Invalid for a name that is none, Forbidden where an
    administrator has to do it.
    """
    found = understood(typed)
    if "name" in found.wrong and not one_line(typed.name):
        raise Wrong(Understood(wrong={"name": found.wrong["name"]}))
    if rule is not None and seen is not None and rule.version_id != seen:
        raise Conflict("Somebody changed this rule while you did. Your text is kept below.")
    will_be_on = on or (on is None and rule is not None and rule.state is State.ON)
    if will_be_on and found.wrong:
        raise Wrong(found)
    if rule is None:
        rule = _new_rule()
    _require_right(rule, by)
    _keep(rule, typed, found, by)
    if on is not None:
        switch(rule, on=on, by=by, checked=True)
    return rule


def _new_rule() -> Rule:
    known = rules_in_order()
    if len(known) >= MOST_RULES:
        raise Invalid(f"{MOST_RULES} rules are more than anybody understands. Remove one first.")
    place = max((one.place for one in known), default=0) + 1
    rule = Rule(place=place, state=State.DRAFT, created_at=now())
    session.add(rule)
    session.flush()
    return rule


def _require_right(rule: Rule, by: Account) -> None:
    """What an administrator let reach into restricted teams, a manager does not rewrite."""
    version = version_of(rule) if rule.version_id else None
    if version is not None and version.everywhere and not by.is_admin:
        raise Forbidden(
            "An administrator wrote this rule, and it reaches the tickets of restricted teams."
            " Ask them to change it, or write one of your own."
        )


def _keep(rule: Rule, typed: Typed, found: Understood, by: Account) -> None:
    last = select(func.max(RuleVersion.number)).where(RuleVersion.rule_id == rule.id)
    version = RuleVersion(
        rule_id=rule.id,
        number=(session.scalar(last) or 0) + 1,
        name=one_line(typed.name, LONGEST_NAME),
        triggers=found.triggers,
        wait=found.wait,
        text=clean(found.text),
        changes=found.changes,
        stops=typed.stops,
        everywhere=by.is_admin,
        saved_at=now(),
        saved_by_id=by.id,
    )
    session.add(version)
    session.flush()
    rule.version_id, rule.looked_at, rule.looked_id = version.id, None, None
    _mend(rule)
    record(RuleSaved(rule.id, version.name, version.number), by=by)


def _mend(rule: Rule) -> None:
    rule.failures, rule.error, rule.parked_at = 0, None, None


def switch(rule: Rule, *, on: bool, by: Account, checked: bool = False) -> None:
    """Let it work, or no longer; a parked one is taken up again. Twice is harmless.

    Raises Wrong for one that cannot be understood, Forbidden, Conflict for one that was removed.
    """
    if rule.state is State.REMOVED:
        raise Conflict("This rule was removed.")
    _require_right(rule, by)
    version = version_of(rule)
    if on and not checked and (found := understood(typed_of(version))).wrong:
        raise Wrong(found)
    before, after = rule.state, State.ON if on else State.OFF
    if before is State.DRAFT and not on:
        return
    was_parked = rule.parked_at is not None
    if on:
        _mend(rule)
    rule.state = after
    if before is not after or (was_parked and on):
        record(RuleSwitched(rule.id, version.name, before, after), by=by)


def move(rule: Rule, *, up: bool, by: Account) -> None:
    """One place earlier or later; at an end nothing happens."""
    rules = list(rules_in_order())
    at = rules.index(rule)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rules):
        return
    rules.insert(to, rules.pop(at))
    before = rule.place
    for place, one in enumerate(rules, 1):
        one.place = place
    record(RuleMoved(rule.id, version_of(rule).name, before, rule.place), by=by)


def remove(rule: Rule, *, by: Account) -> None:
    """Nobody sees it any more; what it decided, and what it said then, stays. Twice is harmless."""
    if rule.state is State.REMOVED:
        return
    _require_right(rule, by)
    before, rule.state = rule.state, State.REMOVED
    record(RuleSwitched(rule.id, version_of(rule).name, before, State.REMOVED), by=by)
