"""The facts about customers at one moment, read for many of them in a handful of questions.

One path for today, for history and for the backtest: see `past` for what counts as known.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from helpdesk.churn import care, past
from helpdesk.churn.belonging import belonging
from helpdesk.churn.care import QUARTER, Care
from helpdesk.churn.facts import Facts
from helpdesk.churn.past import Answer, Contact, Purchase, Standing
from helpdesk.surveys.models import Kind

WEIGHT_OF_LAST = 0.3
"""Of each further message in the exponentially weighted mean of tone."""
MONTH = timedelta(days=30)
YEAR = timedelta(days=365)


def facts_of(customer_ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    """What was known at `at` about each of these customers who were on record then."""
    whose = belonging(customer_ids, at)
    standings = past.standings(sorted(whose.wanted), at)
    contacts, answers = past.contacts(whose, at), past.answers(whose, at)
    purchases = past.purchases(whose, at)
    cared, problems = care.care(whose, at), care.open_tickets(whose, at)
    return {
        customer_id: _facts(
            at,
            contacts.get(customer_id, []),
            answers.get(customer_id, []),
            purchases.get(customer_id, []),
            cared.get(customer_id) or Care(),
            problems.get(customer_id, []),
            standing,
        )
        for customer_id, standing in standings.items()
    }


def tone(polarities: Iterable[float]) -> float | None:
    """The exponentially weighted mean of the tone of messages, oldest first; None without any."""
    mean: float | None = None
    for polarity in polarities:
        mean = polarity if mean is None else mean + WEIGHT_OF_LAST * (polarity - mean)
    return mean


def _facts(
    at: datetime,
    contacts: list[Contact],
    answers: list[Answer],
    orders: list[Purchase],
    cared: Care,
    open_tickets: list[int],
    standing: Standing,
) -> Facts:
    tenure_days = _days(standing.since, at.date())
    csat = [answer for answer in answers if answer.kind is Kind.CSAT]
    nps = [answer for answer in answers if answer.kind is Kind.NPS]
    recent = [contact for contact in contacts if contact.at > at - MONTH]
    scored = [contact for contact in contacts if contact.polarity is not None]
    now_tone, tone_before = _tone_until(scored, at), _tone_until(scored, at - MONTH)
    signs = sorted(sign.at for signs in (contacts, answers, orders) for sign in signs)
    cancelling, escalating = _with(contacts, "cancellation", at), _with(contacts, "escalation", at)
    return Facts(
        last_csat=csat[-1].score if csat else None,
        last_nps=nps[-1].score if nps else None,
        nps_before=nps[-2].score if len(nps) > 1 else None,
        contacts_30d=len(recent),
        usual_contacts_30d=_usual(contacts, at, tenure_days),
        reopened_90d=len(cared.reopened),
        sla_missed=bool(cared.missed) if cared.promised else None,
        escalations_90d=len(escalating),
        sentiment=now_tone,
        sentiment_n=len(scored),
        sentiment_change=_change(now_tone, tone_before),
        silent_days=(at - signs[-1]).total_seconds() / 86400 if signs else None,
        usual_gap_days=_usual_gap(signs),
        cancellations_90d=len(cancelling),
        days_to_renewal=_until(standing.renews_on, at.date()),
        open_problems=len(open_tickets),
        tenure_days=tenure_days,
        worth_a_year=_worth(standing, orders, at),
        evidence={
            "last_csat": _tickets(csat[-1:]),
            "contacts_30d": _distinct(c.ticket_id for c in recent),
            "reopened_90d": _distinct(cared.reopened),
            "sla_missed": _distinct(cared.missed),
            "escalations_90d": _distinct(c.ticket_id for c in escalating),
            "cancellations_90d": _distinct(c.ticket_id for c in cancelling),
            "sentiment": _distinct(c.ticket_id for c in scored[-3:]),
            "open_problems": tuple(open_tickets),
        },
    )


def _tone_until(scored: list[Contact], moment: datetime) -> float | None:
    return tone(c.polarity for c in scored if c.at <= moment and c.polarity is not None)


def _change(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _with(contacts: list[Contact], signal: str, at: datetime) -> list[Contact]:
    return [c for c in contacts if c.at > at - QUARTER and signal in c.signals]


def _usual(contacts: list[Contact], at: datetime, tenure_days: int) -> float | None:
    """Mean contacts in the earlier spans of 30 days, up to a year back; None before 60 days."""
    spans = min(tenure_days, 365) // 30 - 1
    if spans < 1:
        return None
    start = at - MONTH * (spans + 1)
    return sum(start < c.at <= at - MONTH for c in contacts) / spans


def _usual_gap(signs: list[datetime]) -> float | None:
    """Median days between signs of life on different days; None with fewer than three gaps."""
    days = sorted({sign.date() for sign in signs})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return median(gaps) if len(gaps) >= 3 else None


def _tickets(answers: list[Answer]) -> tuple[int, ...]:
    return tuple(a.ticket_id for a in answers if a.ticket_id is not None)


def _distinct(ticket_ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(ticket_ids))


def _days(since: date, today: date) -> int:
    return max((today - since).days, 0)


def _until(renews: date | None, today: date) -> int | None:
    return (renews - today).days if renews else None


def _worth(standing: Standing, orders: list[Purchase], at: datetime) -> float | None:
    """What they are worth a year: the contract, else what they ordered in the last 365 days."""
    if standing.contract_value is not None:
        return float(standing.contract_value)
    return float(sum(one.amount for one in orders if one.at > at - YEAR)) if orders else None
