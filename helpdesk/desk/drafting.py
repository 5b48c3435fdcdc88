"""Drafts of replies and notes, kept while somebody writes: one for each agent and ticket, in
whatever browser they go on. Nobody else sees them, and the ticket does not change by them."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import BIG_ID, Model, session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.jobs import job
from helpdesk.core.text import clean
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.texts import LONGEST_MESSAGE

LIFE = timedelta(days=30)
"""After this long without a change a draft is forgotten."""


class WrittenDraft(Model):
    """What somebody wrote on a ticket and has not sent."""

    __tablename__ = "written_draft"
    ticket_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    is_note: Mapped[bool]
    body: Mapped[str]
    revision: Mapped[int]
    """Grows with every save, so that one tab notices what another one saved."""
    saved_at: Mapped[datetime]

    __table_args__ = (Index("ix_written_draft_saved_at", "saved_at"),)


class DraftElsewhere(Conflict):
    """Another tab or browser saved or sent this draft; `draft` is what it holds now, if it does."""

    def __init__(self, draft: WrittenDraft | None) -> None:
        self.draft = draft
        what = "has a newer draft" if draft else "sent or dropped this draft"
        super().__init__(f"Another window {what}. What stands here is not saved.")


def draft_of(account: Account, ticket_id: int, *, to_change: bool = False) -> WrittenDraft | None:
    """Their draft on this ticket. `to_change` keeps their other tabs from changing it meanwhile."""
    return session.get(WrittenDraft, (ticket_id, account.id), with_for_update=to_change)


def joined_to(viewer: Account) -> ColumnElement[bool]:
    """The condition that joins the draft of `viewer` to a statement about tickets."""
    return and_(
        WrittenDraft.ticket_id == Ticket.id,
        WrittenDraft.account_id == viewer.id,
    )


def put_back(ticket: Ticket, text: str, *, by: Account) -> None:
    """A reply that was taken back is what they are writing again, before what they began since."""
    draft = draft_of(by, ticket.id, to_change=True)
    both = "\n\n".join(filter(None, (text, draft.body if draft else "")))
    body = both if len(both) <= LONGEST_MESSAGE else text
    save_draft(ticket, body, is_note=False, revision=0, by=by, anyway=True)


def save_draft(
    ticket: Ticket, body: str, *, is_note: bool, revision: int, by: Account, anyway: bool = False
) -> int:
    """Keep what stands in the composer, and give back its new revision; an empty text forgets the
    draft and gives back 0.

    `revision` is the one that the writer's tab knows, 0 for none; `anyway` writes over whatever
    another tab saved, which the writer has seen. Raises DraftElsewhere, and Invalid for a text
    that could not be sent.
    """
    text = clean(body)
    if len(text) > LONGEST_MESSAGE:
        raise Invalid(f"Only texts of up to {LONGEST_MESSAGE:,} characters are saved.")
    draft = draft_of(by, ticket.id, to_change=True)
    if not anyway and (draft.revision if draft else 0) != revision:
        raise DraftElsewhere(draft)
    if not text:
        forget_draft(ticket.id, by=by)
        return 0
    if draft is None:
        # A draft never gets a number again that a tab knows from before it was sent.
        draft = WrittenDraft(ticket_id=ticket.id, account_id=by.id, revision=revision)
        session.add(draft)
    draft.body, draft.is_note, draft.saved_at = text, is_note, now()
    draft.revision += 1
    try:
        session.flush()
    except IntegrityError as error:
        raise DraftElsewhere(None) from error
    return draft.revision


def add_to_draft(ticket: Ticket, text: str, *, is_note: bool, by: Account) -> None:
    """Put a text below what somebody wrote already."""
    draft = draft_of(by, ticket.id, to_change=True)
    body = f"{draft.body}\n\n{text}" if draft else text
    revision = draft.revision if draft else 0
    save_draft(ticket, body, is_note=is_note, revision=revision, by=by)


def forget_sent(ticket: Ticket, body: str, *, revision: int, by: Account) -> None:
    """What was sent is no draft any more; one that another tab changed since stays."""
    draft = draft_of(by, ticket.id, to_change=True)
    if draft and (draft.revision <= revision or draft.body == clean(body)):
        session.delete(draft)


def forget_draft(ticket_id: int, *, by: Account) -> None:
    """Nothing of it is kept. Twice is harmless."""
    draft = draft_of(by, ticket_id, to_change=True)
    if draft is not None:
        session.delete(draft)
        session.flush()


@job(queue="slow")
def forget_stale_drafts() -> None:
    """Forget what nobody went on with."""
    with transaction():
        session.execute(delete(WrittenDraft).where(WrittenDraft.saved_at < now() - LIFE))
