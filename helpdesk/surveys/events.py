"""What happens to surveys. All of it belongs to the customer's story."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

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


@dataclass(frozen=True)
class SurveyReminded(SurveyEvent):
    """The one reminder is written down."""

    customer_id: int
    invitation_id: int
    ticket_id: int | None


@dataclass(frozen=True)
class FollowUpOpened(SurveyEvent):
    """An unhappy answer: somebody is to look after it by `due_at`."""

    customer_id: int
    follow_up_id: int
    response_id: int
    ticket_id: int | None
    trigger: str
    score: int
    owner_id: int | None
    due_at: datetime


@dataclass(frozen=True)
class FollowUpTaken(SurveyEvent):
    customer_id: int
    follow_up_id: int
    before: int | None
    after: int


@dataclass(frozen=True)
class CustomerContacted(SurveyEvent):
    """Somebody was in touch about an unhappy answer."""

    customer_id: int
    follow_up_id: int
    in_time: bool


@dataclass(frozen=True)
class FollowUpClosed(SurveyEvent):
    customer_id: int
    follow_up_id: int
    ticket_id: int | None
    cause: str
    outcome: str
    was_told: bool
    reopened: bool


class SurveyDesignEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("survey", "survey_id")


@dataclass(frozen=True)
class SurveyDesigned(SurveyDesignEvent):
    """A question has a new version."""

    survey_id: int
    title: str
    version: int
    replaces: int | None


@dataclass(frozen=True)
class SurveyShelved(SurveyDesignEvent):
    """A question is not asked any more, or is again."""

    survey_id: int
    title: str
    active: bool


class SurveyPolicyEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("survey_policy", "policy_id")


@dataclass(frozen=True)
class SurveyPolicyChanged(SurveyPolicyEvent):
    """What holds for all surveys changed: each setting before and after."""

    policy_id: int
    before: dict[str, Any]
    after: dict[str, Any]


class SurveyRuleEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("survey_rule", "rule_id")


@dataclass(frozen=True)
class SurveyRuleSet(SurveyRuleEvent):
    rule_id: int
    name: str
    active: bool


class ExperimentEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("survey_experiment", "experiment_id")


@dataclass(frozen=True)
class ExperimentStarted(ExperimentEvent):
    experiment_id: int
    name: str
    stop_after: int


@dataclass(frozen=True)
class ExperimentStopped(ExperimentEvent):
    experiment_id: int
    because: str
