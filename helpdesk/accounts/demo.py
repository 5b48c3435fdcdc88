"""The people whom a demo lets one be with a single press."""

from helpdesk.accounts.models import Account
from helpdesk.accounts.queries import account_at

DEMO_CUSTOMER = "rosa.lindt@harbor-coffee.example"
DEMO_AGENT = "mika@acorn-payroll.example"
DEMO_MANAGER = "nora@acorn-payroll.example"

PEOPLE = {"customer": DEMO_CUSTOMER, "agent": DEMO_AGENT, "manager": DEMO_MANAGER}


def demo_account(role: str) -> Account | None:
    """The demo's customer, agent or manager, when the demo's data is there."""
    return account_at(PEOPLE[role]) if role in PEOPLE else None


def demo_people() -> list[tuple[str, Account]]:
    """Everybody one can be, by role."""
    found = [(role, demo_account(role)) for role in PEOPLE]
    return [(role, account) for role, account in found if account is not None]
