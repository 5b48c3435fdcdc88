"""Talking to a mail server: after every way it can go wrong we know what may be done next."""

import socket
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest

from helpdesk.mail import smtp
from helpdesk.mail.smtp import MailServer
from helpdesk.mail.transport import Deferred, NotTaken, Refused, ServerAway, Unknown
from tests.servers.ports import free_port

GOOD = {
    "HELLO": "220 hello",
    "EHLO": "250 sink",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    "DOT": "250 taken",
    "RSET": "250 OK",
    "QUIT": "221 bye",
}
HANG_UP = ""


class Script:
    """A mail server that says what it is told to; an empty line hangs up instead."""

    def __init__(self, lines: dict[str, str]) -> None:
        self.lines = {**GOOD, **lines}
        self.heard: list[str] = []
        self.mails: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                if self._say(talk, "HELLO"):
                    self._listen(talk)

    def _listen(self, talk: object) -> None:
        for raw in talk:  # type: ignore[attr-defined]  # a file
            word = raw.decode().strip()
            self.heard.append(word)
            key = word.split(" ")[0].upper()
            if not self._say(talk, key):
                return
            if key == "DATA" and self.lines["DATA"].startswith("354"):
                if not self._take(talk):
                    return
                if not self._say(talk, "DOT") or "LEAVING" in self.lines:
                    return

    def _take(self, talk: object) -> bool:
        """One mail; False where it was never whole."""
        mail: list[bytes] = []
        for raw in talk:  # type: ignore[attr-defined]  # a file
            if raw == b".\r\n":
                self.mails.append(b"".join(mail))
                return True
            mail.append(raw)
        return False

    def _say(self, talk: object, key: str) -> bool:
        if answer := self.lines.get(key, "500 what?"):
            talk.write(f"{answer}\r\n".encode())  # type: ignore[attr-defined]  # a file
            talk.flush()  # type: ignore[attr-defined]  # a file
        return bool(answer)


@pytest.fixture(params=["250 sink", "250-sink\r\n250 PIPELINING"], ids=["one by one", "in a row"])
def server(request: pytest.FixtureRequest) -> Iterator[Callable[..., tuple[Script, MailServer]]]:
    opened: list[tuple[Script, MailServer]] = []

    def make(**lines: str) -> tuple[Script, MailServer]:
        script = Script({"EHLO": request.param, **lines})
        opened.append((script, MailServer(f"smtp://127.0.0.1:{script.port}", "help.acorn.example")))
        return opened[-1]

    yield make
    for script, carrier in opened:
        carrier.close()
        script.listener.close()


Make = Callable[..., tuple[Script, MailServer]]


def letter(text: str = "Hello.\n") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Hello"
    message.set_content(text)
    return message


def send(carrier: MailServer, to: str = "rosa@harbor.example") -> None:
    carrier.send(letter(), "support@acorn.example", to)


def test_a_taken_mail_raises_nothing(server: Make) -> None:
    script, carrier = server()
    send(carrier)
    assert b"Subject: Hello\r\n" in script.mails[0]


def test_a_batch_shares_one_connection(server: Make) -> None:
    script, carrier = server()
    send(carrier)
    send(carrier)
    assert sum(word.upper().startswith("EHLO") for word in script.heard) == 1
    assert len(script.mails) == 2


def test_a_connection_that_was_closed_meanwhile_is_opened_again(server: Make) -> None:
    script, carrier = server(RSET=HANG_UP)
    send(carrier)
    carrier.used_at = 0.0  # long ago
    send(carrier)
    assert len(script.mails) == 2


def test_a_server_that_takes_one_mail_a_connection_gets_the_next_on_another(server: Make) -> None:
    script, carrier = server(LEAVING="after each mail")
    for _ in range(3):
        send(carrier)
    assert len(script.mails) == 3


def test_after_a_refusal_the_conversation_begins_anew(server: Make) -> None:
    script, carrier = server(DOT="550 no")
    for _ in range(2):
        with pytest.raises(Refused):
            send(carrier)
    assert "rset" in [word.lower() for word in script.heard]


def test_a_line_of_one_dot_does_not_end_the_mail(server: Make) -> None:
    script, carrier = server()
    carrier.send(letter("one\n.\ntwo\n..three\n"), "", "rosa@harbor.example")
    assert b"\r\n..\r\ntwo\r\n...three\r\n" in script.mails[0]


def test_a_null_return_path_is_written_as_such(server: Make) -> None:
    script, carrier = server()
    carrier.send(letter(), "", "rosa@harbor.example")
    assert any(word.upper().startswith("MAIL FROM:<>") for word in script.heard)


