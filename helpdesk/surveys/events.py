"""What happens to surveys."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event


@dataclass(frozen=True)
class SurveyAnswered(Event):
    """A person pressed the button: a new answer, or a change of an earlier one."""

    subject: ClassVar[tuple[str, str]] = ("customer", "customer_id")

    customer_id: int
    response_id: int
    invitation_id: int
    ticket_id: int | None
    kind: str
    before: int | None
    after: int
