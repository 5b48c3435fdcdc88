"""What tests stand on: nothing but this machine is reached, and the mail server can misbehave."""

import smtplib
import socket
from collections.abc import Iterator

import pytest

from tests.servers.loopback import NotLoopback
from tests.servers.smtp import Sink, text_of

MAIL = "From: us@acorn-payroll.example\r\nSubject: Hello\r\n\r\nGood morning.\r\n"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture
def sender(sink: Sink) -> Iterator[smtplib.SMTP]:
    host, _, port = sink.url.removeprefix("smtp://").partition(":")
    sender = smtplib.SMTP(host, int(port), timeout=5)
    yield sender
    sender.close()


def send(sender: smtplib.SMTP) -> None:
    sender.sendmail("us@acorn-payroll.example", ["rosa@example.com"], MAIL)


def test_another_machine_cannot_be_reached() -> None:
    with pytest.raises(NotLoopback):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(NotLoopback):
        socket.create_connection(("example.com", 80), timeout=1)


def test_the_sink_keeps_what_it_is_sent(sink: Sink, sender: smtplib.SMTP) -> None:
    send(sender)
    assert sink.last["Subject"] == "Hello"
    assert text_of(sink.to("rosa@example.com")[0]).strip() == "Good morning."
    assert sink.to("somebody@example.com") == []


def test_the_sink_can_refuse(sink: Sink, sender: smtplib.SMTP) -> None:
    sink.refuse = "550 No such user"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(sender)
    sink.refuse, sink.refuse_data = None, "451 Try again later"
    with pytest.raises(smtplib.SMTPDataError):
        send(sender)
    assert len(sink) == 0


def test_the_sink_can_take_a_mail_and_not_say_so(sink: Sink, sender: smtplib.SMTP) -> None:
    sink.die_after_data = True
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(sender)
    assert len(sink) == 1
