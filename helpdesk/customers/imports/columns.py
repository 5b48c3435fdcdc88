"""What columns a table of each kind may have, and the names people give them."""

import re
from collections.abc import Mapping, Sequence

from helpdesk.customers.fields import PREFIX, RecordField

Columns = Mapping[str, tuple[str, ...]]


def of_fields(fields: Sequence[RecordField]) -> Columns:
    """Fields that administrators made: `field.seats`, `seats`, or what the field is called."""
    return {
        f"{PREFIX}{one.key}": (
            _plain(f"{PREFIX}{one.key}"),
            *dict.fromkeys((one.key, _plain(one.label))),
        )
        for one in fields
    }


def _plain(name: str) -> str:
    return re.sub(r"[\s_.-]+", " ", name).strip().lower()


CUSTOMERS: Columns = {
    "email": ("e-mail", "e mail", "mail", "email address", "address"),
    "name": ("customer", "full name", "contact"),
    "organization": ("company", "organisation", "account"),
    "domain": ("company domain", "domains"),
    "phone": ("telephone", "tel", "phones"),
    "mobile": ("mobile phone", "cell", "cell phone"),
    "handles": ("handle", "social", "messengers"),
    "language": ("locale",),
    "time_zone": ("timezone", "time zone"),
    "channel": ("preferred channel", "contact by"),
    "marketing": ("newsletter", "marketing consent", "opt in"),
    "tier": ("plan", "segment"),
    "customer_since": ("since", "customer since", "start date"),
    "lost_on": ("lost", "churned", "end date", "lost on"),
    "contract_value": ("value", "contract", "contract value", "arr"),
    "contract_amount": ("agreed", "agreed amount"),
    "contract_currency": ("contract currency",),
    "contract_since": ("contract start", "contract begin"),
    "renews_on": ("renewal", "renewal date", "renews on"),
}
_AGREED = ("contract_amount", "contract_currency", "contract_since")
_CONTRACT = ("contract_value", *_AGREED, "renews_on")
ORGANIZATIONS: Columns = {
    "organization": ("name", "company", "organisation", "account"),
    "domain": ("company domain", "domains", "website"),
    **{name: CUSTOMERS[name] for name in _CONTRACT},
    "owner": ("account manager", "account owner"),
}
ORDERS: Columns = {
    "email": CUSTOMERS["email"],
    "reference": ("order", "order id", "id", "number", "invoice"),
    "ordered_at": ("date", "ordered", "ordered at", "order date"),
    "amount": ("total", "sum", "price"),
    "currency": (),
    "item": ("product", "description"),
}
OUTCOMES: Columns = {
    "email": CUSTOMERS["email"],
    "lost_on": ("lost", "churned", "end date", "lost on", "left on", "date"),
    "outcome": ("churn", "status", "left", "result"),
}
