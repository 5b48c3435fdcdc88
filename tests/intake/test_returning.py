"""What comes back about mails of ours is believed where it names one, and marks what it must."""

import pytest
from flask import Flask

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import SurveyPreference
from helpdesk.intake.models import Door, InboundEmail, Outcome
from helpdesk.intake.returned import take_bounce, take_complaint
from helpdesk.mail import identity
from helpdesk.mail.bounces import Bounce, Complaint, Failure
from helpdesk.mail.message import return_path
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.tickets import conversation
from tests.cast import Cast
from tests.intake.conftest import Come
from tests.intake.letters import bring, letter
from tests.work import Work

ROSA = "rosa@harbor.example"


@pytest.fixture
def sent(people: Cast, app: Flask) -> int:
    """Mika's answer on its way to Rosa."""
    with transaction(), app.test_request_context():
        conversation.reply(people.ticket, "Which?", by=people.mika, seen=people.ticket.version)
    return session.query(OutboundEmail.id).filter_by(kind="reply").one()[0]


def mail_of(number: int) -> OutboundEmail:
    session.rollback()
    return session.get_one(OutboundEmail, number)


def bounce(number: int, address: str = ROSA, *, hard: bool = True) -> InboundEmail:
    """A mail server says so."""
    failure = Failure(address, "5.1.1" if hard else "4.2.2", hard, "no such user")
    kept = bring(letter())
    with transaction():
        email = session.get_one(InboundEmail, kept.id)
        original = session.get_one(OutboundEmail, number).message_id if number else "<x@y.example>"
        email.reason = take_bounce(email, Bounce((failure,), original, delayed=False))
    return session.get_one(InboundEmail, kept.id)


def test_a_hard_bounce_marks_mail_address_and_ticket(sent: int, people: Cast, work: Work) -> None:
    inbound = bounce(sent)
    assert (mail_of(sent).state, mail_of(sent).last_error) == (Delivery.BOUNCED, "no such user")
    assert inbound.ticket_id == people.ticket.id
    told = session.query(JournalEntry).filter_by(event="ReplyCameBack").one()
    assert (told.subject_id, told.data["hard"]) == (people.ticket.id, True)
    work()
    assert people.rosa.addresses[0].bounced_at is not None


def test_a_soft_bounce_marks_nothing_and_is_told(sent: int, people: Cast, work: Work) -> None:
    bounce(sent, hard=False)
    assert mail_of(sent).state is not Delivery.BOUNCED
    assert session.query(JournalEntry).filter_by(event="ReplyCameBack").count() == 1
    work()
    assert people.rosa.addresses[0].bounced_at is None


def test_an_invented_bounce_marks_nobody(sent: int, people: Cast, work: Work) -> None:
    bounce(0)
    bounce(sent, "carl@harbor.example")
    work()
    assert mail_of(sent).state is not Delivery.BOUNCED
    assert people.rosa.addresses[0].bounced_at is None
    assert people.carl.addresses[0].bounced_at is None


def test_a_complaint_ends_surveys(sent: int, people: Cast) -> None:
    kept = bring(letter())
    with transaction():
        email = session.get_one(InboundEmail, kept.id)
        original = session.get_one(OutboundEmail, sent).message_id
        take_complaint(email, Complaint(ROSA, original, "abuse"))
    assert people.rosa.survey_preference is SurveyPreference.NONE


def test_an_invented_complaint_ends_nothing(sent: int, people: Cast) -> None:
    kept = bring(letter())
    with transaction():
        email = session.get_one(InboundEmail, kept.id)
        take_complaint(email, Complaint(ROSA, "<made@up.example>", "abuse"))
    assert people.rosa.survey_preference is SurveyPreference.ALL


def returned_to(number: int, text: str, recipient: str = ROSA, **headers: str) -> bytes:
    """A mail server writes to the return path, and quotes nothing."""
    given = {"sender": "Postamt <postamt@far.example>", "subject": "Hinweis", **headers}
    address = identity.return_address(number, recipient)
    return letter(text, to=address, message_id="<n@far.example>", **given)


def test_a_bounce_that_quotes_nothing_finds_its_mail(
    sent: int, people: Cast, come: Come, work: Work
) -> None:
    email = come(returned_to(sent, "Kein solches Fach: 550 5.1.1"), door=Door.LMTP, sent_from="")
    assert (email.outcome, email.ticket_id) == (Outcome.BOUNCE, people.ticket.id)
    assert "Kein solches Fach" in email.reason
    work()
    assert people.rosa.addresses[0].bounced_at is None  # nobody knows for sure


def test_one_that_a_server_reports_is_believed_at_the_return_path(
    sent: int, people: Cast, come: Come, work: Work
) -> None:
    raw = returned_to(
        sent,
        f"Your message could not be delivered.\n\n<{ROSA}>: 550 5.1.1 user unknown",
        sender="MAILER-DAEMON@far.example",
        subject="Undelivered mail",
    )
    assert come(raw, sent_from="").outcome is Outcome.BOUNCE
    work()
    assert mail_of(sent).state is Delivery.BOUNCED
    assert people.rosa.addresses[0].bounced_at is not None


def test_a_forged_return_path_marks_nothing(sent: int, people: Cast, come: Come) -> None:
    raw = returned_to(sent, "No such box", recipient="carl@harbor.example")
    come(raw, sent_from="")
    assert mail_of(sent).state is not Delivery.BOUNCED
    assert session.query(JournalEntry).filter_by(event="ReplyCameBack").count() == 0


def test_a_note_of_absence_at_the_return_path_is_no_bounce(sent: int, come: Come) -> None:
    raw = returned_to(sent, "I am away.", subject="Out of office", Auto_Submitted="auto-replied")
    assert come(raw, sent_from="").outcome is Outcome.AUTO


def test_each_mail_has_a_return_path_of_its_own_that_fits(sent: int, app: Flask) -> None:
    path = return_path(mail_of(sent))
    assert path == identity.return_address(sent, ROSA)
    assert len(path.partition("@")[0]) <= 64
