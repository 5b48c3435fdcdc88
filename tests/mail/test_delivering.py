"""A mail goes out once its change is kept, and its row says how that went."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.core import turns
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.mail import jobs, outbound
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import LAPSED, LEASE, MAX_ATTEMPTS, Delivery
from tests.conftest import Clock
from tests.mail.writing import mail, row, write
from tests.servers.smtp import Sink, text_of
from tests.servers.valkey import Valkey
from tests.work import Work


def test_a_mail_goes_as_soon_as_it_is_kept(app: Flask, work: Work, outbox: Sink) -> None:
    email_id = write(words="We are on it.")
    work()
    assert "We are on it." in text_of(outbox.last)
    assert mail(email_id).state is Delivery.ACCEPTED
    assert mail(email_id).accepted_at


def test_it_travels_under_the_id_of_its_row(app: Flask, work: Work, outbox: Sink) -> None:
    email_id = write()
    work()
    assert outbox.last["Message-ID"] == mail(email_id).message_id


def test_nothing_goes_when_the_change_is_dropped(app: Flask, work: Work, outbox: Sink) -> None:
    with transaction() as current:
        outbound.write(
            kind="reply", to="a@b.example", subject="s", template="letter", context={"words": ""}
        )
        current.drop()
    work.tick()
    assert len(outbox) == 0


def test_a_delayed_mail_waits(app: Flask, clock: Clock, outbox: Sink) -> None:
    write(delay=timedelta(seconds=10))
    deliver_due()
    assert len(outbox) == 0
    clock.move(seconds=10)
    deliver_due()
    assert len(outbox) == 1


def test_a_mail_taken_back_in_time_never_goes(app: Flask, clock: Clock, outbox: Sink) -> None:
    email_id = write(delay=timedelta(seconds=10))
    with transaction():
        assert outbound.withdraw(email_id)
    clock.move(minutes=1)
    deliver_due()
    assert len(outbox) == 0
    assert mail(email_id).state is Delivery.WITHDRAWN


def test_what_went_cannot_be_taken_back(app: Flask, outbox: Sink) -> None:
    email_id = write()
    deliver_due()
    with transaction():
        assert not outbound.withdraw(email_id)
    assert mail(email_id).state is Delivery.ACCEPTED


def test_a_second_worker_finds_nothing_left(app: Flask, work: Work, outbox: Sink) -> None:
    write()
    deliver_due()
    work.tick()
    assert len(outbox) == 1


def test_redis_away_delays_a_mail_and_loses_nothing(
    app: Flask, redis_server: Valkey, outbox: Sink
) -> None:
    redis_server.kill()
    email_id = write()
    assert mail(email_id).state is Delivery.QUEUED
    deliver_due()
    assert len(outbox) == 1


def test_a_refusal_for_ever_is_a_bounce_with_its_reason(app: Flask, outbox: Sink) -> None:
    outbox.refuse = "550 no such user"
    email_id = write()
    deliver_due()
    assert mail(email_id).state is Delivery.BOUNCED
    assert mail(email_id).last_error == "550 no such user"


@pytest.mark.parametrize("at_most_once", [False, True])
def test_a_refusal_for_now_is_tried_again_later(
    app: Flask, clock: Clock, outbox: Sink, at_most_once: bool
) -> None:
    outbox.refuse_data = "452 disk full"
    email_id = write(at_most_once=at_most_once)
    deliver_due()
    assert mail(email_id).state is Delivery.QUEUED
    assert mail(email_id).last_error == "452 disk full"
    outbox.refuse_data = None
    deliver_due()
    assert len(outbox) == 0, "not at once"
    clock.move(seconds=30)
    deliver_due()
    assert mail(email_id).state is Delivery.ACCEPTED


def test_each_wait_is_longer_and_in_the_end_a_person_decides(app: Flask, clock: Clock) -> None:
    email_id, waits = write(), []
    with transaction():
        email = row(email_id)
        while email.state is not Delivery.PARKED:
            email.claim(now())
            email.postpone(now(), "452 disk full")
            if email.next_try_at:
                waits.append(email.next_try_at - now())
    assert waits == sorted(waits)
    assert len(waits) == MAX_ATTEMPTS - 1
    assert timedelta(days=4) < sum(waits, timedelta()) < timedelta(days=6)


def test_one_mail_in_trouble_holds_up_no_other(app: Flask, outbox: Sink) -> None:
    broken = write(headers={"X-Broken": "a\nb"})
    fine = write()
    deliver_due()
    assert mail(broken).state is Delivery.PARKED
    assert mail(fine).state is Delivery.ACCEPTED


def test_a_server_that_is_away_is_asked_once_a_batch(
    make_app: Callable[..., Flask],
) -> None:
    with make_app(smtp_url="smtp://127.0.0.1:1").app_context():
        first, second = write(), write()
        deliver_due()
        assert "cannot be used" in (mail(first).last_error or "")
        assert mail(second).attempts == 0


def test_a_survey_that_may_have_been_taken_is_in_doubt_and_stays_there(
    app: Flask, clock: Clock, outbox: Sink
) -> None:
    outbox.die_after_data = True
    email_id = write(at_most_once=True)
    deliver_due()
    assert mail(email_id).state is Delivery.IN_DOUBT
    outbox.die_after_data = False
    clock.move(days=3)
    deliver_due()
    assert len(outbox) == 1


def test_a_reply_that_may_have_been_taken_goes_again_under_its_id(
    app: Flask, clock: Clock, outbox: Sink
) -> None:
    outbox.die_after_data = True
    email_id = write()
    deliver_due()
    outbox.die_after_data = False
    clock.move(minutes=1)
    deliver_due()
    assert [message["Message-ID"] for message in outbox.messages] == [mail(email_id).message_id] * 2
    assert mail(email_id).state is Delivery.ACCEPTED


def claimed(*, at_most_once: bool = False) -> int:
    """A mail that a worker took up and never reported on."""
    email_id = write(at_most_once=at_most_once)
    with transaction():
        row(email_id).claim(now())
    return email_id


def test_a_claim_is_respected_while_its_lease_runs(app: Flask, clock: Clock, outbox: Sink) -> None:
    claimed()
    clock.move(seconds=LEASE.total_seconds() - 1)
    deliver_due()
    assert len(outbox) == 0


def test_after_the_lease_a_reply_goes(app: Flask, clock: Clock, outbox: Sink) -> None:
    email_id = claimed()
    clock.move(seconds=LEASE.total_seconds())
    deliver_due()
    assert len(outbox) == 1
    assert mail(email_id).state is Delivery.ACCEPTED


def test_after_the_lease_a_survey_is_in_doubt(app: Flask, clock: Clock, outbox: Sink) -> None:
    email_id = claimed(at_most_once=True)
    clock.move(seconds=LEASE.total_seconds())
    deliver_due()
    assert len(outbox) == 0
    assert mail(email_id).state is Delivery.IN_DOUBT
    assert mail(email_id).last_error == LAPSED


def test_a_mail_that_keeps_ending_its_worker_is_parked(app: Flask, clock: Clock) -> None:
    email_id = write()
    with transaction():
        email = row(email_id)
        while email.state is not Delivery.PARKED:
            email.claim(now())
            clock.move(seconds=LEASE.total_seconds())
            email.lapse(now())
            assert email.attempts < 10
        assert email.last_error == LAPSED


def test_a_late_report_beats_the_doubt(app: Flask, clock: Clock, outbox: Sink) -> None:
    email_id = claimed(at_most_once=True)
    taken = mail(email_id)
    session.expunge(taken)
    clock.move(seconds=LEASE.total_seconds())
    deliver_due()
    with transaction():
        jobs._write_down(
            jobs.Claimed(taken, is_troubled=False), lambda email: email.accept(now()), None
        )
    assert mail(email_id).state is Delivery.ACCEPTED


def test_a_report_on_somebody_elses_claim_changes_nothing(
    app: Flask, clock: Clock, outbox: Sink
) -> None:
    email_id = claimed()
    taken = mail(email_id)
    session.expunge(taken)
    taken.claimed_at = now() - timedelta(minutes=9)
    with transaction():
        jobs._write_down(
            jobs.Claimed(taken, is_troubled=False), lambda email: email.bounce("550 late"), None
        )
    assert mail(email_id).state is Delivery.SENDING


def test_a_link_that_signs_in_is_wiped_once_it_went(app: Flask, outbox: Sink) -> None:
    email_id = write(words="https://help.example/secret", secret=True)
    deliver_due()
    assert "secret" in text_of(outbox.last)
    assert (mail(email_id).text, mail(email_id).html) == ("", "")


def test_a_demo_keeps_its_mails_to_be_read(make_app: Callable[..., Flask], outbox: Sink) -> None:
    with make_app(demo=True, smtp_url=None).app_context():
        email_id = write(words="https://help.example/secret", secret=True)
        deliver_due()
        assert mail(email_id).state is Delivery.ACCEPTED
        assert "secret" in mail(email_id).text
    assert len(outbox) == 0


def test_a_batch_ends_before_its_job_must(
    app: Flask, outbox: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "BATCH_SECONDS", 0)
    write()
    deliver_due()
    assert len(outbox) == 0
