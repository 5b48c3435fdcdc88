"""Which question follows a resolution, when, and how: the rules, and what is being tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.customers.models import Customer
from helpdesk.surveys import experiments, policies, timing
from helpdesk.surveys.models import Channel, Experiment, Kind, Survey, SurveyRule
from helpdesk.surveys.questions import TITLES, survey_in_use, survey_titled
from helpdesk.tickets.models import Ticket


@dataclass(frozen=True)
class Plan:
    """How one customer is asked about one ticket; no survey where no rule wants it."""

    survey: Survey | None
    rule: SurveyRule | None
    send_at: datetime
    channel: Channel = Channel.MAIL
    experiment: Experiment | None = None
    arm: str | None = None


def plan_for(ticket: Ticket, resolved_at: datetime) -> Plan:
    """The first rule that fits decides; without any rule everybody is asked the house's question.
    A running experiment may change what the rule says."""
    rules = rules_in_force()
    rule = next((rule for rule in rules if fits(rule, ticket)), None)
    title = (rule.title if rule else None) if rules else TITLES[Kind.CSAT]
    survey = survey_titled(title) if title else None
    if survey is None:
        return Plan(None, rule, resolved_at)
    return _tried(survey, rule, ticket.customer, resolved_at)


def _tried(
    survey: Survey, rule: SurveyRule | None, customer: Customer, resolved_at: datetime
) -> Plan:
    experiment = experiments.running_about(survey.title)
    arm = experiments.arm_of(experiment, customer.id) if experiment else None
    delay = arm.delay if arm and arm.delay is not None else _delay_of(rule)
    business = rule is not None and rule.business_hours
    held = policies.policy()
    return Plan(
        (experiments.version_of(arm) if arm else None) or survey,
        rule,
        timing.moment_after(resolved_at, delay, business, customer, held),
        arm.channel if arm else Channel.MAIL,
        experiment,
        arm.name if arm else None,
    )


def _delay_of(rule: SurveyRule | None) -> timedelta:
    if rule is None or rule.delay_hours is None:
        return timedelta(seconds=settings().survey_delay_seconds)
    return timedelta(hours=rule.delay_hours)


def rules_in_force() -> Sequence[SurveyRule]:
    """Active rules in the order in which they are tried."""
    statement = select(SurveyRule).where(SurveyRule.active)
    return session.scalars(statement.order_by(SurveyRule.position, SurveyRule.id)).all()


def fits(rule: SurveyRule, ticket: Ticket) -> bool:
    """Whether a ticket meets every condition of a rule."""
    return (
        (rule.team_id is None or rule.team_id == ticket.team_id)
        and (rule.organization_id is None or rule.organization_id == ticket.organization_id)
        and (rule.tag is None or rule.tag in {tag.name for tag in ticket.tags})
        and (not rule.first_contact or _is_first(ticket))
    )


def _is_first(ticket: Ticket) -> bool:
    earlier = select(Ticket.id).where(
        Ticket.customer_id == ticket.customer_id, Ticket.id < ticket.id
    )
    return not session.scalar(select(earlier.exists()))


def about_us() -> Survey:
    """The question that goes to everybody in their turn."""
    return survey_in_use(Kind.NPS)