@pytest.mark.parametrize(
    ("lines", "failure"),
    [
        ({"HELLO": "554 go away"}, ServerAway),
        ({"HELLO": HANG_UP}, ServerAway),
        ({"MAIL": "451 later"}, NotTaken),
        ({"MAIL": "550 we do not know you"}, NotTaken),
        ({"MAIL": HANG_UP}, NotTaken),
        ({"RCPT": "450 greylisted"}, Deferred),
        ({"RCPT": "530 sign in first"}, NotTaken),
        ({"RCPT": "421 closing"}, NotTaken),
        ({"RCPT": HANG_UP}, NotTaken),
        ({"RCPT": "550 no such user"}, Refused),
        ({"DATA": "451 later"}, Deferred),
        ({"DATA": "554 no"}, Refused),
        ({"DATA": HANG_UP}, NotTaken),
        ({"DOT": "452 disk full"}, NotTaken),
        ({"DOT": "552 too large"}, Refused),
        ({"DOT": HANG_UP}, Unknown),
        ({"DOT": "what?"}, Unknown),
    ],
)
def test_each_failure_says_what_may_be_done_next(
    server: Make, lines: dict[str, str], failure: type[Exception]
) -> None:
    _, carrier = server(**lines)
    with pytest.raises(failure) as caught:
        send(carrier)
    assert type(caught.value) is failure


@pytest.mark.parametrize(
    ("lines", "blamed"),
    [
        ({"RCPT": "550 no such user"}, True),
        ({"RCPT": "550 5.1.1 no such user"}, True),
        ({"RCPT": "550 5.4.1 Recipient address rejected: Access denied"}, True),
        ({"RCPT": "550 5.2.1 mailbox disabled"}, True),
        ({"RCPT": "552 5.2.2 mailbox full"}, False),
        ({"RCPT": "554 5.7.1 your network is on a list"}, False),
        ({"RCPT": "550 5.1.8 sender's domain not found"}, False),
        ({"DATA": "554 no"}, False),
        ({"DOT": "554 we do not like your words"}, False),
        ({"DOT": "554 5.6.0 bad content"}, False),
        ({"DOT": "550 5.7.1 message rejected as spam"}, False),
        ({"DOT": "550 5.1.1 no such user after all"}, True),
        ({"DOT": "550-5.1.1 no such user\r\n550 5.1.1 after all"}, True),
    ],
)
def test_a_refusal_blames_the_address_or_the_mail(
    server: Make, lines: dict[str, str], blamed: bool
) -> None:
    _, carrier = server(**lines)
    with pytest.raises(Refused) as caught:
        send(carrier)
    assert caught.value.blames_address is blamed


def test_a_silent_server_after_the_whole_mail_leaves_us_in_doubt(
    server: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "VERDICT_SECONDS", 0.2)
    _, carrier = server(DOT="250-and")  # a line that another one must follow
    with pytest.raises(Unknown):
        send(carrier)


def test_after_a_refusal_the_next_mail_goes(server: Make) -> None:
    script, carrier = server(RCPT="550 no such user")
    with pytest.raises(Refused):
        send(carrier)
    script.lines["RCPT"] = "250 OK"
    send(carrier)
    assert len(script.mails) == 1


def test_the_mail_after_a_refusal_goes_on_the_same_connection_where_that_can_be(
    server: Make,
) -> None:
    script, carrier = server(RCPT="550 no such user", DATA="503 to nobody")
    with pytest.raises(Refused):
        send(carrier)
    script.lines |= {"RCPT": "250 OK", "DATA": "354 go on"}
    send(carrier)
    assert len(script.mails) == 1
    assert [word[:4].upper() for word in script.heard].count("EHLO") == 1


def test_no_server_is_told_apart_from_no_mail() -> None:
    carrier = MailServer(f"smtp://127.0.0.1:{free_port()}", "help.acorn.example")
    with pytest.raises(ServerAway, match="cannot be used"):
        send(carrier)


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(server: Make) -> None:
    _, carrier = server()
    with pytest.raises(Refused, match="ASCII"):
        send(carrier, to="rösa@harbor.example")


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtp://mail.example", 25),
        ("smtp://mail.example?starttls", 587),
        ("smtps://mail.example", 465),
        ("smtp://mail.example:2525", 2525),
    ],
)
def test_the_port_follows_from_the_address(url: str, port: int) -> None:
    assert MailServer(url, "help.example").port == port


@pytest.mark.parametrize(
    ("host", "greeting"),
    [
        ("help.acorn.example", "help.acorn.example"),
        ("127.0.0.1:8000", "[127.0.0.1]"),
        ("[::1]:8000", "[IPv6:::1]"),
    ],
)
def test_we_greet_with_a_name_or_an_address_in_brackets(host: str, greeting: str) -> None:
    assert MailServer("smtp://mail.example", host).greeting == greeting
