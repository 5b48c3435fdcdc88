"""Mailboxes are read by IMAP: a mail is marked once it is stored, none is lost, and none comes
twice, whatever the server does with its numbers."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.sealing import seal
from helpdesk.intake import fetching
from helpdesk.intake.connecting import PURPOSE, Unreachable, connected, source_of
from helpdesk.intake.fetching import look_into, read_all
from helpdesk.intake.models import InboundEmail, Mailbox, Security, SignIn
from tests.intake.letters import letter
from tests.servers.dovecot import Dovecot
from tests.servers.imap import ImapServer
from tests.servers.ports import free_port


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer() as server:
        yield server


def mailbox(server: ImapServer | Dovecot, **values: object) -> int:
    """A mailbox of ours on that server."""
    given: dict[str, object] = {
        "address": "support@acorn-payroll.example",
        "host": "127.0.0.1",
        "port": server.port,
        "security": Security.NONE,
        "sign_in": SignIn.PASSWORD,
        "user": server.user,
        "secret": seal(PURPOSE, server.password),
        "created_at": now(),
    }
    with transaction():
        row = Mailbox(**{**given, **values})
        session.add(row)
        session.flush()
        return row.id


def look(app: Flask, number: int) -> int:
    """Look into it once."""
    session.rollback()
    source = source_of(session.get_one(Mailbox, number))
    session.rollback()
    with connected(source) as box:
        return look_into(app, source, box)


def stored() -> int:
    session.rollback()
    return session.query(InboundEmail).count()


def mail(number: int) -> bytes:
    return letter(str(number), message_id=f"<{number}@x.example>")


def test_what_is_there_is_stored_and_marked(app: Flask, server: ImapServer) -> None:
    server.add(mail(1))
    server.add(mail(2), "INBOX", r"\Seen")  # dealt with before there was a helpdesk
    number = mailbox(server)
    assert (look(app, number), stored()) == (1, 1)
    assert server.flags() == [{r"\Seen"}, {r"\Seen"}]
    assert session.query(InboundEmail).one().mailbox_id == number


def test_a_mail_that_somebody_looked_at_first_is_stored_all_the_same(
    app: Flask, server: ImapServer
) -> None:
    number = mailbox(server)
    look(app, number)
    server.add(mail(1), "INBOX", r"\Seen")
    assert (look(app, number), stored()) == (1, 1)


def test_nothing_comes_twice(app: Flask, server: ImapServer) -> None:
    number = mailbox(server)
    server.add(mail(1))
    assert [look(app, number) for _ in range(3)] == [1, 0, 0]


def test_numbers_given_anew_double_and_lose_nothing(app: Flask, server: ImapServer) -> None:
    number = mailbox(server)
    for each in range(3):
        server.add(mail(each))
    look(app, number)
    server.add(mail(3), "INBOX", r"\Seen")
    server.renumber()
    server.add(mail(4))
    look(app, number)
    assert stored() == 5
    assert look(app, number) == 0


def test_a_mail_that_could_not_be_stored_is_not_marked(
    app: Flask, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = mailbox(server)
    server.add(mail(1))
    with monkeypatch.context() as patch:
        patch.setattr(fetching, "keep", lambda *_args, **_kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            look(app, number)
    assert server.flags() == [set()]
    assert (look(app, number), stored()) == (1, 1)


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 MOVE", "IMAP4rev1"])
def test_what_was_taken_can_be_moved(app: Flask, capabilities: str) -> None:
    with ImapServer(capabilities) as server:
        server.add(mail(1))
        assert look(app, mailbox(server, move_to="Done")) == 1
        assert (len(server.flags("INBOX")), len(server.flags("Done"))) == (0, 1)


def test_a_token_lets_in(app: Flask, server: ImapServer) -> None:
    server.add(mail(1))
    secret = seal(PURPOSE, server.token)
    assert look(app, mailbox(server, sign_in=SignIn.XOAUTH2, secret=secret)) == 1


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ({"port": free_port()}, "connection"),
        ({"security": Security.TLS}, "TLS"),
        ({"host": "192.0.2.1"}, "TLS"),
        ({"user": "somebody"}, "password"),
        ({"secret": "env:NO_SUCH_VARIABLE"}, "password"),
        ({"secret": "1:tampered"}, "password"),
        ({"folder": "Nothing here"}, "folder"),
        ({"sign_in": SignIn.XOAUTH2, "token_url": "http://tokens.example/"}, "token"),
    ],
)
def test_what_is_wrong_is_said(
    app: Flask, server: ImapServer, values: dict[str, object], step: str
) -> None:
    with pytest.raises(Unreachable) as wrong:
        look(app, mailbox(server, **values))
    assert wrong.value.step == step


def test_a_host_that_is_not_there_is_said(
    app: Flask, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror

    number = mailbox(server, host="nowhere.invalid", security=Security.TLS)
    source = source_of(session.get_one(Mailbox, number))
    with monkeypatch.context() as patch, pytest.raises(Unreachable) as wrong:
        patch.setattr(socket, "getaddrinfo", unknown)
        with connected(source):
            pass
    assert wrong.value.step == "DNS"


def test_mail_is_fetched_as_it_comes(app: Flask, server: ImapServer) -> None:
    first = mailbox(server)
    mailbox(server, address="sales@acorn-payroll.example", folder="Done")
    stop = threading.Event()
    readers = threading.Thread(target=read_all, args=(app, stop))
    readers.start()
    try:
        for each, folder in ((1, "INBOX"), (2, "Done"), (3, "INBOX")):
            server.add(mail(each), folder)
            wait_for(each)
    finally:
        with transaction():
            for row in session.query(Mailbox):
                row.active = False
        stop.set()
        readers.join()
    assert {row.mailbox_id for row in session.query(InboundEmail)} == {first, first + 1}


def wait_for(count: int) -> None:
    give_up_at = time.monotonic() + 30
    while stored() < count:
        assert time.monotonic() < give_up_at, "it was not fetched"
        time.sleep(0.05)


def test_a_secret_is_never_stored_as_it_is(app: Flask, server: ImapServer) -> None:
    number = mailbox(server)
    assert server.password not in session.get_one(Mailbox, number).secret
