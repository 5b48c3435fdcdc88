"""Getting into a mailbox, step by step, with words for what goes wrong at each."""

import imaplib
import json
import os
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from config import is_loopback
from helpdesk.core.sealing import Broken, unseal
from helpdesk.intake.models import Mailbox, Security, SignIn

SECONDS = 30.0
PURPOSE = "mailbox"
"""What secrets of mailboxes are sealed for."""


class Unreachable(Exception):
    """The mailbox cannot be used: at which step, and what is wrong, for its administrator."""

    def __init__(self, step: str, words: str) -> None:
        super().__init__(words)
        self.step, self.words = step, words


@dataclass(frozen=True)
class Source:
    """A mailbox as it was when its reader began, without a database behind it."""

    id: int
    version: int
    host: str
    port: int
    security: Security
    sign_in: SignIn
    user: str
    secret: str
    client_id: str
    client_secret: str
    token_url: str
    folder: str
    move_to: str
    created_at: datetime


def source_of(mailbox: Mailbox) -> Source:
    """The mailbox with its secrets opened. Raises Unreachable where they cannot be."""
    return Source(
        mailbox.id,
        mailbox.version,
        mailbox.host,
        mailbox.port,
        mailbox.security,
        mailbox.sign_in,
        mailbox.user,
        opened(mailbox.secret),
        mailbox.client_id,
        opened(mailbox.client_secret) if mailbox.client_secret else "",
        mailbox.token_url,
        mailbox.folder,
        mailbox.move_to,
        mailbox.created_at,
    )


def opened(secret: str) -> str:
    """The words of a stored secret: `env:NAME`, `file:/path`, or sealed. Raises Unreachable."""
    kind, _, where = secret.partition(":")
    try:
        if kind == "env":
            return os.environ[where]
        if kind == "file":
            return Path(where).read_text(encoding="utf-8").strip()
        return unseal(PURPOSE, secret)
    except KeyError as error:
        raise Unreachable("password", f"The variable {where} is not set.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise Unreachable("password", f"The file {where} cannot be read.") from error
    except Broken as error:
        words = "The stored password was sealed with another SECRET_KEY: enter it again."
        raise Unreachable("password", words) from error


@contextmanager
def connected(source: Source) -> Iterator[BaseMailBox]:
    """The mailbox, signed in, its folder open. Raises Unreachable."""
    box = _greeted(source)
    try:
        _signed_in(box, source)
        select(box, source.folder)
        yield box
    finally:
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            box.client.shutdown()


def _greeted(source: Source) -> BaseMailBox:
    if source.security is Security.NONE and not is_loopback(source.host):
        raise Unreachable("TLS", "A connection without TLS can only be to this machine.")
    try:
        addresses = socket.getaddrinfo(source.host, source.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("DNS", f"There is no host named {source.host}.") from error
    if not addresses:
        raise Unreachable("DNS", f"{source.host} has no address.")
    try:
        return _ways(source)[source.security]()
    except ssl.SSLError as error:
        raise Unreachable("TLS", _tls_words(source, error)) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise Unreachable("connection", f"{source.host}:{source.port}: {why}.") from error
    except (imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
        words = f"What answers at {source.host}:{source.port} does not speak IMAP this way: {error}"
        raise Unreachable("connection", words[:300]) from error


def _ways(source: Source) -> dict[Security, Callable[[], BaseMailBox]]:
    def guarded(box: type[MailBox | MailBoxStartTls]) -> BaseMailBox:
        context = ssl.create_default_context()
        return box(source.host, source.port, timeout=SECONDS, ssl_context=context)

    return {
        Security.TLS: partial(guarded, MailBox),
        Security.STARTTLS: partial(guarded, MailBoxStartTls),
        Security.NONE: partial(MailBoxUnencrypted, source.host, source.port, timeout=SECONDS),
    }


def _tls_words(source: Source, error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {source.host} is not good: {error.verify_message}."
    if source.security is Security.TLS:
        return f"Port {source.port} does not speak TLS at once; try STARTTLS (often port 143)."
    return f"TLS fails: {error.reason or error}."


def _signed_in(box: BaseMailBox, source: Source) -> None:
    try:
        if source.sign_in is SignIn.XOAUTH2:
            box.xoauth2(source.user, access_token(source), initial_folder=None)
        elif (source.user + source.secret).isascii():
            box.login(source.user, source.secret, initial_folder=None)
        else:
            box.login_utf8(source.user, source.secret, initial_folder=None)
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        words = f"The server does not let {source.user} in: {_said(error)}"
        raise Unreachable("password", words) from error
    except OSError as error:
        raise Unreachable(
            "connection", f"The connection broke while signing in: {error}"
        ) from error


def select(box: BaseMailBox, folder: str) -> None:
    """Open a folder. Raises Unreachable where there is none."""
    try:
        box.folder.set(folder)
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        words = f"There is no folder “{folder}”: {_said(error)}"
        raise Unreachable("folder", words) from error


def _said(error: Exception) -> str:
    return str(error)[:200].replace("\n", " ")


def access_token(source: Source) -> str:
    """A fresh token for XOAUTH2: for the stored refresh token (RFC 6749, 6), or the stored words
    themselves where there is no address to ask. Raises Unreachable."""
    if not source.token_url:
        return source.secret
    url = urlsplit(source.token_url)
    if url.scheme != "https" and not is_loopback(url.hostname or ""):
        raise Unreachable("token", "The address of the token must begin with https://.")
    form = {
        "grant_type": "refresh_token",
        "client_id": source.client_id,
        "refresh_token": source.secret,
        **({"client_secret": source.client_secret} if source.client_secret else {}),
    }
    request = urllib.request.Request(source.token_url, urlencode(form).encode())  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return str(json.loads(answer.read(100_000))["access_token"])
    except urllib.error.HTTPError as error:
        words = f"{url.hostname} gives no token: {error.code} {_reason(error)}"
        raise Unreachable("token", words) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreachable("token", f"{url.hostname} gives no token: {error}"[:300]) from error


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        told = json.loads(error.read(10_000))
        return str(told.get("error_description") or told.get("error"))[:200]
    except (ValueError, AttributeError):
        return str(error.reason)
