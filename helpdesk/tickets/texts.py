"""What may be written on a ticket: how long, and not nothing."""

from helpdesk.core.errors import Invalid
from helpdesk.core.text import clean, one_line

LONGEST_MESSAGE = 100_000
LONGEST_SUBJECT = 200


def checked_body(text: str) -> str:
    """A message as it is stored. Raises Invalid for an empty or over-long one."""
    body = clean(text)
    if not body:
        raise Invalid("The message is empty. Write a word or two first.")
    if len(body) > LONGEST_MESSAGE:
        raise Invalid(
            f"The message has {len(body):,} characters; {LONGEST_MESSAGE:,} are possible."
            " Attach the long part as a file."
        )
    return body


def checked_subject(text: str) -> str:
    """A subject as it is stored. Raises Invalid for an empty or over-long one."""
    subject = one_line(text)
    if not subject:
        raise Invalid("The subject is empty. A few words will do.")
    if len(subject) > LONGEST_SUBJECT:
        raise Invalid(
            f"The subject is longer than {LONGEST_SUBJECT} characters. Please shorten it."
        )
    return subject
