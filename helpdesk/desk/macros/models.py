"""Macros that agents keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account, Team
from helpdesk.core.db import Id, Model
from helpdesk.tickets.changes import Changes, read

macro_team = Table(
    "macro_team",
    Model.metadata,
    Column("macro_id", ForeignKey("macro.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", ForeignKey("team.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Macro(Model):
    """A list of changes with a name: one's own, or shared with teams or everybody."""

    __tablename__ = "macro"
    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    shortcut: Mapped[str | None] = mapped_column(String(30))
    """What finds it at once, without the slash."""
    changes: Mapped[list[Any]]
    """As `tickets.changes` keeps them."""
    for_everybody: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    """Grows when its changes do, so that nobody does what they have not seen."""
    created_at: Mapped[datetime]

    owner: Mapped[Account] = relationship()
    teams: Mapped[list[Team]] = relationship(secondary=macro_team, order_by=Team.name)

    __table_args__ = (Index("ix_macro_owner", "owner_id"),)

    @property
    def todo(self) -> Changes:
        """Its changes, also when somebody whom they name is gone."""
        return read(self.changes, checked=False)

    @property
    def text(self) -> str:
        """The reply that it writes, with variables; or nothing."""
        return next((str(one["to"]) for one in self.changes if one["do"] == "reply"), "")

    @property
    def is_canned(self) -> bool:
        """Whether it writes a reply and does nothing else."""
        return [one["do"] for one in self.changes] == ["reply"]

    @property
    def is_shared(self) -> bool:
        return self.for_everybody or bool(self.teams)

    def may_be_changed_by(self, account: Account) -> bool:
        """Its owner changes it; one that is shared, managers and administrators as well."""
        return account.id == self.owner_id or (self.is_shared and account.is_manager)
