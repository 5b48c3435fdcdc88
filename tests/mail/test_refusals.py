"""A mail that was refused for ever: what that says about the address, and about other mails."""

from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.mail import actions, outbound
from helpdesk.mail.jobs import deliver_due, forget_secrets
from helpdesk.mail.models import DECIDED_WITHIN, Delivery
from tests.cast import Cast
from tests.conftest import Clock
from tests.mail.writing import mail, row, write
from tests.servers.smtp import Sink
from tests.visitor import Visitor
from tests.work import Work

SECRET = "https://help.example/secret"


def bounces(people: Cast) -> bool:
    session.rollback()
    return people.rosa.addresses[0].bounced_at is not None


def test_an_address_that_nobody_has_is_marked(people: Cast, work: Work, outbox: Sink) -> None:
    work()
    outbox.refuse = "550 5.1.1 no such user"
    write()
    work()
    assert bounces(people)


def test_a_mail_refused_for_what_it_says_blames_no_address(
    people: Cast, work: Work, outbox: Sink
) -> None:
    work()
    outbox.refuse_data = "554 5.7.1 message content rejected"
    email_id = write()
    work()
    assert mail(email_id).state is Delivery.BOUNCED
    assert mail(email_id).last_error == "554 5.7.1 message content rejected"
    assert not bounces(people)


def wiped(email_id: int) -> bool:
    email = mail(email_id)
    return SECRET not in f"{email.text} {email.html} {email.headers}"


def refused(outbox: Sink) -> int:
    outbox.refuse = "550 no such user"
    email_id = write(words=SECRET, secret=True, headers={"List-Unsubscribe": f"<{SECRET}>"})
    deliver_due()
    outbox.refuse = None
    assert mail(email_id).state is Delivery.BOUNCED
    return email_id


def test_a_secret_goes_with_a_mail_that_is_taken_back(app: Flask) -> None:
    email_id = write(words=SECRET, secret=True, delay=timedelta(seconds=10))
    with transaction():
        assert outbound.withdraw(email_id)
    assert wiped(email_id)


def test_a_secret_goes_from_every_part_of_an_accepted_mail(app: Flask, outbox: Sink) -> None:
    email_id = write(words=SECRET, secret=True, headers={"List-Unsubscribe": f"<{SECRET}>"})
    deliver_due()
    assert SECRET in outbox.last["List-Unsubscribe"]
    assert wiped(email_id)


def test_what_was_refused_can_be_sent_again_for_a_week(
    people: Cast, clock: Clock, outbox: Sink
) -> None:
    email_id = refused(outbox)
    clock.move(days=DECIDED_WITHIN.days, seconds=-1)
    forget_secrets()
    with transaction():
        actions.send_again(row(email_id), by=people.ada)
    deliver_due()
    assert mail(email_id).state is Delivery.ACCEPTED


def test_after_a_week_its_secret_is_gone_and_it_cannot(
    people: Cast, clock: Clock, outbox: Sink, client: Visitor
) -> None:
    email_id = refused(outbox)
    plain = write(words="Nothing secret.")
    clock.move(days=DECIDED_WITHIN.days)
    forget_secrets()
    assert wiped(email_id)
    assert mail(plain).text
    with pytest.raises(Conflict), transaction():
        actions.send_again(row(email_id), by=people.ada)
    page = client.sign_in(people.ada).get("/admin/work?state=bounced").text
    assert "Its text held a link, and is gone." in page


def test_a_mail_that_a_person_leaves_loses_its_secret(people: Cast, outbox: Sink) -> None:
    email_id = refused(outbox)
    with transaction():
        actions.leave(row(email_id), by=people.ada)
    assert wiped(email_id)
    assert mail(email_id).state is Delivery.WITHDRAWN
