"""Phones and handles: how else than by mail a person is reached."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.core.clock import now
from helpdesk.core.db import Id, Model
from helpdesk.core.errors import Invalid
from helpdesk.core.prefix import BYTEWISE
from helpdesk.core.text import one_line

SHORTEST_PHONE, PHONE_END = 7, 9
"""Digits that a number needs, and the last ones that are compared: prefixes are written in many
ways."""
LONGEST_POINT, LONGEST_LABEL = 80, 40


class PointKind(StrEnum):
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    SIGNAL = "signal"
    TELEGRAM = "telegram"
    X = "x"
    MASTODON = "mastodon"
    LINKEDIN = "linkedin"
    OTHER = "other"

    @property
    def is_number(self) -> bool:
        """Whether it may be a phone number."""
        return self in (PointKind.PHONE, PointKind.WHATSAPP, PointKind.SIGNAL)


KIND_WORDS = {
    PointKind.PHONE: "Phone",
    PointKind.WHATSAPP: "WhatsApp",
    PointKind.SIGNAL: "Signal",
    PointKind.TELEGRAM: "Telegram",
    PointKind.X: "X",
    PointKind.MASTODON: "Mastodon",
    PointKind.LINKEDIN: "LinkedIn",
    PointKind.OTHER: "Other",
}


class ContactPoint(Model):
    """A phone number or a handle of a customer, as it was written; several people may share one."""

    __tablename__ = "contact_point"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    kind: Mapped[PointKind]
    value: Mapped[str]
    key: Mapped[str] = mapped_column(BYTEWISE, index=True)
    """What it is known by: the digits of a number, a handle in lower case without its @."""
    tail: Mapped[str | None] = mapped_column(String(PHONE_END), index=True)
    """The end of a number, by which it is the same however its prefix is written."""
    label: Mapped[str] = mapped_column(default="")
    """Such as work or mobile."""
    is_primary: Mapped[bool] = mapped_column(default=False)
    """Of phones: the number to call."""
    verified_at: Mapped[datetime | None]
    """When one of us last reached the person there."""
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("customer_id", "kind", "key"),)

    def __str__(self) -> str:
        named = f"{KIND_WORDS[self.kind]}: {self.value}"
        return f"{named} ({self.label})" if self.label else named


def phone_key(text: str | None) -> str:
    """The end of a phone number by which it is recognised, or nothing."""
    digits = _digits(text or "")
    return digits[-PHONE_END:] if len(digits) >= SHORTEST_PHONE else ""


def key_of(kind: PointKind, value: str) -> str:
    """What a number or handle of this kind is known by."""
    digits = _digits(value).removeprefix("00")
    if kind is PointKind.PHONE or (kind.is_number and not any(c.isalpha() for c in value)):
        return digits or value.lower()
    return value.lower().removeprefix("@")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def point(kind: PointKind, text: str, label: str = "") -> ContactPoint:
    """One that is nobody's yet. Raises Invalid for what cannot be one."""
    value = one_line(text)
    if not 1 <= len(value) <= LONGEST_POINT:
        raise Invalid(f"A phone number or handle has 1 to {LONGEST_POINT} characters.")
    if kind is PointKind.PHONE and not _digits(value):
        raise Invalid(f"“{value[:40]}” is no phone number.")
    made = ContactPoint(kind=kind, label=one_line(label, LONGEST_LABEL), created_at=now())
    _set(made, value)
    return made


def _set(made: ContactPoint, value: str) -> None:
    made.value, made.key = value, key_of(made.kind, value)
    made.tail = (phone_key(value) or None) if made.kind.is_number else None


def to_call(points: Sequence[ContactPoint]) -> ContactPoint | None:
    """The phone to call: the primary one, else the first; None where there is no phone."""
    phones = [one for one in points if one.kind is PointKind.PHONE]
    return next((one for one in phones if one.is_primary), phones[0] if phones else None)


def call(points: list[ContactPoint], number: str | None) -> None:
    """Let `number` be the one to call: it takes the place of the one before, or nobody does.

    Raises Invalid for what is no phone number.
    """
    before = to_call(points)
    if not number:
        if before is not None:
            points.remove(before)
        return
    wanted = point(PointKind.PHONE, number)
    known = next((o for o in points if o.kind is wanted.kind and o.key == wanted.key), None)
    if known is not None:
        known.value = wanted.value
        make_primary(points, known)
    elif before is None:
        points.append(wanted)
        make_primary(points, wanted)
    else:
        _set(before, wanted.value)
        before.verified_at = None
        make_primary(points, before)


def make_primary(points: Sequence[ContactPoint], chosen: ContactPoint) -> None:
    """The one to call is `chosen` from now on."""
    for one in points:
        if one.kind is PointKind.PHONE:
            one.is_primary = one is chosen
