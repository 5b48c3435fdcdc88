"""Every mail is a row before it is sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.core.db import Id, Model


class Delivery(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # claimed by a worker; after its lease the outcome is unknown
    ACCEPTED = "accepted"  # the mail server took it
    BOUNCED = "bounced"  # refused for ever, with the reason
    IN_DOUBT = "in_doubt"  # at-most-once mail whose outcome nobody knows; a person decides
    PARKED = "parked"  # tried often enough; a person decides
    WITHDRAWN = "withdrawn"  # taken back before it went out


class OutboundEmail(Model):
    """A mail on its way out. Its Message-ID never changes, so a double can be recognised."""

    __tablename__ = "outbound_email"
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    to_address: Mapped[str]
    to_name: Mapped[str] = mapped_column(default="")
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    headers: Mapped[dict[str, Any]]
    message_id: Mapped[str] = mapped_column(String, unique=True)
    at_most_once: Mapped[bool] = mapped_column(default=False)
    """Surveys: rather not at all than twice. Everything else: at least once."""
    secret: Mapped[bool] = mapped_column(default=False)
    """Carries a link that signs in; its text is wiped once it is accepted."""

    state: Mapped[Delivery] = mapped_column(default=Delivery.QUEUED)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    """When it is due (again), or when the lease of its claim ends; NULL when it is done with."""
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        Index("ix_outbound_email_due", "state", "next_try_at"),
        Index("ix_outbound_email_to_address", "to_address", "created_at"),
    )
