"""Where an invitation stands, and its mail."""

from enum import StrEnum

from helpdesk.mail.models import Delivery


class State(StrEnum):
    """Where an invitation stands. Whether the mail of a sent one bounced, or nobody knows, its
    OutboundEmail says: see `Invitation.standing`."""

    WAITING = "waiting"
    SENT = "sent"  # its mail is written down; from here on never again
    ANSWERED = "answered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPPRESSED = "suppressed"


ASKED = (State.SENT, State.ANSWERED, State.EXPIRED)
MAILED = (State.SENT, State.EXPIRED, State.WITHDRAWN)
"""Nothing came back yet, so what became of the mail is the better answer."""
UNSURE = (Delivery.IN_DOUBT, Delivery.BOUNCED, Delivery.PARKED)
"""States of a mail that did not arrive, or may not have."""


def standing_of(state: State, delivery: Delivery | None) -> str:
    """The state, or what became of the mail where that says more: bounced, in_doubt, parked."""
    unsure = state in MAILED and delivery in UNSURE
    return delivery.value if delivery and unsure else state.value
