"""What the demo's staff do the same way each time: the macros they keep, and the rules that were
written two weeks ago."""

from collections.abc import Mapping
from datetime import timedelta

from helpdesk.accounts.models import Account
from helpdesk.accounts.queries import account_at
from helpdesk.cli.seed.company import DOMAIN
from helpdesk.desk.macros.actions import Wish, save_macro
from helpdesk.rules.actions import save
from helpdesk.rules.wording import Heard, Typed

SINCE = timedelta(days=14)

MACROS = (
    Wish(
        "We are looking into it",
        "looking",
        {
            "do-reply": "Hello {{customer.first_name|there}},\n\nthank you for telling us. I am"
            " looking into it and will write again today.\n\n{{agent.first_name}}"
        },
        for_everybody=True,
    ),
    Wish(
        "Ask for a screenshot",
        "screenshot",
        {
            "do-reply": "Hello {{customer.first_name|there}},\n\ncould you send us a picture of"
            " what you see? Please leave out names and salaries.\n\n{{agent.first_name}}",
            "do-status": "pending",
        },
        for_everybody=True,
    ),
    Wish(
        "Hand over to Technical",
        "technical",
        {
            "do-team": "Technical",
            "do-note": "Looked at it; this is not about an invoice.",
            "do-assignee": "nobody",
        },
        for_everybody=True,
    ),
)
RULES = (
    Typed(
        "A late answer is urgent",
        {"sla_breached": Heard()},
        text="priority<urgent",
        changes={"do-priority": "urgent"},
    ),
    Typed(
        "Somebody who may leave is answered first",
        {"filed": Heard(), "customer_wrote": Heard()},
        text="flag:churn priority<high",
        changes={
            "do-priority": "high",
            "do-note": "This customer may leave. Their record says why.",
        },
    ),
    Typed(
        "A low rating is read by somebody",
        {"survey_low": Heard()},
        changes={"do-add_tags": "low-rating"},
    ),
)


def administrator() -> Account:
    """Who arranges things in the demo."""
    ada = account_at(f"ada@{DOMAIN}")
    if ada is None:
        raise LookupError("The demo has no administrator.")
    return ada


def settle_routine(teams: Mapping[str, int]) -> None:
    """Write the macros and rules down, as the administrator who did."""
    ada = administrator()
    for wish in MACROS:
        save_macro(_with_numbers(wish, teams), by=ada)
    for typed in RULES:
        save(typed, None, by=ada, on=True)


def _with_numbers(wish: Wish, teams: Mapping[str, int]) -> Wish:
    changes = dict(wish.changes)
    if team := changes.get("do-team"):
        changes["do-team"] = str(teams[team])
    return Wish(wish.name, wish.shortcut, changes, wish.teams, wish.for_everybody)
