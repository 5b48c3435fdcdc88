"""Talking to a mail server (RFC 5321), always knowing how far the conversation came.

Until the line with the single dot has left us, the server has surely not taken the mail; after it
only the server's answer tells.
"""

import ipaddress
import re
import smtplib
import socket
import ssl
import time
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from helpdesk.mail.message import as_bytes
from helpdesk.mail.signing import Signer
from helpdesk.mail.transport import Deferred, NotTaken, Refused, ServerAway, Unknown

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
"""For every answer but the last."""
VERDICT_SECONDS = 60.0
"""For the answer to the whole mail, before which servers look for viruses."""

FRESH_SECONDS = 2.0
"""For so long after a mail was taken the connection is good for the next one without a question."""

_OUR_FAULT = range(530, 540)
"""Replies about our own sign-in: the recipient is not to blame."""
_STATUS = re.compile(rb"5\.(\d{1,3})\.(\d{1,3})\b")
_FAILURES = (OSError, smtplib.SMTPException)


class MailServer:
    """The server behind `url`: smtp://user:password@host:port, smtps://…, or smtp://…?starttls.

    One connection carries a batch. `public_host` is what we greet with; `signer` signs each mail.
    """

    def __init__(self, url: str, public_host: str, signer: Signer | None = None) -> None:
        self.signer = signer
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        self.tls, self.starttls = parts.scheme == "smtps", parts.query == "starttls"
        self.port = parts.port or (465 if self.tls else 587 if self.starttls else 25)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.greeting = _greeting(urlsplit(f"//{public_host}").hostname or "localhost")
        self.server: smtplib.SMTP | None = None
        self.used_at = 0.0

    def send(self, message: EmailMessage, return_path: str, to: str) -> None:
        """Hand over one mail. Raises NotTaken, Refused or Unknown."""
        server = self._connected()
        international = not to.isascii()
        if international and not server.has_extn("smtputf8"):
            raise Refused("The mail server takes plain ASCII addresses only.", blames_address=True)
        wire = as_bytes(message, international=international)
        if self.signer is not None:
            wire = self.signer.signed(wire, message["From"].addresses[0].domain)
        options = ["SMTPUTF8"] if international else []
        try:
            server = self._offered(server, return_path, to, options)
            _carry(server, wire)
        except _FAILURES as error:
            self.close()
            raise NotTaken(f"The conversation broke off: {_words(error)}") from error
        except Refused:
            self.used_at = 0.0  # the next one begins with RSET
            raise
        except (NotTaken, Unknown):
            self.close()  # what the server thinks of this connection is anybody's guess
            raise
        self.used_at = time.monotonic()

    def _offered(
        self, server: smtplib.SMTP, return_path: str, to: str, options: list[str]
    ) -> smtplib.SMTP:
        """The connection on which the mail was offered. One that was not asked whether it is still
        there may have been closed after so many mails: then a new one is tried, once."""
        trusted = self._just_used()
        try:
            _offer(server, return_path, to, options)
        except (NotTaken, *_FAILURES):
            if not trusted:
                raise
            self.close()
            server = self._connected()
            _offer(server, return_path, to, options)
        return server

    def _just_used(self) -> bool:
        """The server took a whole mail a moment ago: no need to ask whether it is still there."""
        return time.monotonic() - self.used_at < FRESH_SECONDS

    def close(self) -> None:
        """Say goodbye where there is somebody to say it to."""
        server, self.server = self.server, None
        self.used_at = 0.0
        if server is not None:
            try:
                server.quit()
            except _FAILURES:
                server.close()

    def _connected(self) -> smtplib.SMTP:
        """The open connection, or a new one. Raises ServerAway."""
        try:
            if self.server is not None and (self._just_used() or self.server.rset()[0] == 250):
                return self.server
        except _FAILURES:
            pass  # it waited too long for us
        self.close()
        try:
            self.server = self._connect()
        except _FAILURES as error:
            raise ServerAway(f"The mail server cannot be used: {_words(error)}") from error
        return self.server

    def _connect(self) -> smtplib.SMTP:
        server: smtplib.SMTP
        if self.tls:
            server = smtplib.SMTP_SSL(
                self.host,
                self.port,
                local_hostname=self.greeting,
                timeout=CONNECT_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            server = smtplib.SMTP(
                self.host, self.port, local_hostname=self.greeting, timeout=CONNECT_SECONDS
            )
        if server.sock is not None:
            # The line with the single dot leaves by itself; held back until what went before is
            # acknowledged (RFC 896), it would wait 40 ms with each mail.
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._introduce(server)
        except BaseException:
            server.close()
            raise
        return server

    def _introduce(self, server: smtplib.SMTP) -> None:
        _patience(server, ANSWER_SECONDS)
        if self.starttls:
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if self.user:
            server.login(self.user, self.password)


def _offer(server: smtplib.SMTP, return_path: str, to: str, options: list[str]) -> None:
    """Everything before the mail itself. Raises NotTaken, Refused, or a failure to talk."""
    # Both addresses are checked already; the library would take them apart once more.
    if server.has_extn("pipelining") and not options:
        _offer_at_once(server, return_path, to)
        return
    if options:
        code, words = server.mail(return_path, options)
    else:
        code, words = server.docmd("MAIL", f"FROM:<{return_path}>")
    _check_sender(code, words)
    answer = server.rcpt(to) if options else server.docmd("RCPT", f"TO:<{to}>")
    _check(*answer, good=(250, 251), named=True)
    _check(*server.docmd("DATA"), good=(354,))


def _offer_at_once(server: smtplib.SMTP, return_path: str, to: str) -> None:
    """The same without waiting for each answer (RFC 2920)."""
    server.send(f"MAIL FROM:<{return_path}>\r\nRCPT TO:<{to}>\r\nDATA\r\n")
    sender, recipient = server.getreply(), server.getreply()
    try:
        _check_sender(*sender)
        _check(*recipient, good=(250, 251), named=True)
    except (NotTaken, Refused):
        _leave_data(server)
        raise
    _check(*server.getreply(), good=(354,))


def _leave_data(server: smtplib.SMTP) -> None:
    """Hear what it said to DATA, too; one that waits for a mail to nobody is left alone."""
    try:
        code = server.getreply()[0]
    except _FAILURES:
        code = 354
    if code == 354:
        server.close()


def _check_sender(code: int, words: bytes) -> None:
    if code != 250:  # about us and not about the mail: whatever the code, a later try may do
        raise NotTaken(_reply(code, words))


def _check(code: int, words: bytes, good: tuple[int, ...], *, named: bool = False) -> None:
    """`named`: the command that is answered named the recipient and nothing else."""
    if code in good:
        return
    if 500 <= code < 600 and code not in _OUR_FAULT:
        raise Refused(_reply(code, words), blames_address=_blames_address(words, named=named))
    later = code in (450, 451)  # others are about this server and its disk
    raise (Deferred if later else NotTaken)(_reply(code, words))


def _blames_address(words: bytes, *, named: bool) -> bool:
    """Whether a refusal says that nobody can be written to at the address.

    By its enhanced status code (RFC 3463): 5.1 is about addresses (7 and 8 about the sender's),
    5.2.1 a mailbox that is switched off, 5.4 a way that does not exist. 5.2.2 a full mailbox, 5.6
    the content and 5.7 a policy say nothing of the kind. Without one, only the answer to the
    command that named the address counts: what is refused after the mail was read is the mail.
    """
    status = _STATUS.match(words)
    if status is None:
        return named
    about, detail = int(status[1]), int(status[2])
    if about == 1:
        return detail not in (7, 8)
    return (about, detail) == (2, 1) or (named and about == 4)


def _carry(server: smtplib.SMTP, wire: bytes) -> None:
    """The mail itself and what the server says to it. Raises NotTaken, Refused, Unknown, or a
    failure to talk before the mail was whole."""
    _patience(server, VERDICT_SECONDS)
    server.send(re.sub(rb"(?m)^\.", b"..", wire))  # RFC 5321, 4.5.2
    try:
        server.send(b".\r\n")
        code, words = server.getreply()
    except _FAILURES as error:
        raise Unknown(f"No answer came to the whole mail: {_words(error)}") from error
    _patience(server, ANSWER_SECONDS)
    if not 200 <= code < 600:
        raise Unknown(f"An answer came that says nothing: {_reply(code, words)}")
    _check(code, words, good=tuple(range(200, 300)))


def _patience(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _greeting(host: str) -> str:
    """What EHLO says: a name, or an address in brackets (RFC 5321, 4.1.3)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"


def _reply(code: int, words: bytes) -> str:
    return f"{code} {words.decode('utf-8', 'replace')}"[:500]


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _reply(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    return f"{type(error).__name__}: {error}"[:500]
