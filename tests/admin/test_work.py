"""Work that waits for a person: what is in doubt, refused or parked, and what may be done."""

import pytest
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import Delivery
from tests.cast import Cast
from tests.mail.writing import mail, row, write
from tests.servers.smtp import Sink
from tests.visitor import Visitor
from tests.work import Work

SUE = "sue@elsewhere.example"


def in_doubt(subject: str = "How did we do?") -> int:
    email_id = write(SUE, subject=subject, at_most_once=True)
    with transaction():
        row(email_id).claim(now())
        row(email_id).lose_sight(now(), "No answer came.")
    return email_id


def test_what_is_in_doubt_is_listed_with_its_reason(ada: Visitor) -> None:
    in_doubt()
    page = ada.get("/admin/work").text
    assert "How did we do?" in page
    assert "No answer came." in page


@pytest.mark.parametrize("state", ["in_doubt", "parked", "bounced", "queued", "sending"])
def test_every_state_has_its_list(ada: Visitor, state: str) -> None:
    assert ada.get(f"/admin/work?state={state}").status_code == 200


def test_an_invented_state_is_not_found(ada: Visitor) -> None:
    assert ada.get("/admin/work?state=lost").status_code == 404


def test_a_mail_in_doubt_goes_again_when_a_person_says_so(
    people: Cast, ada: Visitor, work: Work, outbox: Sink
) -> None:
    email_id = in_doubt()
    ada.post(f"/admin/work/mails/{email_id}/sending")
    work()
    assert [message["Message-ID"] for message in outbox.to(SUE)] == [mail(email_id).message_id]
    assert mail(email_id).state is Delivery.ACCEPTED
    entry = session.scalar(select(JournalEntry).where(JournalEntry.event == "MailSentAgain"))
    assert entry is not None
    assert entry.actor_id == people.ada.id


def test_sending_again_twice_sends_once(ada: Visitor, work: Work, outbox: Sink) -> None:
    email_id = in_doubt()
    assert ada.post(f"/admin/work/mails/{email_id}/sending").status_code == 303
    assert ada.post(f"/admin/work/mails/{email_id}/sending").status_code == 409
    work()
    assert len(outbox.to(SUE)) == 1


def test_what_is_left_is_listed_no_more(ada: Visitor, work: Work, outbox: Sink) -> None:
    email_id = in_doubt()
    ada.post(f"/admin/work/mails/{email_id}/leaving")
    work.tick()
    assert not outbox.to(SUE)
    assert "How did we do?" not in ada.get("/admin/work?state=in_doubt").text


def test_a_mail_that_went_needs_no_decision(ada: Visitor, outbox: Sink) -> None:
    email_id = write()
    deliver_due()
    assert ada.post(f"/admin/work/mails/{email_id}/sending").status_code == 409
    assert ada.post(f"/admin/work/mails/{email_id}/leaving").status_code == 409


def test_a_bounced_link_that_signs_in_cannot_go_again(ada: Visitor, outbox: Sink) -> None:
    outbox.refuse = "550 no such user"
    email_id = write(secret=True)
    deliver_due()
    with transaction():
        row(email_id).wipe()
    assert ada.post(f"/admin/work/mails/{email_id}/sending").status_code == 409


def test_a_parked_entry_is_listed_and_told_again(people: Cast, ada: Visitor, work: Work) -> None:
    work()
    with transaction():
        entry = session.scalars(select(JournalEntry)).first()
        assert entry is not None
        entry.parked_at, entry.error, entry.attempts = now(), "It failed: ValueError", 9
        entry_id = entry.id
    assert "It failed: ValueError" in ada.get("/admin/work").text
    assert ada.post(f"/admin/work/entries/{entry_id}/telling").status_code == 303
    work()
    session.rollback()
    again = session.get_one(JournalEntry, entry_id)
    assert (again.parked_at, again.tell_at, again.error) == (None, None, None)


def test_an_entry_that_is_not_parked_cannot_be_told_again(people: Cast, ada: Visitor) -> None:
    entry_id = session.scalars(select(JournalEntry.id)).first()
    assert ada.post(f"/admin/work/entries/{entry_id}/telling").status_code == 404


def test_a_worker_that_is_missed_is_named(ada: Visitor) -> None:
    assert "not seen" in ada.get("/admin/work").text
