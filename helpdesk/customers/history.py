"""What records said before they were corrected, and since when they say what they say.

A question about the past ("what did we know on the first of March?") is answered by what stood
there then: the value before the first correction that was recorded later. Also the proof of
consent.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import BIG_ID, Id, Model, session
from helpdesk.customers.models import Channel, Customer, Order, Organization, SurveyPreference

Record = Customer | Organization | Order
Value = str | int | float | bool | date | datetime | Decimal | StrEnum | None


class Correction(Model):
    """A field of a record said `before` until `recorded_at`, and `after` since."""

    __tablename__ = "correction"
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    """customer, organization or order."""
    subject_id: Mapped[int] = mapped_column(BIG_ID)
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[str | None]
    after: Mapped[str | None]
    recorded_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    source: Mapped[str | None] = mapped_column(String(20))
    """Where it came from, such as portal, import or merge; None where nobody said."""
    proof: Mapped[str | None]
    """How whoever wrote it down knows, in words."""

    by: Mapped[Account | None] = relationship()

    __table_args__ = (Index("ix_correction_subject", "kind", "subject_id", "recorded_at"),)


KINDS: Mapping[type[Model], str] = {
    Customer: "customer",
    Organization: "organization",
    Order: "order",
}


def change(
    record: Record,
    values: Mapping[str, Value],
    *,
    by: Account | None,
    source: str | None = None,
    proof: str | None = None,
) -> list[str]:
    """Set fields and keep what they said, where the news came from, and how one knows; gives back
    the names of those that changed."""
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    if changed and record in session.new:
        session.flush()  # so that it has an id
    for name in changed:
        before, after = getattr(record, name), values[name]
        setattr(record, name, after)
        note(record, name, before, after, by=by, source=source, proof=proof)
    return changed


def note(
    record: Record,
    field: str,
    before: Value,
    after: Value,
    *,
    by: Account | None,
    source: str | None = None,
    proof: str | None = None,
) -> None:
    """Keep what a field said before, and what it says since now."""
    session.add(
        Correction(
            kind=KINDS[type(record)],
            subject_id=record.id,
            field=field,
            before=as_text(before),
            after=as_text(after),
            recorded_at=now(),
            by_id=by.id if by else None,
            source=source,
            proof=proof,
        )
    )


def as_text(value: Value) -> str | None:
    """A value as it is kept: moments and days in ISO form, sums with two decimals."""
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


_KINDS_OF_VALUE: tuple[tuple[Callable[[str], Value], frozenset[str]], ...] = (
    (date.fromisoformat, frozenset(("customer_since", "lost_on", "renews_on", "contract_since"))),
    (datetime.fromisoformat, frozenset(("survey_paused_until", "surveyed_at", "ordered_at"))),
    (Decimal, frozenset(("amount", "contract_value", "contract_amount"))),
    (SurveyPreference, frozenset(("survey_preference",))),
    (Channel, frozenset(("channel",))),
    (lambda text: text == "True", frozenset(("is_primary", "marketing"))),
    (int, frozenset(("organization_id", "account_id", "owner_id"))),
)


def from_text(field: str, text: str | None) -> Value:
    """A value as its column has it, from the text in which `as_text` keeps it."""
    if text is None:
        return None
    for read, fields in _KINDS_OF_VALUE:
        if field in fields:
            return read(text)
    return text


def said_at(
    kind: str, subject_ids: Iterable[int], fields: Sequence[str], at: datetime
) -> dict[tuple[int, str], str | None]:
    """What fields said at `at`, by id and field, as text; only those that changed since."""
    ids = list(subject_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(Correction.subject_id, Correction.field, Correction.before)
        .where(
            Correction.kind == kind,
            Correction.subject_id.in_(ids),
            Correction.field.in_(fields),
            Correction.recorded_at > at,
        )
        .order_by(Correction.recorded_at.desc(), Correction.id.desc())
    )
    return {(subject_id, field): before for subject_id, field, before in rows}


def corrections_of(
    kind: str, subject_id: int, fields: Sequence[str] = (), limit: int = 100
) -> list[Correction]:
    """How a record came to say what it says, latest first."""
    return corrections_of_all(kind, (subject_id,), fields, limit)


def corrections_of_all(
    kind: str, subject_ids: Collection[int], fields: Sequence[str] = (), limit: int = 100
) -> list[Correction]:
    """The same of several records, such as those that were merged into one."""
    statement = (
        select(Correction)
        .where(Correction.kind == kind, Correction.subject_id.in_(subject_ids))
        .options(joinedload(Correction.by))
    )
    if fields:
        statement = statement.where(Correction.field.in_(fields))
    latest = (Correction.recorded_at.desc(), Correction.id.desc())
    return list(session.scalars(statement.order_by(*latest).limit(limit)))
