"""E-mail addresses as we keep them."""

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
