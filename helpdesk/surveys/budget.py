"""How often people may be asked: so many times in so many days, each person and each organization,
and the question about us as a whole before those about tickets."""

from helpdesk.surveys.facts import Facts
from helpdesk.surveys.models import Kind
from helpdesk.surveys.reasons import Reason


def reason_against(facts: Facts, kind: Kind) -> Reason | None:
    """The reason not to send a survey of that kind to this customer, if there is one."""
    customer, spent, held = facts.customer, facts.spent, facts.policy
    if spent.people[customer.id] >= held.person_most:
        return Reason.PERSON_BUDGET
    organization = customer.organization_id
    if organization is not None and spent.organizations[organization] >= held.organization_most:
        return Reason.ORGANIZATION_BUDGET
    if kind is not Kind.NPS and customer.id in spent.nps_waits:
        return Reason.NPS_FIRST
    return None
