"""Workers are killed with -9 while they send: nothing that must not go twice does, and nothing is
lost without being listed."""

import pytest

from helpdesk.mail.models import Delivery
from tests.faults.lab import Lab, trials
from tests.mail.writing import write
from tests.servers.postgres import postgresql

pytestmark = [pytest.mark.faults, pytest.mark.processes]

POINTS = ("before_claim", "after_claim", "after_send", "before_result", "after_result")


def write_one_of_each(lab: Lab) -> None:
    """A survey, which goes at most once, and a reply, which goes at least once."""
    write(kind="survey", at_most_once=True)
    write(kind="reply")


def settle(lab: Lab) -> None:
    """Let one worker that nobody kills finish the work."""
    lab.start("worker")
    lab.wait_until(lab.settled, 120, "every mail has its outcome")


def account_for(lab: Lab) -> dict[Delivery, int]:
    """Compare what the rows say with what the mail server took; how many are in each state."""
    taken, mails = lab.taken(), lab.mails()
    surveys = [mail for mail in mails if mail.at_most_once]
    replies = [mail for mail in mails if not mail.at_most_once]
    assert not [m.id for m in surveys if taken[m.message_id] > 1], "a survey went twice"
    listed = {m.message_id for m in surveys if m.state is Delivery.IN_DOUBT}
    unaccounted = {
        m.message_id for m in surveys if m.state is not Delivery.ACCEPTED or not taken[m.message_id]
    }
    assert listed == unaccounted, "what is in doubt is what is listed"
    assert not [m.id for m in replies if not taken[m.message_id]], "a reply was lost"
    assert {m.state for m in replies} == {Delivery.ACCEPTED}
    assert set(taken) <= {m.message_id for m in mails}, "a double under another id"
    return {state: sum(mail.state is state for mail in mails) for state in Delivery}


def test_killed_at_random_moments() -> None:
    with Lab() as lab:
        lab.start("clock")
        worker = lab.start("worker")
        for n in range(trials(8, 300)):
            write_one_of_each(lab)
            lab.pause(0.4)
            horse = lab.horse_of(worker)
            if n % 2 and horse is not None:
                lab.kill(horse)
            else:
                lab.kill(worker)
                worker = lab.start("worker")
        settle(lab)
        account_for(lab)


def test_killed_at_random_moments_on_postgresql() -> None:
    with postgresql() as url, Lab(database_url=url) as lab:
        lab.start("clock")
        worker = lab.start("worker")
        for _ in range(trials(4, 300)):
            write_one_of_each(lab)
            lab.pause(0.4)
            lab.kill(worker)
            worker = lab.start("worker")
        settle(lab)
        account_for(lab)


def test_killed_at_every_named_point() -> None:
    with Lab() as lab:
        lab.start("clock")
        for _ in range(trials(1, 60)):
            for point in POINTS:
                write_one_of_each(lab)
                mortal = lab.start("worker", CRASH_AT=f"{point}:0.5")
                lab.pause(1.0)
                lab.kill(mortal)
        settle(lab)
        account_for(lab)


def test_a_mail_server_that_takes_and_does_not_say_so() -> None:
    with Lab(share=0.5) as lab:
        lab.start("clock")
        for _ in range(trials(4, 100)):
            write_one_of_each(lab)
        settle(lab)
        counts = account_for(lab)
        assert counts[Delivery.IN_DOUBT], "the server did not misbehave"


def test_two_workers_never_send_the_same_mail() -> None:
    with Lab() as lab:
        for _ in range(trials(10, 200)):
            write_one_of_each(lab)
        for _ in range(3):
            lab.start("worker")
        lab.start("clock")
        lab.wait_until(lab.settled, 120, "every mail has its outcome")
        assert set(lab.taken().values()) == {1}
