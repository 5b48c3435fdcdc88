"""What columns a table of each kind may have, and the names people give them."""

from collections.abc import Mapping

Columns = Mapping[str, tuple[str, ...]]

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
