"""From a stored mail to the bytes that travel (RFC 5322), the same ones at every try."""

import hashlib
import re
from binascii import b2a_qp
from email.headerregistry import Address, BaseHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import cast

from helpdesk.core.settings import settings
from helpdesk.mail.headers import TOKENS, Headers, is_line
from helpdesk.mail.identity import return_address
from helpdesk.mail.models import OutboundEmail


class Unsendable(Exception):
    """The stored mail cannot be made into one that a server would take."""


_PLAIN = re.compile(r"[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\"]+")
"""The part before the @, without what would have to be quoted and could be misread."""


@lru_cache(maxsize=2)
def _policy(international: bool = False) -> "EmailPolicy[EmailMessage]":
    return SMTP.clone(header_factory=Headers(), cte_type="7bit", utf8=international)


class Letter(EmailMessage):
    """A mail of ours: every text in it is quoted-printable already, so that it is put together by
    joining, many times as fast as by the library, which looks at each line again."""

    boundary = ""
    """What stands between its parts, where it has parts."""


def as_bytes(message: EmailMessage, *, international: bool = False) -> bytes:
    """The mail as a server reads it; `international` allows addresses beyond ASCII (RFC 6531)."""
    policy = _policy(international)
    if not isinstance(message, Letter):
        return message.as_bytes(policy=policy)
    return _joined(message, policy).encode("utf-8" if international else "ascii")


def _joined(message: Letter, policy: "EmailPolicy[EmailMessage]") -> str:
    head = "".join([_line(name, value, policy) for name, value in message.raw_items()])
    payload = cast("str | list[Letter]", message.get_payload())
    if isinstance(payload, str):
        return head + "\r\n" + payload.replace("\n", "\r\n")
    between = f"\r\n--{message.boundary}"
    parts = [f"{between}\r\n{_joined(part, policy)}" for part in payload]
    return f"{head}{''.join(parts)}{between}--\r\n"


def _line(name: str, value: str, policy: "EmailPolicy[EmailMessage]") -> str:
    return policy.fold(name, value) if isinstance(value, BaseHeader) else f"{name}: {value}\r\n"


def build(email: OutboundEmail) -> Letter:
    """The mail as it travels: text with HTML as its alternative.

    Built from the row alone, so a second try sends the same again. A line break in any header is
    refused, wherever it came from. Raises Unsendable.
    """
    message = Letter(policy=_policy())
    try:
        message["From"] = _from(*_parts(sender(email)))
        _set_recipient(message, recipient(email))
        message["Subject"] = email.subject
        message.set_raw("Date", format_datetime(email.created_at))
        _add(message, "Message-ID", email.message_id)
        for name, value in email.headers.items():
            _add(message, name, str(value))
        if not email.html:
            _write(message, email.text, "plain")
        else:
            # Not drawn by lot, as the library's is; no "=_" can stand in quoted-printable text.
            message.boundary = f"=_{hashlib.sha256(email.message_id.encode()).hexdigest()[:32]}"
            message["Content-Type"] = f'multipart/alternative; boundary="{message.boundary}"'
            for text, subtype in ((email.text, "plain"), (email.html, "html")):
                part = Letter(policy=_policy())
                _write(part, text, subtype)
                message.attach(part)
        message.set_raw("MIME-Version", "1.0")
    except (ValueError, IndexError, UnicodeError) as error:
        raise Unsendable(f"It cannot be written as a mail: {error}") from error
    return message


@lru_cache(maxsize=64)
def _from(name: str, local: str, domain: str) -> BaseHeader:
    """The same for every mail that leaves by that address."""
    header: BaseHeader = _policy().header_factory("From", Address(name, local, domain))
    return header


def _parts(address: Address) -> tuple[str, str, str]:
    return address.display_name, address.username, address.domain


def _write(part: Letter, text: str, subtype: str) -> None:
    """A text, quoted-printable (RFC 2045, 6.7), by the standard library's routine in C."""
    part.set_raw("Content-Type", f'text/{subtype}; charset="utf-8"')
    part.set_raw("Content-Transfer-Encoding", "quoted-printable")
    lines = b"\n".join(text.encode().splitlines()) + b"\n"
    part.set_payload(b2a_qp(lines).decode("ascii"))


@lru_cache(maxsize=256)
def _is_name(name: str) -> bool:
    return name.isascii() and name.replace("-", "").isalnum()


def _add(message: Letter, name: str, value: str) -> None:
    tokens = name.lower() in TOKENS
    if not _is_name(name):
        raise ValueError(f"{name!r} cannot be the name of a header")
    if "\r" in value or "\n" in value or (tokens and not value.isascii()):
        raise ValueError(f"{name} holds what a header cannot hold")
    _set(message, name, value)


def _set(message: Letter, name: str, value: str) -> None:
    """Most headers need no thought of the library's, and all of them would take it half the time
    of a mail."""
    if name in message:
        raise ValueError(f"There is a {name} already")
    if is_line(name, value):
        message.set_raw(name, value)
    else:
        message[name] = value


def _set_recipient(message: Letter, address: Address) -> None:
    if is_line("To", written := str(address)):
        message.set_raw("To", written)
    else:
        message["To"] = address


def sender(email: OutboundEmail | None = None) -> Address:
    """Who writes: the company at the installation's address, or under the name and at the address
    that the mail leaves by."""
    if email is not None and email.from_address:
        name = email.from_name or settings().company_name
        return _address(name, email.from_address)
    name, address = settings().mailbox
    return _address(name or settings().company_name, address)


@lru_cache(maxsize=64)
def _address(name: str, address: str) -> Address:
    return Address(name, addr_spec=address)


def recipient(email: OutboundEmail) -> Address:
    """Whom it goes to; the name is quoted, so that no comma in it adds another address.

    Raises ValueError for an address that is none.
    """
    local, at, domain = email.to_address.rpartition("@")
    if not at or not _PLAIN.fullmatch(local) or not domain:
        raise ValueError(f"{email.to_address!r} is no address")
    ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    return Address(email.to_name, username=local, domain=ascii_domain)


def return_path(email: OutboundEmail) -> str:
    """Where a failure is reported to, an address of this mail's own; nowhere for mail that no
    person wrote (RFC 3834), so that two machines cannot write to one another; but a list wants to
    know who no longer reads it."""
    automatic = "Auto-Submitted" in email.headers and "List-Unsubscribe" not in email.headers
    return "" if automatic else return_address(email.id, email.to_address, email.from_address or "")
