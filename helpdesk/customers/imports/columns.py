"""What columns a table of each kind may have, and the names people give them."""

from collections.abc import Mapping

Columns = Mapping[str, tuple[str, ...]]

CUSTOMERS: Columns = {
    "email": ("e-mail", "e mail", "mail", "email address", "address"),
    "name": ("customer", "full name", "contact"),
    "organization": ("company", "organisation", "account"),
    "domain": ("company domain",),
    "phone": ("telephone", "tel", "phones"),
    "mobile": ("mobile phone", "cell", "cell phone"),
    "handles": ("handle", "social", "messengers"),
    "language": ("locale",),
    "time_zone": ("timezone", "time zone"),
    "tier": ("plan", "segment"),
    "customer_since": ("since", "customer since", "start date"),
    "lost_on": ("lost", "churned", "end date", "lost on"),
    "contract_value": ("value", "contract", "contract value", "arr"),
    "renews_on": ("renewal", "renewal date", "renews on"),
}
ORGANIZATIONS: Columns = {
    "organization": ("name", "company", "organisation", "account"),
    "domain": ("company domain", "website"),
    "contract_value": CUSTOMERS["contract_value"],
    "renews_on": CUSTOMERS["renews_on"],
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
