"""Workers are killed with -9 while they plan, write and send surveys: each invitation is mailed at
most once, and every one is accounted for."""

import pytest
from sqlalchemy import func, select

from bench.crowd import fill
from helpdesk.core.db import session, transaction
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import Delivery
from helpdesk.surveys.jobs import send_due
from helpdesk.surveys.models import Invitation, State
from tests.faults.lab import Lab, trials

pytestmark = [pytest.mark.faults, pytest.mark.processes]

POINTS = ("after_claim", "after_send", "before_result", "after_result")
SHARE = 0.1
"""Of the mails that the server takes, so many get no answer."""


def waiting() -> int:
    with transaction(write=False):
        statement = select(func.count()).where(Invitation.state == State.WAITING)
        return session.scalar(statement) or 0


def wake() -> None:
    send_due.wake()
    deliver_due.wake()


def done(lab: Lab) -> bool:
    wake()
    return not waiting() and lab.settled()


def test_no_invitation_is_mailed_twice_and_none_is_lost() -> None:
    kills = trials(6, 300)
    with Lab(share=SHARE) as lab:
        fill(invitations := 20 + 10 * kills)
        for trial in range(kills):
            variables = {"CRASH_AT": f"{POINTS[trial % len(POINTS)]}:0.1"} if trial % 3 else {}
            worker = lab.start("worker", **variables)
            wake()
            lab.pause(1.0)
            if horse := lab.horse_of(worker):
                lab.kill(horse)
            lab.kill(worker)
        lab.start("worker")
        lab.wait_until(lambda: done(lab), 200, "every invitation has its outcome")
        account_for(lab, invitations)


def account_for(lab: Lab, invitations: int) -> None:
    taken, mails = lab.taken(), lab.mails()
    assert max(taken.values()) == 1, "one was mailed twice"
    assert len(mails) == invitations, "one invitation, one mail"
    assert {mail.state for mail in mails} <= {Delivery.ACCEPTED, Delivery.IN_DOUBT}
    accepted = {mail.message_id for mail in mails if mail.state is Delivery.ACCEPTED}
    assert accepted <= set(taken), "what is called accepted was taken"
    with transaction(write=False):
        states = select(Invitation.state, func.count()).group_by(Invitation.state)
        assert [tuple(row) for row in session.execute(states)] == [(State.SENT, invitations)]
        mailed = select(func.count(func.distinct(Invitation.email_id)))
        assert session.scalar(mailed) == invitations
