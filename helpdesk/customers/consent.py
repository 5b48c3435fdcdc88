"""What a person allowed and wishes, and the proof of it: who said what, when, and where from.

The proof is the history of the record. Nothing takes a no back but the person, in their own words:
a table cannot, a merge cannot, and one of us must write down how they know.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.customers.addresses import checked_zone
from helpdesk.customers.events import ConsentStated
from helpdesk.customers.history import Correction, Value, change, corrections_of_all
from helpdesk.customers.models import Channel, Customer
from helpdesk.customers.quality.looking import look_again

LONGEST_PROOF = 300
WISHES = ("channel", "language", "time_zone", "marketing")
"""What may be stated; surveys have a verb of their own."""
SHOWN = (*WISHES, "survey_preference", "survey_paused_until")
WORDS = {
    "channel": "Reached by",
    "language": "Language",
    "time_zone": "Time zone",
    "marketing": "Advertising",
    "survey_preference": "Surveys",
    "survey_paused_until": "Surveys paused until",
}
CHANNEL_WORDS = {
    Channel.EMAIL: "E-mail",
    Channel.PHONE: "Phone",
    Channel.MESSENGER: "Messenger",
    Channel.PORTAL: "This site",
}
SOURCE_WORDS = {
    "desk": "written down by us",
    "portal": "on the site, signed in",
    "survey": "on the page of preferences",
    "complaint": "a complaint about a mail",
    "import": "a table",
    "merge": "a merge of two records",
}
VALUE_WORDS = {"True": "allowed", "False": "not allowed", None: "–"}


def state(
    customer: Customer,
    wishes: Mapping[str, Value],
    *,
    by: Account,
    source: str,
    proof: str = "",
) -> list[str]:
    """Keep what they said; gives back the names of what changed.

    Raises Invalid for what cannot be stated, and for leave to advertise that one of us writes down
    without saying how they know.
    """
    if unknown := sorted(set(wishes) - set(WISHES)):
        raise Invalid(f"These are no wishes: {', '.join(unknown)}.")
    wanted, proof = dict(wishes), one_line(proof, LONGEST_PROOF)
    if "time_zone" in wanted:
        wanted["time_zone"] = checked_zone(str(wanted["time_zone"] or ""))
    allows = wanted.get("marketing") is True and customer.marketing is not True
    if allows and by.is_staff and not proof:
        raise Invalid("Write down how you know that they allow advertising.")
    changed = change(customer, wanted, by=by, source=source, proof=proof or None)
    if changed:
        record(ConsentStated(customer.id, changed, source), by=by)
        look_again(customer.id)
    return changed


def stricter(one: bool | None, other: bool | None) -> bool | None:
    """Of two answers about advertising the one that allows less."""
    return False if False in (one, other) else one if other is None else other


def taken_from_table(customer: Customer, facts: Mapping[str, Value]) -> dict[str, Value]:
    """What of a line may be set: a table never turns a no into a yes."""
    if facts.get("marketing") is True and customer.marketing is False:
        return {name: value for name, value in facts.items() if name != "marketing"}
    return dict(facts)


def proof_of(customer: Customer) -> Sequence[Correction]:
    """Every statement there ever was, latest first; of records that were merged into it as well."""
    either = or_(Customer.id == customer.id, Customer.merged_into_id == customer.id)
    ids = session.scalars(select(Customer.id).where(either)).all()
    return corrections_of_all("customer", ids, SHOWN, limit=500)
