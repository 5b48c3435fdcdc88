"""Accounts, teams, and the links that are mailed to them."""

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import Column, ForeignKey, Index, String, Table, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.core.db import Id, Model


class Role(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


STAFF = frozenset({Role.AGENT, Role.MANAGER, Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})

team_member = Table(
    "team_member",
    Model.metadata,
    Column("team_id", ForeignKey("team.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)


class Account(UserMixin, Model):
    """Somebody who can sign in. `email` is lower case."""

    __tablename__ = "account"
    id: Mapped[Id]
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[Role]
    password_hash: Mapped[str | None]
    session_key: Mapped[str]
    """Part of every session cookie; changing it signs the account out everywhere."""
    time_zone: Mapped[str | None]
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    teams: Mapped[list["Team"]] = relationship(
        secondary=team_member, back_populates="members", order_by="Team.name"
    )

    __table_args__ = (
        Index("uq_account_email", "email", unique=True),
        # The staff are few among many customers. The condition is `IS_STAFF`, word for word.
        Index(
            "ix_account_staff",
            "name",
            sqlite_where=text("role != 'customer'"),
            postgresql_where=text("role != 'customer'"),
        ),
    )

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_manager(self) -> bool:
        """Managers and administrators see every report."""
        return self.role in MANAGERS

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    def get_id(self) -> str:
        return f"{self.id}.{self.session_key}"


IS_STAFF = Account.role != literal_column("'customer'")
"""The condition for accounts of the staff; not a parameter, so that databases see that the index
of the staff answers it."""


class Team(Model):
    """Agents who work a queue together. A restricted team's tickets are its members' alone."""

    __tablename__ = "team"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String, unique=True)
    restricted: Mapped[bool] = mapped_column(default=False)

    members: Mapped[list[Account]] = relationship(
        secondary=team_member, back_populates="teams", order_by=(Account.name, Account.id)
    )


class MailedLink(Model):
    """A link that was mailed: to sign in, to verify an address, to choose a password, to join.

    Good once, until it expires; only the hash of its token is kept.
    """

    __tablename__ = "mailed_link"
    id: Mapped[Id]
    purpose: Mapped[str]
    email: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String, unique=True)
    role: Mapped[Role | None]
    """For an invitation: what the invited person will be."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_mailed_link_email_purpose", "email", "purpose"),)

    def is_good(self, at: datetime) -> bool:
        """Not used and not expired."""
        return self.used_at is None and at < self.expires_at
