"""Views that agents save."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account, Team
from helpdesk.core.db import Id, Model

saved_view_team = Table(
    "saved_view_team",
    Model.metadata,
    Column("view_id", ForeignKey("saved_view.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", ForeignKey("team.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class SavedView(Model):
    """A filter with a name, an order and columns: one's own, or shared with teams or everybody."""

    __tablename__ = "saved_view"
    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str]
    """The filter in its normal form."""
    sort: Mapped[str] = mapped_column(String(20))
    columns: Mapped[list[Any]]
    """Names of what a table shows; none for the usual lines."""
    for_everybody: Mapped[bool] = mapped_column(default=False)
    place: Mapped[int]
    """Among the views of its owner, from the top."""
    created_at: Mapped[datetime]

    owner: Mapped[Account] = relationship()
    teams: Mapped[list[Team]] = relationship(secondary=saved_view_team, order_by=Team.name)

    __table_args__ = (Index("ix_saved_view_owner", "owner_id", "place"),)

    def may_be_changed_by(self, account: Account) -> bool:
        """Its owner changes it; one that is shared, an administrator as well."""
        shared = self.for_everybody or bool(self.teams)
        return account.id == self.owner_id or (shared and account.is_admin)


class Segment(Model):
    """A group of customers by what is true of them now; everybody who works here has it."""

    __tablename__ = "segment"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60), unique=True)
    text: Mapped[str]
    """The filter in its normal form."""
    owner_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]

    owner: Mapped[Account] = relationship()

    def may_be_removed_by(self, account: Account) -> bool:
        """Whoever made it, and administrators."""
        return account.id == self.owner_id or account.is_admin
