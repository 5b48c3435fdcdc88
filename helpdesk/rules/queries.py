"""Questions about rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import is_id
from helpdesk.core.paging import CAP
from helpdesk.rules.models import Outcome, Rule, RuleDecision, RuleVersion, State
from helpdesk.rules.waiting import LASTING, hours_of, lasts, wait_from
from helpdesk.tickets.filters import parse
from helpdesk.tickets.models import Ticket


def rules_in_order() -> Sequence[Rule]:
    """All that were not removed."""
    statement = select(Rule).where(Rule.state != State.REMOVED)
    return session.scalars(statement.order_by(Rule.place, Rule.id)).all()


def rule_by_id(rule_id: int, *, to_change: bool = False, removed: bool = False) -> Rule:
    """Raises NotFound for one that is not there; also for a removed one, unless `removed`."""
    statement = select(Rule).where(Rule.id == rule_id)
    if not removed:
        statement = statement.where(Rule.state != State.REMOVED)
    if to_change:
        statement = statement.with_for_update()
    rule = session.scalar(statement) if is_id(rule_id) else None
    if rule is None:
        raise NotFound("There is no such rule (any more).")
    return rule


def version_of(rule: Rule) -> RuleVersion:
    """The one that counts."""
    return session.get_one(RuleVersion, rule.version_id)


def newest_versions(rules: Sequence[Rule]) -> Mapping[int, RuleVersion]:
    """The versions that count, by rule."""
    ids = [rule.version_id for rule in rules]
    found = session.scalars(select(RuleVersion).where(RuleVersion.id.in_(ids)))
    return {version.rule_id: version for version in found}


def versions_of(rule: Rule) -> Sequence[RuleVersion]:
    """All of them, newest first, with who saved them."""
    statement = (
        select(RuleVersion)
        .where(RuleVersion.rule_id == rule.id)
        .options(joinedload(RuleVersion.saved_by))
        .order_by(RuleVersion.number.desc())
        .limit(100)
    )
    return session.scalars(statement).all()


def version_numbered(rule_id: int, number: int) -> RuleVersion:
    """What a rule said then, also when it is gone. Raises NotFound."""
    statement = select(RuleVersion).where(
        RuleVersion.rule_id == rule_id, RuleVersion.number == number
    )
    known = is_id(rule_id) and 0 < number < 2**31
    version = session.scalar(statement) if known else None
    if version is None:
        raise NotFound("There is no such version.")
    return version


def acted_since(since: datetime) -> Mapping[int, int]:
    """How often each rule acted since then."""
    statement = (
        select(RuleDecision.rule_id, func.count().label("times"))
        .where(RuleDecision.at >= since, RuleDecision.outcome == Outcome.DONE)
        .group_by(RuleDecision.rule_id)
    )
    return {row.rule_id: row.times for row in ask(statement)}


def fulfilling(version: RuleVersion, viewer: Account) -> int:
    """How many tickets that `viewer` may see fulfil it now, counted no further than CAP; of a rule
    about time, those that have waited long enough. Raises FilterError, Invalid."""
    wanted = parse(version.text)
    wait = wait_from(version.wait)
    if wait is None:
        found = select(Ticket.id)
    else:
        hours, _ = hours_of(wait)
        kind = LASTING[wait.kind]
        found = (
            lasts(kind).where(kind.since <= wait.edge(now(), hours)).with_only_columns(Ticket.id)
        )
    conditions = [*wanted.conditions(None), *parse("").where(viewer)]
    limited = found.where(*conditions).limit(CAP).subquery()
    return session.scalar(select(func.count()).select_from(limited)) or 0
