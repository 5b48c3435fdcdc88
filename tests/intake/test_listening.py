"""Mail servers hand in mails by SMTP and LMTP: acknowledged once stored, and never before."""

import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from helpdesk.core.db import session
from helpdesk.intake import listening
from helpdesk.intake.keeping import digest
from helpdesk.intake.models import Door, InboundEmail
from helpdesk.intake.queries import raw_of
from tests.intake.letters import letter
from tests.intake.servers import listening_on


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    with listening_on(app) as number:
        yield number


def rows() -> list[InboundEmail]:
    session.rollback()
    return session.query(InboundEmail).order_by(InboundEmail.id).all()


def send(port: int, raw: bytes, kind: type[smtplib.SMTP] = smtplib.SMTP, to: int = 1) -> None:
    recipients = [f"support+{number}@acorn-payroll.example" for number in range(to)]
    with kind("127.0.0.1", port, timeout=20) as server:
        server.sendmail("rosa@harbor.example", recipients, raw)


def test_a_mail_server_hands_in_a_mail(port: int) -> None:
    send(port, letter())
    [row] = rows()
    assert (row.door, row.sent_from, row.sent_to, row.sha256) == (
        Door.SMTP,
        "rosa@harbor.example",
        ["support+0@acorn-payroll.example"],
        digest(letter()),
    )


def test_lmtp_answers_for_each_recipient(port: int) -> None:
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as server:
        server.ehlo_or_helo_if_needed()
        server.mail("rosa@harbor.example")
        for name in ("a", "b", "c"):
            server.rcpt(f"{name}@acorn-payroll.example")
        server.putcmd("DATA")
        assert server.getreply()[0] == 354
        server.send(letter() + b".\r\n")
        assert [server.getreply()[0] for _ in range(3)] == [250, 250, 250]
        server.putcmd("NOOP")
        assert server.getreply()[0] == 250
    assert [row.door for row in rows()] == [Door.LMTP]


@pytest.mark.parametrize(
    "text",
    [
        ".",
        "..\r\n.\r\n...",
        "x" * 1_000_000,
        ".\r\n" * 1000,
        "a.\r\nb.\r\n.c\r\n",
        "ends with a dot.",
    ],
    ids=["dot", "dots", "long line", "many dots", "dots at ends", "last dot"],
)
def test_every_line_comes_through(port: int, text: str) -> None:
    raw = b"Subject: x\r\n\r\n" + text.encode() + b"\r\n"
    send(port, raw)
    assert raw_of(rows()[0]) == raw


def test_several_mails_come_by_one_connection(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        for number in range(3):
            server.sendmail("a@b.example", ["support@x.example"], letter(str(number)))
    assert len(rows()) == 3


def test_what_is_too_large_is_refused_for_ever(app: Flask, make_app: Callable[..., Flask]) -> None:
    with listening_on(make_app(max_mail_mb=1)) as port:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
            server.helo("client")  # which announces no size
            server.mail("a@b.example")
            server.rcpt("support@x.example")
            code, _ = server.data(b"x" * 80 + b"\r\n" + b"y\r\n" * 600_000)
        assert code == 552
    assert rows() == []


def test_an_empty_mail_is_refused_for_ever(port: int) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(port, b"")
    assert refused.value.smtp_code == 554


@contextmanager
def database_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def gone(*_args: object, **_kwargs: object) -> None:
        raise OSError("no route to the database")

    with monkeypatch.context() as patch:
        patch.setattr(listening, "keep", gone)
        yield


def test_without_a_database_the_sender_keeps_the_mail(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database_away(monkeypatch), pytest.raises(smtplib.SMTPDataError) as refused:
        send(port, letter())
    assert refused.value.smtp_code == 451
    send(port, letter())
    assert len(rows()) == 1


def test_the_same_mail_by_many_connections_is_one_row(port: int) -> None:
    threads = [threading.Thread(target=send, args=(port, letter())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.arrivals for row in rows()] == [8]


def test_what_a_hasty_sender_writes_after_a_mail_is_the_next_command(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        server.ehlo()
        server.mail("rosa@harbor.example")
        server.rcpt("support@acorn-payroll.example")
        server.docmd("DATA")
        server.send(letter() + b".\r\nNOOP\r\nRSET\r\n")
        assert [server.getreply()[0] for _ in range(3)] == [250, 250, 250]
    assert len(rows()) == 1


def test_a_mail_may_arrive_byte_by_byte(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        server.ehlo()
        server.mail("rosa@harbor.example")
        server.rcpt("support@acorn-payroll.example")
        server.docmd("DATA")
        for byte in letter("..a.") + b".\r\n":
            server.send(bytes([byte]))
        assert server.getreply()[0] == 250
    assert [row.sha256 for row in rows()] == [digest(letter(".a."))]


def test_a_mail_that_breaks_off_is_not_taken(port: int) -> None:
    server = smtplib.SMTP("127.0.0.1", port, timeout=20)
    server.ehlo()
    server.mail("rosa@harbor.example")
    server.rcpt("support@acorn-payroll.example")
    server.docmd("DATA")
    server.send(letter())
    server.close()
    assert rows() == []
