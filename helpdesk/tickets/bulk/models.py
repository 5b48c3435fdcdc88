"""Bulk edits and what became of each of their tickets."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import BIG_ID, Id, Model
from helpdesk.tickets.changes import Changes, read


class BulkState(StrEnum):
    PROPOSED = "proposed"  # somebody looks at it; nothing is done yet
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Outcome(StrEnum):
    CHANGED = "changed"
    UNCHANGED = "unchanged"  # everything was so already
    REFUSED = "refused"
    UNDONE = "undone"
    PARTLY = "partly"  # undone but for what somebody changed since
    LEFT = "left"  # not undone, because somebody changed it since


class BulkEdit(Model):
    """One list of changes for many tickets, chosen when it was proposed."""

    __tablename__ = "bulk_edit"
    id: Mapped[Id]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    changes: Mapped[list[Any]]
    text: Mapped[str | None]
    """The filter that chose the tickets; None where they were chosen by hand."""
    state: Mapped[BulkState] = mapped_column(default=BulkState.PROPOSED)
    total: Mapped[int]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    undo_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]

    by: Mapped[Account] = relationship(foreign_keys=by_id)
    undo_by: Mapped[Account | None] = relationship(foreign_keys=undo_by_id)

    __table_args__ = (Index("ix_bulk_edit_state", "state", "id"),)

    @property
    def todo(self) -> Changes:
        """Its changes, also when somebody whom they name is gone."""
        return read(self.changes, checked=False)

    @property
    def writes(self) -> bool:
        """Whether it writes to customers."""
        return any(one["do"] == "reply" for one in self.changes)

    @property
    def is_busy(self) -> bool:
        return self.state in (BulkState.RUNNING, BulkState.UNDOING)


class BulkLine(Model):
    """One ticket of a bulk edit: what became of it, and how it stood before and after."""

    __tablename__ = "bulk_edit_line"
    bulk_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("bulk_edit.id", ondelete="CASCADE"), primary_key=True
    )
    ticket_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    outcome: Mapped[Outcome | None] = mapped_column()
    """None while it is to be done."""
    reason: Mapped[str | None]
    before: Mapped[dict[str, Any] | None]
    """See `standing`."""
    after: Mapped[dict[str, Any] | None]

    __table_args__ = (
        Index("ix_bulk_edit_line_outcome", "bulk_id", "outcome", "ticket_id"),
        Index("ix_bulk_edit_line_ticket", "ticket_id"),
    )
