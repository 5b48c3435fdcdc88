"""Mails as they came, and what became of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Team
from helpdesk.core.db import Id, Model


class Door(StrEnum):
    """The way by which a mail came in."""

    PIPE = "pipe"
    SMTP = "smtp"
    LMTP = "lmtp"
    HTTP = "http"
    IMAP = "imap"


class Outcome(StrEnum):
    """What became of a mail, in the words of the mail log."""

    TICKET = "ticket"
    REPLY = "reply"
    AUTO = "auto"  # a machine's answer: threaded where it belongs somewhere, never answered
    BOUNCE = "bounce"
    REPORT = "report"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    QUARANTINE = "quarantine"  # a person decides


class InboundEmail(Model):
    """A mail that was taken. It is told apart by the hash of its bytes: the same bytes twice are
    one row, whoever brings them."""

    __tablename__ = "inbound_email"
    id: Mapped[Id]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Over the mail with every line end made LF, and those at its end taken off."""
    door: Mapped[Door]
    mailbox_id: Mapped[int | None] = mapped_column(ForeignKey("mailbox.id", ondelete="SET NULL"))
    sent_from: Mapped[str | None]
    """The return path of the envelope; "" for the null path, NULL where the door has none."""
    sent_to: Mapped[list[Any]]
    """The recipients of the envelope."""
    size: Mapped[int]
    packed: Mapped[bool]
    """Whether its pieces are compressed."""
    received_at: Mapped[datetime]
    arrivals: Mapped[int] = mapped_column(default=1)
    """How often these very bytes were brought."""

    next_try_at: Mapped[datetime | None] = mapped_column()
    """When it is due to be read (again), or when the lease of its claim ends; NULL when done."""
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[Outcome | None]
    """NULL until it was read for the first time."""
    reason: Mapped[str] = mapped_column(Text, default="")
    released: Mapped[bool] = mapped_column(default=False)
    """A person let it out of quarantine: limits do not count for it."""
    settled_at: Mapped[datetime | None]

    message_id: Mapped[str] = mapped_column(Text, default="")
    sender: Mapped[str] = mapped_column(Text, default="")
    """The address in From, in lower case; nobody has proven that it is theirs."""
    sender_name: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    """As it is shown: without what was quoted."""
    attachments: Mapped[list[Any]] = mapped_column(deferred=True)
    """name, size, sha256; `left_out` says why one is not among the files of the ticket."""
    problems: Mapped[list[Any]] = mapped_column(deferred=True)
    identity: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of Message-ID and content: two mails with the same one are the same mail."""
    duplicate_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("inbound_email.id", ondelete="SET NULL")
    )
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", ondelete="SET NULL"), index=True
    )
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    """The message of the ticket that it became."""

    __table_args__ = (
        Index(
            "ix_inbound_email_due",
            "next_try_at",
            sqlite_where=next_try_at.is_not(None),
            postgresql_where=next_try_at.is_not(None),
        ),
        Index("ix_inbound_email_received_at", "received_at", "id"),
        Index("ix_inbound_email_outcome", "outcome", "received_at", "id"),
        Index("ix_inbound_email_sender", "sender", "received_at"),
    )


class MailPiece(Model):
    """A stretch of the bytes of a mail. Kept in the database, so that one commit keeps both."""

    __tablename__ = "inbound_email_piece"
    email_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("inbound_email.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Security(StrEnum):
    """How the connection to a mailbox is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"  # to this machine alone


class SignIn(StrEnum):
    """How we sign in to a mailbox."""

    PASSWORD = "password"  # noqa: S105 - the name of a way
    XOAUTH2 = "xoauth2"


class Mailbox(Model):
    """A mailbox that we read by IMAP."""

    __tablename__ = "mailbox"
    id: Mapped[Id]
    address: Mapped[str] = mapped_column(String, unique=True)
    """Mail to it is mail to us, in lower case."""
    host: Mapped[str]
    port: Mapped[int]
    security: Mapped[Security]
    sign_in: Mapped[SignIn]
    user: Mapped[str]
    secret: Mapped[str] = mapped_column(Text)
    """The password or refresh token: sealed, or `env:NAME` or `file:/path` where it stands."""
    client_id: Mapped[str] = mapped_column(default="")
    client_secret: Mapped[str] = mapped_column(Text, default="")
    token_url: Mapped[str] = mapped_column(default="")
    folder: Mapped[str] = mapped_column(default="INBOX")
    move_to: Mapped[str] = mapped_column(default="")
    """The folder for what was taken; "" leaves it where it is, marked as seen."""
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"))
    """Who works on what comes in here."""
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change, so that a reader at work notices."""
    created_at: Mapped[datetime]

    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    """Everything up to it was taken, in the folder with this validity (RFC 3501, 2.3.1.1)."""
    read_at: Mapped[datetime | None]
    """When it was last looked into with success."""
    error: Mapped[str | None] = mapped_column(Text)
    """What is wrong with it now; NULL while all is well."""
    checked_at: Mapped[datetime | None]
    findings: Mapped[list[Any] | None]
    """What the last test found: [step, whether it is well, words]."""

    team: Mapped[Team | None] = relationship()


class MailToken(Model):
    """Lets a program hand in mails over HTTP; only the hash of it is kept."""

    __tablename__ = "mail_token"
    id: Mapped[Id]
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(String, unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
