"""What can go wrong, in words for the person who asked.

Actions raise these; the application turns them into an answer with the status below.
The message is shown as it is, so it says what happened and what to do, and never
contains what the asker may not see.
"""


class HelpdeskError(Exception):
    """A refusal that the asker can understand."""

    status = 400

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class Invalid(HelpdeskError):
    """The input cannot be accepted as it is; `field` names what of it, where that is known."""

    status = 422

    def __init__(self, message: str = "", field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Forbidden(HelpdeskError):
    """The asker is known and may see the thing, but may not do this to it."""

    status = 403


class NotFound(HelpdeskError):
    """There is no such thing for this asker."""

    status = 404


class Conflict(HelpdeskError):
    """Somebody else was faster; nothing was changed."""

    status = 409


class TooMany(HelpdeskError):
    """The asker must wait before trying again."""

    status = 429
