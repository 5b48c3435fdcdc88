"""E-mail addresses and time zones as we keep them."""

import re
from functools import lru_cache
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from helpdesk.core.errors import Invalid

_PLAIN = re.compile(r"[a-z0-9]+([._+-][a-z0-9]+)*")
"""Names before the @ about which there is no question."""


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
