"""Erasing a person: their words and names go, tickets and figures stay.

A job does it in steps, each a transaction, so that a crash costs nothing: first everything that
belongs to them, then, table by table, every place where their address, phone or name stands all the
same, then the files. What to look for is kept with the erasure until it is done, and then gone too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, cast, delete, func, literal, or_, select, update

from helpdesk.accounts.models import Account, MailedLink
from helpdesk.churn.models import ChurnFlag, PlaybookRun, PlaybookTask
from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry, record
from helpdesk.core.security import new_token
from helpdesk.customers.fields import PREFIX, CustomerFieldValue
from helpdesk.customers.history import Correction
from helpdesk.customers.merges import CustomerMerge, Duplicate
from helpdesk.customers.models import (
    Address,
    Customer,
    CustomerNote,
    Order,
    SurveyPreference,
)
from helpdesk.customers.papers import CustomerFile
from helpdesk.customers.quality.models import RecordFinding
from helpdesk.customers.visits import CustomerVisit
from helpdesk.customers.writing_to import AskedAddress, asked_addresses
from helpdesk.intake.models import InboundEmail
from helpdesk.mail.models import OutboundEmail
from helpdesk.privacy import sweeping
from helpdesk.privacy.events import CustomerErased
from helpdesk.privacy.models import Erasure, Stage
from helpdesk.privacy.tickets import (
    Forgotten,
    follow_last_words,
    forget_answers,
    forget_invitations,
    forget_messages,
    forget_received,
    forget_sent,
    forget_words,
)
from helpdesk.surveys.models import Invitation, ProvisionalClick, Response
from helpdesk.tickets.models import Message, Ticket, TicketLink, TicketWatcher

NAME = "Erased customer"
_PERSONAL = (
    "name", "phone", "handle", "address", "primary address", "time_zone", "language", "country",
)  # fmt: skip


def records_of(customer_id: int) -> list[int]:
    """The record, and those that were merged into it."""
    either = or_(Customer.id == customer_id, Customer.merged_into_id == customer_id)
    return list(session.scalars(select(Customer.id).where(either)))


def go_on(erasure_id: int) -> bool:
    """The next step of an erasure; True while more is left. Twice is harmless."""
    erasure = session.get_one(Erasure, erasure_id, with_for_update={"of": Erasure})
    if erasure.stage is Stage.CONFIRMED:
        _erase(erasure)
        return True
    if erasure.stage is not Stage.SWEEPING:
        return False
    table = sweeping.next_table(erasure.swept)
    if table is not None:
        erasure.counts = _more(
            erasure.counts, "traces", sweeping.sweep(table, erasure.traces or [])
        )
        erasure.swept = [*erasure.swept, table.name]
        return True
    sweeping.sweep_files(erasure.traces or [])
    _finish(erasure)
    return False


def _more(counts: dict[str, Any], what: str, number: int) -> dict[str, Any]:
    return counts | {what: counts.get(what, 0) + number}


def _finish(erasure: Erasure) -> None:
    for path in erasure.paths or []:
        files.remove(path)  # twice is harmless, so this may come before it is kept
    erasure.stage, erasure.done_at = Stage.DONE, now()
    erasure.traces = erasure.paths = None
    record(CustomerErased(erasure.customer_id, erasure.id, dict(erasure.counts)))


def _erase(erasure: Erasure) -> None:
    ids = records_of(erasure.customer_id)
    done = Forgotten()
    customers = list(
        session.scalars(select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id))
    )
    accounts = [one.account for one in customers if one.account is not None]
    emails = sorted(
        {a.email for one in customers for a in one.addresses}
        | {a.email for a in accounts}
        | {a.email for one in customers for a in asked_addresses(one)}
    )
    erasure.traces = sweeping.traces_of(customers, emails)
    tickets = list(session.scalars(select(Ticket.id).where(Ticket.customer_id.in_(ids))))
    forget_words(tickets, done)
    elsewhere = select(Message.id).where(
        Message.customer_id.in_(ids), Message.ticket_id.not_in(select_ids(tickets))
    )
    written = list(session.scalars(elsewhere))
    forget_messages(written, done)
    follow_last_words(written)
    _forget_mails(emails, tickets, done)
    _forget_what_they_said(ids, done)
    _forget_notes(ids, done)
    _forget_corrections(ids)
    _forget_proof(ids)
    _forget_papers(ids, done)
    for one in customers:
        _forget_record(one)
    for account in accounts:
        _close(account)
    session.execute(delete(MailedLink).where(MailedLink.email.in_(emails)))
    session.flush()
    erasure.counts, erasure.paths = done.counts, done.paths
    erasure.stage = Stage.SWEEPING
    done.remove_files_when_kept()


def select_ids(ids: Sequence[int]) -> Any:
    """Ids for a condition; few enough to stand in it, or those of the table itself."""
    return list(ids) if len(ids) < 10_000 else select(Ticket.id).where(Ticket.id.in_(ids))


def _forget_mails(emails: Sequence[str], tickets: Sequence[int], done: Forgotten) -> None:
    by_sender = select(InboundEmail.id).where(
        or_(InboundEmail.sender.in_(emails), func.lower(InboundEmail.sent_from).in_(emails))
    )
    forget_received(list(session.scalars(by_sender)), done)
    sent = select(OutboundEmail.id).where(OutboundEmail.to_address.in_(emails))
    forget_sent(list(session.scalars(sent)), done)
    forget_sent(_about(set(tickets)), done)
    session.execute(delete(TicketWatcher).where(TicketWatcher.email.in_(emails)))
    session.execute(delete(TicketLink).where(TicketLink.email.in_(emails)))


def _about(numbers: set[int]) -> list[int]:
    """Mails to others that carry the number of a ticket in their subject, as ours all do."""
    marked = select(OutboundEmail.id, OutboundEmail.subject).where(
        OutboundEmail.subject.contains("[#")
    )
    return [row[0] for row in session.execute(marked) if numbers & sweeping.numbers_in(row[1])]


def _forget_what_they_said(ids: Sequence[int], done: Forgotten) -> None:
    answers = list(session.scalars(select(Response.id).where(Response.customer_id.in_(ids))))
    forget_answers(answers)
    forget_invitations(Invitation.customer_id.in_(ids), done)
    theirs = select(Invitation.id).where(Invitation.customer_id.in_(ids))
    session.execute(
        update(ProvisionalClick)
        .where(ProvisionalClick.invitation_id.in_(theirs))
        .values(program="")
    )
    done.add("answers", len(answers))


def _forget_notes(ids: Sequence[int], done: Forgotten) -> None:
    theirs = CustomerNote.customer_id.in_(ids)
    done.add("notes", session.scalar(select(func.count()).where(theirs)) or 0)
    session.execute(delete(CustomerNote).where(theirs))
    session.execute(update(ChurnFlag).where(ChurnFlag.customer_id.in_(ids)).values(note=""))
    runs = select(PlaybookRun.id).where(PlaybookRun.customer_id.in_(ids))
    session.execute(
        update(PlaybookTask).where(PlaybookTask.run_id.in_(runs)).values(text="", outcome="")
    )
    session.execute(
        update(Order)
        .where(Order.customer_id.in_(ids))
        .values(item=None, reference=literal("erased-") + cast(Order.id, String))
    )
    either = or_(Duplicate.first_id.in_(ids), Duplicate.second_id.in_(ids))
    session.execute(delete(Duplicate).where(either))
    found = or_(RecordFinding.customer_id.in_(ids), RecordFinding.other_id.in_(ids))
    session.execute(delete(RecordFinding).where(found))
    merged = or_(CustomerMerge.kept_id.in_(ids), CustomerMerge.gone_id.in_(ids))
    for merge in session.scalars(select(CustomerMerge).where(merged)):
        merge.reason = ""
        merge.changes = [
            one for one in merge.changes if one[0] == "customer" and one[2] not in _PERSONAL
        ]


def _forget_corrections(ids: Sequence[int]) -> None:
    session.execute(
        update(Correction)
        .where(
            Correction.kind == "customer",
            Correction.subject_id.in_(ids),
            Correction.field.in_(_PERSONAL),
        )
        .values(before=None, after=None)
    )


def _forget_papers(ids: Sequence[int], done: Forgotten) -> None:
    """Files on the record, and the days of visits."""
    theirs = CustomerFile.customer_id.in_(ids)
    done.paths += session.scalars(select(CustomerFile.path).where(theirs)).all()
    session.execute(delete(CustomerFile).where(theirs))
    session.execute(delete(CustomerVisit).where(CustomerVisit.customer_id.in_(ids)))


def _forget_proof(ids: Sequence[int]) -> None:
    theirs = (Correction.kind == "customer", Correction.subject_id.in_(ids))
    session.execute(update(Correction).where(*theirs).values(proof=None))
    filled = Correction.field.startswith(PREFIX, autoescape=True)
    session.execute(update(Correction).where(*theirs, filled).values(before=None, after=None))
    session.execute(delete(CustomerFieldValue).where(CustomerFieldValue.customer_id.in_(ids)))


def _forget_record(customer: Customer) -> None:
    customer.name = f"{NAME} {customer.id}"
    customer.time_zone, customer.erased_at = None, now()
    customer.language = "en"
    customer.contact_points.clear()
    customer.survey_preference = SurveyPreference.NONE
    customer.channel, customer.marketing = None, False
    session.execute(delete(AskedAddress).where(AskedAddress.customer_id == customer.id))
    session.execute(delete(Address).where(Address.customer_id == customer.id))
    session.expire(customer, ["addresses"])


def _close(account: Account) -> None:
    """The account stays, because messages and entries refer to it; nobody can sign in any more."""
    account.email = f"erased-{account.id}@erased.invalid"
    account.name, account.password_hash, account.time_zone = NAME, None, None
    account.disabled_at, account.session_key = now(), new_token()
    session.execute(delete(MailedLink).where(MailedLink.account_id == account.id))
    session.execute(
        update(JournalEntry).where(JournalEntry.actor_id == account.id).values(actor_name=NAME)
    )
