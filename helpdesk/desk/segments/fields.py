"""The fields of segments: their names, and what can be said of them."""

from decimal import Decimal, InvalidOperation

from helpdesk.tickets.filters import moments
from helpdesk.tickets.filters.fields import NONE, SENTIMENTS, Field

LONGEST = 120


def _name(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError("No name is that long.")
    return text


def _score(text: str) -> str:
    if text not in {"1", "2", "3", "4", "5"}:
        raise ValueError(f"A rating is 1, 2, 3, 4 or 5, not “{text}”.")
    return text


def _health(text: str) -> str:
    if not (text.isascii() and text.isdigit() and int(text[:4]) <= 100):
        raise ValueError("Health lies between 0 and 100.")
    return str(int(text))


def _sum(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"“{text}” is no sum.") from None
    if not value.is_finite() or abs(value) >= 10**10:
        raise ValueError("No sum is that large.")
    return str(value)


FIELDS = (
    Field("tier", "gold, silver or whatever you call it", "tier:gold", (NONE,), _name),
    Field("health", "0 to 100", "health<40", (NONE,), _health, (), True),
    Field("flag", "may leave", "flag:churn", ("churn", NONE), None, ("churn",)),
    Field("value", "what they ordered, ever", "value>1000", (), _sum, ("spent",), True),
    Field("contract", "what the contract of their organization is worth a year",
          "contract>=5000", (NONE,), _sum, (), True),
    Field("renews", "when that contract ends or renews", "renews:2026-12", (NONE,),
          moments.checked, ("renewal",), True),
    Field("owner", "who of us looks after their organization", "owner:mika", (NONE,), _name),
    Field("contacted", "when they last wrote", "contacted<90d", (NONE,), moments.checked,
          ("wrote",), True),
    Field("organization", "where they are", "organization:acme", (NONE,), _name,
          ("org", "company")),
    Field("language", "what they speak", "language:de", (), _name),
    Field("score", "their last rating", "score<=2", (NONE,), _score, ("csat", "rating"), True),
    Field("sentiment", "how they sound", "sentiment:negative", (*SENTIMENTS, NONE), None,
          ("tone", "mood")),
    Field("channel", "how they wish to be reached", "channel:phone",
          ("email", "phone", "messenger", "portal", NONE)),
    Field("marketing", "whether they allow advertising", "marketing:yes", ("yes", "no", NONE)),
    Field("surveys", "which ones they want", "surveys:none", ("all", "problems", NONE)),
    Field("since", "since when they are customers", "since<2020-01-01", (NONE,),
          moments.checked, (), True),
    Field("left", "when they left", "left:none", (NONE,), moments.checked, ("lost",), True),
    Field("address", "is verified, bounces, or there is none", "address:bounced",
          ("verified", "unverified", "bounced", NONE)),
)  # fmt: skip
BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.aliases)}
