"""E-mail addresses and time zones as we keep them."""

from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from helpdesk.core.errors import Invalid


def normalised(email: str) -> str:
    """The form in which addresses are compared. Lower case throughout: no provider in use tells
    two mailboxes apart by case, and people do not either."""
    return email.strip().lower()


def checked(email: str) -> str:
    """The address in the form we keep. Raises Invalid when no mail could be sent there."""
    try:
        found = validate_email(normalised(email)[:320], check_deliverability=False)
    except EmailNotValidError as error:
        raise Invalid(f"“{email[:80]}” is not an e-mail address.") from error
    return normalised(found.normalized)


def checked_zone(text: str | None) -> str | None:
    """An IANA time zone, or None for empty text. Raises Invalid for one that does not exist."""
    if not text:
        return None
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError, KeyError) as error:
        raise Invalid(f"“{text[:40]}” is not a time zone; write it like Europe/Berlin.") from error
