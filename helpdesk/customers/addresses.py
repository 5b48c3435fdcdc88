"""E-mail addresses and time zones as we keep them."""

import re
from functools import lru_cache
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from helpdesk.core.errors import Invalid

_PLAIN = re.compile(r"[a-z0-9]+([._+-][a-z0-9]+)*")
"""Names before the @ about which there is no question."""
SHARED_DOMAINS = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com"),
        *("icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "t-online.de"),
        *("freenet.de", "mail.com", "proton.me", "protonmail.com", "yandex.ru", "mail.ru"),
        *("orange.fr", "free.fr", "wanadoo.fr", "laposte.net", "libero.it", "bluewin.ch"),
        *("qq.com", "163.com"),
    }
)
"""Domains where everybody has an address, so that sharing one says nothing."""


def normalised(email: str) -> str:
    """The form in which addresses are compared. Lower case throughout: no provider in use tells
    two mailboxes apart by case, and people do not either."""
    return email.strip().lower()


def checked(email: str) -> str:
    """The address in the form we keep. Raises Invalid when no mail could be sent there."""
    plain = normalised(email)
    local, _, domain = plain.rpartition("@")
    if len(local) <= 60 and _PLAIN.fullmatch(local) and _is_good(domain):
        return plain
    try:
        found = validate_email(plain[:320], check_deliverability=False)
    except EmailNotValidError as error:
        raise Invalid(f"“{email[:80]}” is not an e-mail address.") from error
    return normalised(found.normalized)


def checked_domain(text: str) -> str:
    """The domain of an organization, out of the address of its site as well.

    Raises Invalid for what is none, or where everybody has an address.
    """
    plain = text.strip().lower().removeprefix("https://").removeprefix("http://")
    plain = plain.removeprefix("www.").partition("/")[0].removeprefix("@")
    if "." not in plain or not _is_good(plain):
        raise Invalid(f"“{text[:60]}” is no domain; write it like acme.example.")
    if plain in SHARED_DOMAINS:
        raise Invalid(f"Everybody can have an address at {plain}; it is nobody’s own.")
    return plain


@lru_cache(maxsize=4096)
def _is_good(domain: str) -> bool:
    """Whether mail could be sent to a plain name there; lists of people share few domains."""
    try:
        found = validate_email(f"a@{domain}"[:250], check_deliverability=False)
    except EmailNotValidError:
        return False
    return found.normalized == f"a@{domain}"


def checked_zone(text: str | None) -> str | None:
    """An IANA time zone, or None for empty text. Raises Invalid for one that does not exist."""
    if not text:
        return None
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError, KeyError) as error:
        raise Invalid(f"“{text[:40]}” is not a time zone; write it like Europe/Berlin.") from error
