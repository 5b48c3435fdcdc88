"""The words in which customers read about their requests."""

from typing import NamedTuple

from helpdesk.tickets.models import Status


class Words(NamedTuple):
    """A status as its customer reads it; `tone` colours the pill."""

    short: str
    sentence: str
    tone: str = ""


STATUS_WORDS = {
    Status.NEW: Words("received", "We have your request and will look at it soon.", "accent"),
    Status.OPEN: Words("we are on it", "We are on it.", "accent"),
    Status.PENDING: Words("waiting for you", "We wait for your answer.", "warn"),
    Status.ON_HOLD: Words("we are on it", "We are on it, and wait for somebody else.", "accent"),
    Status.RESOLVED: Words("solved", "This is solved. Write again if it is not.", "good"),
    Status.CLOSED: Words("closed", "This is closed. A new message opens a new request."),
}
