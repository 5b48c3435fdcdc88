"""Mails that say that a mail did not arrive (RFC 3464, and all that came before it), and
complaints (RFC 5965)."""

from dataclasses import dataclass

from helpdesk.mail.parsing import Mail


@dataclass(frozen=True)
class Failure:
    """One recipient who was not reached."""

    address: str
    """In lower case."""
    status: str
    """Such as "5.1.1" (RFC 3463), "" if none was given."""
    hard: bool
    """It will not work tomorrow either."""
    reason: str
    """What the machine said, on one line, at most 500 characters."""


@dataclass(frozen=True)
class Bounce:
    """Whom a mail did not reach, and which mail that was."""

    failures: tuple[Failure, ...]
    """May be empty: some machines do not say whom."""
    original_message_id: str
    """Of the mail that was sent, with angle brackets; "" if it is not told."""
    delayed: bool
    """It is still being tried: nothing is lost yet."""

    @property
    def hard(self) -> bool:
        """Whether at least one recipient can never be reached."""
        return any(failure.hard for failure in self.failures)


@dataclass(frozen=True)
class Complaint:
    """Somebody called a mail of ours spam."""

    address: str
    """Who complained, in lower case; "" where the report hides it."""
    original_message_id: str
    feedback: str
    """Such as "abuse", "not-spam", "unsubscribe" (RFC 5965, 7.3)."""


def bounce_in(mail: Mail) -> Bounce | None:
    """The bounce that a mail is, or None."""
    raise NotImplementedError


def complaint_in(mail: Mail) -> Complaint | None:
    """The complaint that a mail is, or None."""
    raise NotImplementedError
