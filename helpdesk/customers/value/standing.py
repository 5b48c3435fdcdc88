"""What customers are worth, worked out by a job and kept, because fitting the law of buying to
everybody takes longer than anybody waits for a page."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from helpdesk.core.clock import now
from helpdesk.core.db import Id, Model, session
from helpdesk.customers.value.staying import Cohort, Forecast
from helpdesk.customers.value.worth import Summary, Worth

ONE = 1


class WorthSummary(Model):
    """The crowd as it was when it was last worked out; there is one."""

    __tablename__ = "worth_summary"
    id: Mapped[Id]
    made_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]


def keep(found: Summary) -> None:
    """This holds from now on."""
    kept = session.get(WorthSummary, ONE) or WorthSummary(id=ONE)
    kept.made_at, kept.data = now(), _plain(asdict(found))
    session.add(kept)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def kept_summary() -> tuple[Summary, datetime] | None:
    """What was worked out last, and when; None before the first time."""
    kept = session.scalar(select(WorthSummary).where(WorthSummary.id == ONE))
    if kept is None:
        return None
    data = dict(kept.data)
    data["customers"] = [_worth(one) for one in data["customers"]]
    data["cohorts"] = [_cohort(one) for one in data["cohorts"]]
    coming = data["coming_month"]
    data["coming_month"] = Forecast(**coming) if coming else None
    return Summary(**data), kept.made_at


def _worth(one: dict[str, Any]) -> Worth:
    last, spent = datetime.fromisoformat(one["last"]), Decimal(one["spent"])
    return Worth(**(one | {"last": last, "spent": spent}))


def _cohort(one: dict[str, Any]) -> Cohort:
    return Cohort(date.fromisoformat(one["month"]), one["size"], tuple(one["present"]))
