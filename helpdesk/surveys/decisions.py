"""A decision about asking, in one sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from helpdesk.mail.models import Delivery
from helpdesk.surveys.models import Invitation, State, standing_of
from helpdesk.surveys.reasons import Reason
from helpdesk.ui.times import clock_time, day


@dataclass(frozen=True)
class Decision:
    """What an invitation, its mail, its answer and its survey say together."""

    state: State
    reason: Reason | None
    send_at: datetime
    sent_at: datetime | None
    delivery: Delivery | None
    score: int | None
    highest: int

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        """The decision that an invitation keeps."""
        return cls(
            invitation.state,
            invitation.reason,
            invitation.send_at,
            invitation.sent_at,
            invitation.mail.state if invitation.mail else None,
            invitation.response.score if invitation.response else None,
            invitation.survey.highest,
        )


def sentence(decision: Decision) -> str:
    """Asked or not asked, because …"""
    return _SENTENCES[standing_of(decision.state, decision.delivery)](decision)


def _because(decision: Decision) -> str:
    return f", because {decision.reason.sentence}." if decision.reason else "."


def _waiting(decision: Decision) -> str:
    return f"To be asked on {day(decision.send_at)} at {clock_time(decision.send_at)}."


def _answered(decision: Decision) -> str:
    if decision.score is None:
        return f"Asked on {day(decision.sent_at)} and answered."
    asked, answer = day(decision.sent_at), f"{decision.score} of {decision.highest}"
    return f"Asked on {asked}, answered {answer}."


_SENTENCES: Mapping[str, Callable[[Decision], str]] = {
    "waiting": _waiting,
    "sent": lambda d: f"Asked on {day(d.sent_at)}, no answer yet.",
    "in_doubt": lambda d: f"Mailed on {day(d.sent_at)}, but nobody knows whether it arrived.",
    "bounced": lambda d: f"Asked on {day(d.sent_at)}, but the mail came back.",
    "parked": lambda d: f"To be asked on {day(d.sent_at)}, but the mail could not be sent.",
    "answered": _answered,
    "expired": lambda d: f"Asked on {day(d.sent_at)}, no answer came.",
    "withdrawn": lambda d: f"No longer asked{_because(d)}",
    "suppressed": lambda d: f"Not asked{_because(d)}",
}
