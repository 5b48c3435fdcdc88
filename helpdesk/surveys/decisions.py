"""A decision about asking, in one sentence."""

from collections.abc import Callable, Mapping

from helpdesk.surveys.models import Invitation
from helpdesk.ui.times import clock_time, day


def sentence(invitation: Invitation) -> str:
    """Asked or not asked, because …"""
    return _SENTENCES[invitation.standing](invitation)


def _because(invitation: Invitation) -> str:
    return f", because {invitation.reason.sentence}." if invitation.reason else "."


def _waiting(invitation: Invitation) -> str:
    return f"To be asked on {day(invitation.send_at)} at {clock_time(invitation.send_at)}."


def _answered(invitation: Invitation) -> str:
    response = invitation.response
    if response is None:
        return f"Asked on {day(invitation.sent_at)} and answered."
    highest = invitation.survey.highest
    return f"Asked on {day(invitation.sent_at)}, answered {response.score} of {highest}."


_SENTENCES: Mapping[str, Callable[[Invitation], str]] = {
    "waiting": _waiting,
    "sent": lambda i: f"Asked on {day(i.sent_at)}, no answer yet.",
    "in_doubt": lambda i: f"Mailed on {day(i.sent_at)}, but nobody knows whether it arrived.",
    "bounced": lambda i: f"Asked on {day(i.sent_at)}, but the mail came back.",
    "parked": lambda i: f"To be asked on {day(i.sent_at)}, but the mail could not be sent.",
    "answered": _answered,
    "expired": lambda i: f"Asked on {day(i.sent_at)}, no answer came.",
    "withdrawn": lambda i: f"No longer asked{_because(i)}",
    "suppressed": lambda i: f"Not asked{_because(i)}",
}
