"""Why somebody was not asked, in words for the record."""

from enum import StrEnum


class Reason(StrEnum):
    """Each is counted on its own in reports."""

    NO_ADDRESS = "no_address"
    BOUNCED = "bounced"
    UNVERIFIED = "unverified"
    STAFF = "staff"
    INTERNAL = "internal"
    UNSUBSCRIBED = "unsubscribed"
    PAUSED = "paused"
    WENT_WELL = "went_well"
    NO_HUMAN_REPLY = "no_human_reply"
    SPAM = "spam"
    MERGED = "merged"
    HOLDOUT = "holdout"
    NO_RULE = "no_rule"
    FOLLOW_UP_OPEN = "follow_up_open"
    NPS_FIRST = "nps_first"
    PERSON_BUDGET = "person_budget"
    ORGANIZATION_BUDGET = "organization_budget"
    REOPENED = "reopened"

    @property
    def sentence(self) -> str:
        """What comes after "because"."""
        return _SENTENCES[self]


BUDGET = frozenset(
    {
        Reason.FOLLOW_UP_OPEN,
        Reason.NPS_FIRST,
        Reason.PERSON_BUDGET,
        Reason.ORGANIZATION_BUDGET,
    }
)
"""These pass with time; all others stay until somebody changes something."""

_SENTENCES = {
    Reason.NO_ADDRESS: "we have no e-mail address of theirs",
    Reason.BOUNCED: "mail to their address bounces",
    Reason.UNVERIFIED: "their address is not verified",
    Reason.STAFF: "they are one of our staff",
    Reason.INTERNAL: "their address is one of our own",
    Reason.UNSUBSCRIBED: "they do not want to be asked",
    Reason.PAUSED: "they asked for a pause",
    Reason.WENT_WELL: "they want to be asked only when something went wrong, and nothing did",
    Reason.NO_HUMAN_REPLY: "nobody of us replied",
    Reason.SPAM: "the ticket is spam",
    Reason.MERGED: "the ticket was merged into another one",
    Reason.HOLDOUT: "they belong to those who are never asked, to compare the others with",
    Reason.NO_RULE: "no rule asks about such tickets",
    Reason.FOLLOW_UP_OPEN: "their last answer is still being looked after",
    Reason.NPS_FIRST: "the question about us as a whole goes first",
    Reason.PERSON_BUDGET: "they were asked a short while ago",
    Reason.ORGANIZATION_BUDGET: "somebody of their organization was asked a short while ago",
    Reason.REOPENED: "the ticket was reopened",
}
