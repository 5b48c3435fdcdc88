"""No kind of work keeps the others waiting."""

import time
from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.core import journal, turns
from helpdesk.core.turns import TURN, Shares, Turn
from helpdesk.mail.jobs import deliver_due
from tests.mail.writing import write
from tests.servers.smtp import Sink
from tests.servers.valkey import Valkey

QUEUES = ("mail", "default", "slow")


def test_by_patience_as_long_as_nobody_had_much() -> None:
    shares = Shares(QUEUES)
    shares.give("mail", TURN * 0.4)
    assert shares.order() == ["mail", "default", "slow"]


def test_whoever_had_a_turn_comes_after_the_others() -> None:
    shares = Shares(QUEUES)
    shares.give("mail", TURN)
    assert shares.order() == ["default", "slow", "mail"]
    shares.give("default", TURN * 3)
    assert shares.order() == ["slow", "mail", "default"]


def test_under_a_mass_mail_the_others_get_half_of_the_time() -> None:
    shares, served = Shares(("mail", "default")), []
    for _ in range(1000):  # batches of mail of a full turn, and small jobs of a tenth of it
        name = shares.order()[0]
        served.append(name)
        shares.give(name, TURN if name == "mail" else TURN / 10)
    assert served.count("default") == pytest.approx(10 * served.count("mail"), rel=0.1)


def test_what_was_long_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = Shares(QUEUES)
    shares.give("mail", 8 * TURN)
    monkeypatch.setattr(turns, "FORGOTTEN", 1e-9)
    time.sleep(0.001)
    shares.give("slow", 0)
    assert shares.order() == ["mail", "default", "slow"]


@pytest.mark.databases("sqlite")
def test_a_batch_goes_on_while_nobody_else_waits(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN", 0)
    monkeypatch.setattr(turns, "LOOKS_EVERY", 0)
    turn = Turn("mail")
    deliver_due.wake()
    assert turn.goes_on(), "mail waits behind mail"
    journal.tell_untold.wake()
    assert not turn.goes_on()


@pytest.mark.databases("sqlite")
def test_a_batch_goes_on_while_redis_is_away(
    make_app: Callable[..., Flask], redis_server: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN", 0)
    redis_server.kill()
    with make_app().app_context():
        assert Turn("mail").goes_on()


@pytest.mark.databases("sqlite")
def test_a_mass_mail_pauses_for_others_and_is_taken_up_again(
    app: Flask, outbox: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN", 0)
    for _ in range(3):
        write()
    journal.tell_untold.wake()
    deliver_due()
    assert len(outbox) == 0
    monkeypatch.setattr(turns, "TURN", 60)
    deliver_due()
    assert len(outbox) == 3
