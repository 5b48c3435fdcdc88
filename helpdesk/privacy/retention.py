"""How long things are kept: rules by kind, a trial that lists what would go, and the forgetting."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import ask, session, transaction
from helpdesk.core.errors import Forbidden, Invalid
from helpdesk.core.journal import record
from helpdesk.customers.models import Address, Customer, Import, ImportState
from helpdesk.intake.models import InboundEmail, MailPiece
from helpdesk.mail.models import OutboundEmail
from helpdesk.privacy.events import RetentionRuleSet
from helpdesk.privacy.models import ForgottenTicket, LegalHold, RetentionRule
from helpdesk.privacy.tickets import Forgotten, forget_received, forget_sent, forget_words
from helpdesk.tickets.models import Message, Status, Ticket
from helpdesk.tickets.queries import visible_to

SOME, EXAMPLES = 100, 5
FEWEST, MOST = 7, 36_500
"""Days that a rule can say."""
AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Kind:
    """Something that is kept: what it is called, what happens to it, which rows are due by a
    moment (id and a word about each, oldest first), and how they are forgotten."""

    title: str
    what: str
    usual: int
    due: Callable[[datetime], AnySelect]
    forget: Callable[[Sequence[int], Forgotten], None]


def _held(customer_id: Any) -> Any:
    """Whether a hold stands against forgetting anything of this customer."""
    one = aliased(Customer)
    return exists().where(
        LegalHold.lifted_at.is_(None),
        LegalHold.customer_id == one.id,
        or_(one.id == customer_id, one.merged_into_id == customer_id),
    )


def _held_at(address: Any) -> Any:
    """Whether a hold stands against forgetting what was written to or by this address."""
    theirs = aliased(Address)
    return exists().where(theirs.email == address, _held(theirs.customer_id))


def _closed_tickets(before: datetime) -> AnySelect:
    known = select(ForgottenTicket.ticket_id)
    return (
        select(Ticket.id, Ticket.subject.label("example"), Ticket.closed_at.label("at"))
        .where(
            Ticket.status == Status.CLOSED,
            Ticket.closed_at < before,
            Ticket.id.not_in(known),
            ~_held(Ticket.customer_id),
        )
        .order_by(Ticket.id)
    )


def _raw_mails(before: datetime) -> AnySelect:
    kept = exists().where(MailPiece.email_id == InboundEmail.id)
    return (
        select(
            InboundEmail.id, InboundEmail.subject.label("example"),
            InboundEmail.received_at.label("at"),
        )
        .outerjoin(Ticket, Ticket.id == InboundEmail.ticket_id)
        .where(
            InboundEmail.received_at < before,
            InboundEmail.next_try_at.is_(None),
            kept,
            or_(Ticket.id.is_(None), ~_held(Ticket.customer_id)),
            ~_held_at(InboundEmail.sender),
        )
        .order_by(InboundEmail.received_at, InboundEmail.id)
    )  # fmt: skip


def _sent_mails(before: datetime) -> AnySelect:
    return (
        select(
            OutboundEmail.id, OutboundEmail.subject.label("example"),
            OutboundEmail.created_at.label("at"),
        )
        .where(
            OutboundEmail.created_at < before,
            OutboundEmail.next_try_at.is_(None),
            OutboundEmail.to_address != "erased@erased.invalid",
            ~_held_at(func.lower(OutboundEmail.to_address)),
            ~exists().where(
                Message.outbound_id == OutboundEmail.id,
                Message.ticket_id == Ticket.id,
                _held(Ticket.customer_id),
            ),
        )
        .order_by(OutboundEmail.id)
    )  # fmt: skip


def _import_files(before: datetime) -> AnySelect:
    over = (ImportState.DONE, ImportState.FAILED, ImportState.UNDONE)
    # A table names many people, and nobody looks through it for one of them.
    any_hold = exists().where(LegalHold.lifted_at.is_(None))
    return (
        select(Import.id, Import.name.label("example"), Import.created_at.label("at"))
        .where(Import.created_at < before, Import.state.in_(over), Import.path != "", ~any_hold)
        .order_by(Import.id)
    )


def _forget_import_files(ids: Sequence[int], done: Forgotten) -> None:
    for handed_in in session.scalars(select(Import).where(Import.id.in_(ids))):
        done.paths.append(handed_in.path)
        handed_in.path = ""
        for line in handed_in.lines:
            line.message, line.undo = "", None
        done.add("imports", 1)


KINDS: Mapping[str, Kind] = {
    "closed_tickets": Kind(
        "Closed requests",
        "Their words, files and mails go; when, who, how long, tone and ratings stay, so that every"
        " figure is what it was.",
        3 * 365,
        _closed_tickets,
        forget_words,
    ),
    "raw_mails": Kind(
        "Mails as they came in",
        "The bytes of the mail, its sender and subject. What it said stands on its request.",
        365,
        _raw_mails,
        forget_received,
    ),
    "sent_mails": Kind(
        "Mails that went out",
        "Recipient, subject and text. What was written stands on its request.",
        365,
        _sent_mails,
        forget_sent,
    ),
    "import_files": Kind(
        "Tables that were handed in",
        "The file and its report; the import cannot be undone any more. While a hold stands for"
        " anybody, none of them goes: they may name that person.",
        90,
        _import_files,
        _forget_import_files,
    ),
}


@dataclass(frozen=True)
class Trial:
    """What a rule would do now: how many, since when, and some of them. Words only of what the
    reader may see."""

    count: int
    oldest: datetime | None
    examples: Sequence[tuple[int, str, datetime]]


def kind_of(name: str) -> Kind:
    """One kind. Raises Invalid for a name that is none."""
    if name not in KINDS:
        raise Invalid("Nothing of that kind is kept.")
    return KINDS[name]


def checked_days(days: int | None) -> int:
    """A number of days that a rule can say. Raises Invalid."""
    if days is None or not FEWEST <= days <= MOST:
        raise Invalid(f"A rule says {FEWEST} to {MOST:,} days.")
    return days


def trial(name: str, days: int, viewer: Account) -> Trial:
    """What would be forgotten now; changes nothing."""
    statement = kind_of(name).due(now() - timedelta(days=checked_days(days)))
    due = statement.order_by(None).subquery()
    count, oldest = ask(select(func.count(), func.min(due.c.at))).one()
    if name == "closed_tickets":
        statement = statement.where(visible_to(viewer))
    rows = session.execute(statement.limit(EXAMPLES)).all()
    return Trial(count, oldest, [(row[0], row[1], row[2]) for row in rows])


def rules() -> dict[str, RetentionRule]:
    """The rules that somebody set, by kind."""
    return {rule.kind: rule for rule in session.scalars(select(RetentionRule))}


def set_rule(name: str, days: int | None, *, active: bool, by: Account) -> RetentionRule:
    """From now on, or no longer. Raises Forbidden for anybody but an administrator, Invalid."""
    if not by.is_admin:
        raise Forbidden("Only an administrator decides how long things are kept.")
    kind_of(name)
    days = checked_days(days)
    rule = session.get(RetentionRule, name) or RetentionRule(kind=name)
    session.add(rule)
    rule.days, rule.active = days, active
    rule.changed_at, rule.changed_by_id, rule.last_count = now(), by.id, 0
    session.flush()
    record(RetentionRuleSet(by.id, name, rule.days, active), by=by)
    return rule


def active_kinds() -> list[str]:
    """What is forgotten by a rule."""
    with transaction(write=False):
        return [name for name, rule in rules().items() if rule.active and name in KINDS]


def forget_some(name: str) -> bool:
    """Forget the next few; True while more are left. Twice is harmless."""
    rule = session.get(RetentionRule, name, with_for_update=True)
    if rule is None or not rule.active:
        return False
    kind, done = KINDS[name], Forgotten()
    statement = kind.due(now() - timedelta(days=rule.days)).limit(SOME)
    ids = [row[0] for row in session.execute(statement)]
    kind.forget(ids, done)
    rule.last_run_at = now()
    rule.last_count += len(ids)
    done.remove_files_when_kept()
    return len(ids) == SOME
