"""What happens to surveys. All of it belongs to the customer's story."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.core.journal import Event


class SurveyEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("customer", "customer_id")


@dataclass(frozen=True)
class SurveyInvited(SurveyEvent):
    """Decided: they are to be asked, at `send_at`."""

    customer_id: int
    invitation_id: int
    ticket_id: int | None
    kind: str
    send_at: datetime


@dataclass(frozen=True)
class SurveySuppressed(SurveyEvent):
    """Decided: they are not asked, for this reason."""

    customer_id: int
    invitation_id: int
    ticket_id: int | None
    kind: str
    reason: str


@dataclass(frozen=True)
class SurveySent(SurveyEvent):
    """The mail is written down; agent and team are those who will be credited."""

    customer_id: int
    invitation_id: int
    ticket_id: int | None
    kind: str
    assignee_id: int | None
    team_id: int | None


@dataclass(frozen=True)
class SurveyWithdrawn(SurveyEvent):
    customer_id: int
    invitation_id: int
    ticket_id: int | None
    kind: str
    reason: str


@dataclass(frozen=True)
class SurveyAnswered(SurveyEvent):
    """A person pressed the button: a new answer, or a change of an earlier one."""

    customer_id: int
    response_id: int
    invitation_id: int
    ticket_id: int | None
    kind: str
    before: int | None
    after: int


@dataclass(frozen=True)
class CommentScored(SurveyEvent):
    """An analyser read the comment of an answer."""

    customer_id: int
    response_id: int
    ticket_id: int | None
    label: str
    polarity: float | None
    signals: list[str]


@dataclass(frozen=True)
class SurveyPauseChanged(SurveyEvent):
    """They are left alone until then, or no longer."""

    customer_id: int
    until: datetime | None
