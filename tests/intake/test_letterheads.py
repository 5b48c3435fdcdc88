"""Answers leave by the mailbox that a ticket came in by, under its name and with its words."""

from email.message import EmailMessage

import pytest
from flask import Flask

from helpdesk.accounts.models import Account
from helpdesk.core.db import session, transaction
from helpdesk.intake.mailboxes import change_mailbox, remove_mailbox
from helpdesk.intake.models import Mailbox
from helpdesk.mail.identity import is_reply_key, tag_in
from helpdesk.mail.message import build, return_path
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets import conversation
from helpdesk.tickets.models import Ticket
from tests.cast import Cast
from tests.intake.conftest import Come
from tests.intake.letters import letter, mailbox_row
from tests.visitor import Visitor

BILLING = "billing@acorn-payroll.example"


@pytest.fixture
def billing(people: Cast) -> int:
    """A mailbox with a letterhead."""
    with transaction():
        box = mailbox_row(address=BILLING)
        values: dict[str, object] = {
            "security": "none",
            "sign_in": "password",
            "from_name": "Acorn, Billing",
            "signature": "Monday to Friday\nVAT no. 1",
        }
        change_mailbox(box, values, by=people.ada)
    return box.id


def answered(ticket_id: int, by: Account, app: Flask) -> tuple[OutboundEmail, EmailMessage]:
    with transaction(), app.test_request_context():
        ticket = session.get_one(Ticket, ticket_id)
        conversation.reply(ticket, "Which card?", by=by, seen=ticket.version)
    email = session.query(OutboundEmail).filter_by(kind="reply").one()
    return email, build(email)


def test_an_answer_leaves_by_the_mailbox_of_its_ticket(
    billing: int, people: Cast, come: Come, app: Flask
) -> None:
    came = come(letter(to=BILLING))
    assert came.ticket_id is not None
    email, message = answered(came.ticket_id, people.mika, app)
    assert message["From"].addresses[0].display_name == "Acorn, Billing"
    assert message["From"].addresses[0].addr_spec == BILLING
    assert "Monday to Friday\nVAT no. 1" in email.text
    assert "Monday to Friday<br>" in email.html
    for address in (str(message["Reply-To"]), return_path(email)):
        topic, key = tag_in(address) or ("", "")
        assert address.startswith("billing+")
        assert is_reply_key(key, topic, "rosa@harbor.example")


def test_what_came_elsewhere_is_answered_in_the_company_s_name(
    billing: int, people: Cast, come: Come, app: Flask
) -> None:
    came = come(letter())
    assert came.ticket_id is not None
    _, message = answered(came.ticket_id, people.mika, app)
    assert message["From"].addresses[0].addr_spec == "support@acorn-payroll.example"


def test_nothing_leaves_by_a_mailbox_that_is_gone(
    billing: int, people: Cast, come: Come, app: Flask
) -> None:
    came = come(letter(to=BILLING))
    with transaction():
        remove_mailbox(session.get_one(Mailbox, billing), by=people.ada)
    assert came.ticket_id is not None
    _, message = answered(came.ticket_id, people.mika, app)
    assert message["From"].addresses[0].addr_spec == "support@acorn-payroll.example"


def test_an_administrator_writes_the_letterhead(
    billing: int, client: Visitor, people: Cast
) -> None:
    page = client.sign_in(people.ada).get(f"/admin/mail/mailboxes/{billing}").text
    assert "Acorn, Billing" in page
    assert "VAT no. 1" in page
