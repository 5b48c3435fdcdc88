"""Where one domain's server asks us to wait, mails to others go on; and no domain gets more at once
or a minute than it should."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.settings import settings
from helpdesk.mail import jobs, throttle
from helpdesk.mail.models import Delivery, OutboundEmail, RecipientDomain
from helpdesk.mail.transport import Deferred
from tests.conftest import Clock
from tests.mail.writing import row, write


class Carrier:
    """Takes what is not for a slow domain."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.tried: list[str] = []
        self.slow = {"slow.example"}

    def send(self, _message: object, _path: str, to: str) -> None:
        self.tried.append(to)
        if throttle.domain_of(to) in self.slow:
            raise Deferred("451 4.7.1 later, please")
        self.sent.append(to)

    def close(self) -> None:
        pass


@pytest.fixture
def carrier(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    made = Carrier()
    monkeypatch.setattr(jobs, "transport", lambda: made)
    return made


def domain(name: str) -> RecipientDomain | None:
    session.rollback()
    return session.get(RecipientDomain, name)


def test_a_domain_that_defers_waits_and_others_go_on(carrier: Carrier) -> None:
    for number in range(6):
        write(to=f"{number}@slow.example")
    write(to="rosa@harbor.example")
    jobs.deliver_due()
    assert carrier.sent == ["rosa@harbor.example"]
    assert len(carrier.tried) == 3  # two of them, and then no more
    found = domain("slow.example")
    assert found is not None
    assert found.wait_until > now()
    assert "4.7.1" in (found.last_error or "")


def test_it_goes_on_after_the_pause_and_is_forgotten(carrier: Carrier, clock: Clock) -> None:
    for number in range(4):
        write(to=f"{number}@slow.example")
    jobs.deliver_due()
    carrier.slow.clear()
    jobs.deliver_due()
    assert carrier.sent == []
    clock.move(minutes=3)
    jobs.deliver_due()
    assert len(carrier.sent) == 4
    assert domain("slow.example") is None


def test_one_deferral_is_greylisting_and_stops_nobody_else(carrier: Carrier) -> None:
    write(to="a@slow.example")
    jobs.deliver_due()
    carrier.slow.clear()
    write(to="b@slow.example")
    jobs.deliver_due()
    assert carrier.sent == ["b@slow.example"]


def test_only_so_many_a_minute_go_to_one_domain(carrier: Carrier, clock: Clock) -> None:
    object.__setattr__(settings(), "mail_domain_rate", 2)
    try:
        for number in range(3):
            write(to=f"{number}@harbor.example")
        write(to="x@elsewhere.example")
        jobs.deliver_due()
        assert carrier.sent == ["0@harbor.example", "x@elsewhere.example"]
        clock.move(seconds=31)
        jobs.deliver_due()
        assert len(carrier.sent) == 3
    finally:
        object.__setattr__(settings(), "mail_domain_rate", 0)


def test_only_so_many_are_under_way_to_one_domain_at_once(carrier: Carrier) -> None:
    numbers = [write(to=f"{number}@harbor.example") for number in range(6)]
    with transaction():
        for number in numbers[:5]:
            session.get_one(OutboundEmail, number).claim(now() + timedelta(seconds=1))
    write(to="x@elsewhere.example")
    jobs.deliver_due()
    assert carrier.sent == ["x@elsewhere.example"]
    assert row(numbers[5]).state is Delivery.QUEUED
    assert session.scalar(select(RecipientDomain)) is None
