"""What is kept for long enough is forgotten, where somebody said so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Forbidden, Invalid
from helpdesk.customers.models import Import, ImportState
from helpdesk.intake.keeping import keep
from helpdesk.intake.models import Door, InboundEmail, MailPiece
from helpdesk.mail.models import OutboundEmail
from helpdesk.privacy import deciding, jobs, retention
from helpdesk.tickets import conversation
from helpdesk.tickets.models import Message, Status, Ticket
from tests.cast import Cast
from tests.visitor import Visitor


def old_ticket(people: Cast, days: int = 400) -> int:
    with transaction():
        ticket = conversation.file(people.rosa, "Long ago", "Old words.", by=people.rosas_account)
        ticket.status, ticket.closed_at = Status.CLOSED, now() - timedelta(days=days)
        return ticket.id


def rule(people: Cast, kind: str = "closed_tickets", days: int = 365) -> None:
    with transaction():
        retention.set_rule(kind, days, active=True, by=people.ada)


def run() -> None:
    jobs.forget_in_time()
    session.rollback()


def test_nothing_is_forgotten_by_itself(people: Cast) -> None:
    number = old_ticket(people)
    run()
    assert session.get_one(Ticket, number).subject == "Long ago"


def test_a_trial_counts_and_changes_nothing(people: Cast, client: Visitor) -> None:
    number = old_ticket(people)
    page = client.sign_in(people.ada).get("/admin/retention?kind=closed_tickets&days=365").text
    assert "<strong>1</strong> would be forgotten now" in page
    assert "Long ago" in page
    assert session.get_one(Ticket, number).subject == "Long ago"


def test_old_requests_lose_their_words(people: Cast) -> None:
    number, young = old_ticket(people), old_ticket(people, 10)
    rule(people)
    run()
    run()
    assert session.get_one(Ticket, number).subject == "Erased request"
    assert session.get_one(Ticket, young).subject == "Long ago"
    old = select(Message.body).where(Message.ticket_id == number)
    assert set(session.scalars(old)) == {"[erased]"}
    assert retention.rules()["closed_tickets"].last_count == 1


def test_a_hold_keeps_them(people: Cast) -> None:
    number = old_ticket(people)
    with transaction():
        deciding.place_hold(people.rosa, "A lawsuit", by=people.nora)
    rule(people)
    run()
    assert session.get_one(Ticket, number).subject == "Long ago"


def test_a_hold_keeps_mails_as_well(people: Cast) -> None:
    long_ago, both = now() - timedelta(days=400), ("rosa@harbor.example", "sam@stone.example")
    with transaction():
        deciding.place_hold(people.rosa, "A lawsuit", by=people.nora)
        for address in both:
            keep(f"From: {address}\r\nSubject: Old\r\n\r\nWords\r\n".encode(), Door.PIPE)
            session.add(
                OutboundEmail(
                    kind="report", to_address=address, subject="Old", text="", html="",
                    headers={}, message_id=address, created_at=long_ago,
                )
            )  # fmt: skip
        received = session.scalars(select(InboundEmail).order_by(InboundEmail.id))
        for mail, address in zip(received, both, strict=True):
            mail.received_at, mail.next_try_at, mail.sender = long_ago, None, address
    for kind in ("raw_mails", "sent_mails"):
        rule(people, kind, 30)
    run()
    assert set(session.scalars(select(InboundEmail.sender))) == {"rosa@harbor.example", ""}
    left = set(session.scalars(select(OutboundEmail.to_address)))
    assert left == {"rosa@harbor.example", "erased@erased.invalid"}


def test_raw_mails_go(people: Cast) -> None:
    with transaction():
        keep(b"From: a@b.example\r\nSubject: Old\r\n\r\nWords\r\n", Door.PIPE)
        mail = session.scalars(select(InboundEmail)).one()
        mail.received_at, mail.next_try_at = now() - timedelta(days=40), None
    rule(people, "raw_mails", 30)
    run()
    assert session.scalars(select(MailPiece)).all() == []
    assert session.scalars(select(InboundEmail.subject)).one() == ""


def test_only_an_administrator_says_so(people: Cast) -> None:
    with transaction(), pytest.raises(Forbidden):
        retention.set_rule("raw_mails", 30, active=True, by=people.nora)
    with transaction(), pytest.raises(Invalid):
        retention.set_rule("raw_mails", 1, active=True, by=people.ada)
    with transaction(), pytest.raises(Invalid):
        retention.set_rule("everything", 30, active=True, by=people.ada)


def test_tables_that_were_handed_in_stay_while_any_hold_stands(people: Cast) -> None:
    with transaction():
        hold = deciding.place_hold(people.rosa, "A lawsuit", by=people.nora)
        session.add(
            Import(
                kind="orders", name="orders.csv", path="imports/orders.csv", state=ImportState.DONE,
                by_id=people.nora.id, created_at=now() - timedelta(days=400),
            )
        )  # fmt: skip
    rule(people, "import_files", 30)
    run()
    assert session.scalars(select(Import.path)).one() == "imports/orders.csv"
    with transaction():
        deciding.lift_hold(session.merge(hold), by=people.ada)
    run()
    session.expire_all()
    assert session.scalars(select(Import.path)).one() == ""
