"""Which question follows which resolution, as managers set it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from helpdesk.accounts.models import Account, Team
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.customers.models import Organization
from helpdesk.surveys.events import SurveyPolicyChanged, SurveyRuleSet
from helpdesk.surveys.models import SurveyPolicy, SurveyRule
from helpdesk.surveys.policies import policy
from helpdesk.surveys.questions import survey_titled

LONGEST_NAME = 80
MOST_DAYS, MOST_TIMES, MOST_HOLDOUT, MOST_HOURS = 365, 20, 50, 24 * 30
SETTINGS = (
    "person_most",
    "person_days",
    "organization_most",
    "organization_days",
    "holdout_percent",
    "reminder_days",
    "send_from",
    "send_until",
    "on_weekends",
    "warm_up_from",
    "warm_up_growth",
    "warm_up_since",
    "colour",
    "logo",
    "logo_type",
)


def change_policy(changes: Mapping[str, Any], *, by: Account) -> SurveyPolicy:
    """Set what holds for all surveys. Raises Invalid for hours that are none."""
    held = policy(to_change=True)
    before = {name: _plain(getattr(held, name)) for name in changes}
    for name, value in changes.items():
        setattr(held, name, value)
    if not 0 <= held.send_from < held.send_until <= 24 * 60:
        raise Invalid("The hours must end after they begin.")
    if held.warm_up_from is not None and held.warm_up_since is None:
        held.warm_up_since = now().date()
    if held.warm_up_from is None:
        held.warm_up_since = None
    after = {name: _plain(getattr(held, name)) for name in changes}
    if before != after:
        record(SurveyPolicyChanged(held.id, before, after), by=by)
    return held


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | str | bool) else str(value)


def all_rules() -> Sequence[SurveyRule]:
    """Every rule in its order, those that are switched off as well."""
    return session.scalars(select(SurveyRule).order_by(SurveyRule.position, SurveyRule.id)).all()


def rule_by_id(number: int) -> SurveyRule:
    """Raises NotFound."""
    found = by_id(SurveyRule, number)
    if found is None:
        raise NotFound("There is no such rule.")
    return found


def set_rule(rule: SurveyRule | None, wanted: Mapping[str, Any], *, by: Account) -> SurveyRule:
    """A new rule at the end, or a changed one. Raises Invalid for a name or a question that there
    is not."""
    name = one_line(str(wanted.get("name", "")), LONGEST_NAME)
    title = wanted.get("title") or None
    if not name:
        raise Invalid("A rule needs a name.")
    if title is not None and survey_titled(str(title)) is None:
        raise Invalid("There is no such question any more.")
    for kind, key in ((Team, "team_id"), (Organization, "organization_id")):
        if wanted.get(key) and session.get(kind, wanted[key]) is None:
            raise Invalid("There is no such team or organization any more.")
    if rule is None:
        last = session.scalar(select(func.max(SurveyRule.position))) or 0
        rule = SurveyRule(position=last + 1, created_at=now(), active=True)
        session.add(rule)
    rule.name, rule.title = name, title
    rule.team_id, rule.organization_id = wanted.get("team_id"), wanted.get("organization_id")
    rule.tag = one_line(str(wanted.get("tag") or "")).lower() or None
    rule.first_contact = bool(wanted.get("first_contact"))
    rule.delay_hours = wanted.get("delay_hours")
    rule.business_hours = bool(wanted.get("business_hours"))
    session.flush()
    record(SurveyRuleSet(rule.id, rule.name, rule.active), by=by)
    return rule


def switch(rule: SurveyRule, active: bool, *, by: Account) -> None:
    """Let it decide, or no more. Twice is harmless."""
    if rule.active is not active:
        rule.active = active
        record(SurveyRuleSet(rule.id, rule.name, active), by=by)


def move_up(rule: SurveyRule, *, by: Account) -> None:
    """Try it before the one above it."""
    order = list(all_rules())
    place = order.index(rule)
    if place:
        order[place - 1], order[place] = order[place], order[place - 1]
        for position, each in enumerate(order, 1):
            each.position = position
        record(SurveyRuleSet(rule.id, rule.name, rule.active), by=by)
