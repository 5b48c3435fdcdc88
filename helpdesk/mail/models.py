"""Every mail is a row before it is sent."""

from datetime import datetime, timedelta
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


UNSETTLED = (Delivery.QUEUED, Delivery.SENDING)
TO_DECIDE = (Delivery.IN_DOUBT, Delivery.PARKED, Delivery.BOUNCED)
"""States in which a person may have it sent again, or leave it."""

DECIDED_WITHIN = timedelta(days=7)
"""After this long a mail with a secret cannot be sent again."""

LEASE = timedelta(minutes=5)
"""How long a claim is good. The patience with a mail server, step by step, adds up to less."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=4)
MAX_ATTEMPTS = 36
"""With these waits it is tried for more than four days, as RFC 5321 (4.5.4.1) asks."""

MAX_LAPSES = 8
"""A mail whose sending keeps ending the process is parked long before that."""
LAPSED = "The process that was sending it ended and could not say how it went."


class OutboundEmail(Model):
    """A mail on its way out. Its Message-ID never changes, so a double can be recognised."""

    __tablename__ = "outbound_email"
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    to_address: Mapped[str]
    to_name: Mapped[str] = mapped_column(default="")
    to_domain: Mapped[str] = mapped_column(default="", server_default="")
    """In lower case; whom we spare when their server asks us to."""
    from_address: Mapped[str] = mapped_column(default="", server_default="")
    """The address of ours that it leaves by; "" for that of the installation."""
    from_name: Mapped[str] = mapped_column(default="", server_default="")
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    headers: Mapped[dict[str, Any]]
    message_id: Mapped[str] = mapped_column(String, unique=True)
    at_most_once: Mapped[bool] = mapped_column(default=False)
    """Surveys: rather not at all than twice. Everything else: at least once."""
    secret: Mapped[bool] = mapped_column(default=False)
    """Carries a link that opens something, signed or kept as a hash alone: its text is wiped once
    it is accepted or taken back, and after a while where a person would have to decide."""

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

    def claim(self, at: datetime) -> None:
        """It is about to go. Counted before it goes, so that a try that ends the process counts."""
        self.state, self.claimed_at = Delivery.SENDING, at
        self.next_try_at = at + LEASE
        self.attempts += 1

    def accept(self, at: datetime, *, keep_secrets: bool = False) -> None:
        """The mail server took it."""
        self._settle(Delivery.ACCEPTED, None)
        self.accepted_at = at
        if not keep_secrets:
            self.wipe()

    def bounce(self, reason: str) -> None:
        """It was refused for ever."""
        self._settle(Delivery.BOUNCED, reason)

    def park(self, reason: str) -> None:
        """It is not tried any more until a person says so."""
        self._settle(Delivery.PARKED, reason)

    def postpone(self, at: datetime, reason: str) -> None:
        """It was surely not taken: try again later, each time a longer while."""
        if self.attempts >= MAX_ATTEMPTS:
            self.park(f"Tried {self.attempts} times. {reason}")
            return
        wait = min(FIRST_WAIT * 2 ** (min(self.attempts, 20) - 1), LONGEST_WAIT)
        self.state, self.next_try_at, self.last_error = Delivery.QUEUED, at + wait, reason

    def lose_sight(self, at: datetime, reason: str) -> None:
        """Nobody knows whether it was taken: in doubt where it must not go twice, else again."""
        if self.at_most_once:
            self._settle(Delivery.IN_DOUBT, reason)
        else:
            self.postpone(at, reason)

    def lapse(self, at: datetime) -> None:
        """Its lease ended and nobody reported."""
        again = self.last_error == LAPSED
        if not self.at_most_once and again and self.attempts >= MAX_LAPSES:
            self.park(LAPSED)
            return
        self.lose_sight(at, LAPSED)
        if self.state is Delivery.QUEUED:
            self.next_try_at = at  # the lease was the wait

    def withdraw(self) -> None:
        """It was taken back, or a person decided to leave it at that."""
        self._settle(Delivery.WITHDRAWN, self.last_error)
        self.claimed_at = None
        self.wipe()

    def wipe(self) -> None:
        """Forget a link that opens something, also where a mail program would have found it."""
        if self.secret:
            self.text = self.html = ""
            self.headers = {k: v for k, v in self.headers.items() if not k.startswith("List-")}

    def _settle(self, state: Delivery, reason: str | None) -> None:
        self.state, self.next_try_at, self.last_error = state, None, reason


class RecipientDomain(Model):
    """A domain to which nothing goes for a while, because its server puts our mails off or because
    enough went there lately."""

    __tablename__ = "recipient_domain"
    domain: Mapped[str] = mapped_column(String, primary_key=True)
    wait_until: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    """How many mails in a row were put off."""
    last_error: Mapped[str | None]


class Letterhead(Model):
    """What answers carry that leave by an address of ours: the name above, the words below."""

    __tablename__ = "letterhead"
    address: Mapped[str] = mapped_column(String, primary_key=True)
    """In lower case."""
    name: Mapped[str] = mapped_column(default="")
    signature: Mapped[str] = mapped_column(default="")
