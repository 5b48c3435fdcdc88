"""The journal of a ticket in sentences."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.desk import batches, letters, pieces, promises, regards, unions
from helpdesk.desk.people import People

PRIORITIES = ["low", "normal", "high", "urgent"]
STATUS_WORDS = {
    "new": "new",
    "open": "open",
    "pending": "waiting for the customer",
    "on_hold": "on hold",
    "resolved": "resolved",
    "closed": "closed",
}
TOLD_BY_MESSAGES = frozenset(
    {
        "TicketFiled",
        "CustomerWrote",
        "AgentReplied",
        "NoteAdded",
        "MessageScored",
        "AutomaticAnswerCame",
        "AutomaticMessageSent",
        "SlaMet",
        "RuleApplied",
    }
)
"""Events whose message stands in the thread itself, or speaks for itself."""


@dataclass(frozen=True)
class Entry:
    """An entry of the journal; `actor` did it, or nobody in particular."""

    event: str
    data: Mapping[str, Any]
    actor_id: int | None
    actor: str | None
    who: People

    def said(self, did: str, happened: str) -> str:
        """Who did it; or what happened, when nobody in particular did."""
        return f"{self.actor} {did}" if self.actor else happened


def sentence(entry: Entry) -> str:
    """What happened, in one sentence."""
    return _SENTENCES.get(entry.event, _in_words)(entry)


def _in_words(entry: Entry) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", entry.event).capitalize()
    return f"{words}, by {entry.actor}" if entry.actor else words


def _assigned(entry: Entry) -> str:
    before, after = entry.data["before"], entry.data["after"]
    reason = entry.data.get("reason", "by hand")
    because = "" if reason == "by hand" else f": {reason}"
    if after is None:
        name = entry.who.agent(before)
        return entry.said(f"took it from {name}{because}", f"{name} has it no more{because}")
    if after == entry.actor_id:
        return f"{entry.actor} took this ticket{because}"
    name = entry.who.agent(after)
    return entry.said(f"gave it to {name}{because}", f"Given to {name}{because}")


def _moved(entry: Entry) -> str:
    if entry.data["after"] is None:
        team = entry.who.team(entry.data["before"])
        return entry.said(f"took it out of {team}", "No team has it any more")
    team = entry.who.team(entry.data["after"])
    return entry.said(f"moved it to {team}", f"Moved to {team}")


def _priority(entry: Entry) -> str:
    before, after = entry.data["before"], entry.data["after"]
    verb = "raised" if PRIORITIES.index(after) > PRIORITIES.index(before) else "lowered"
    change = f"the priority from {before} to {after}"
    return entry.said(f"{verb} {change}", f"{verb.capitalize()} {change}")


def _status(entry: Entry) -> str:
    after = STATUS_WORDS.get(entry.data["after"], entry.data["after"])
    again = " again" if entry.data["before"] in ("pending", "on_hold") else ""
    return entry.said(f"set it to {after}", f"Now {after}{again}")


def _tags(entry: Entry) -> str:
    parts = []
    for verb, names in (("added", entry.data["added"]), ("removed", entry.data["removed"])):
        if names:
            parts.append(f"{verb} the tag{'s' if len(names) > 1 else ''} {_and(names)}")
    change = " and ".join(parts)
    return entry.said(change, change.capitalize())


def _resolved(entry: Entry) -> str:
    if entry.data["by_customer"]:
        return "The customer marked it as solved"
    return entry.said("resolved it", "Resolved")


def _reopened(entry: Entry) -> str:
    if entry.data["by_customer"]:
        return "The customer opened it again"
    return entry.said("opened it again", "Opened again")


def _closed(_entry: Entry) -> str:
    return "Closed after some quiet days; a new message opens a follow-up"


def _followed(entry: Entry) -> str:
    return f"A new message opened the follow-up #{entry.data['follow_up_id']}"


def _revoked(entry: Entry) -> str:
    return entry.said("revoked a mailed link to it", "A mailed link to it was revoked")


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _heard(entry: Entry) -> str:
    label = {"negative": "unhappy", "positive": "happy"}.get(entry.data["after"], "neutral")
    return entry.said(f"heard a message as {label}", f"A message was heard as {label}")


def _took_back(entry: Entry) -> str:
    return entry.said("took back a reply before it went out", "A reply was taken back")


_SENTENCES: Mapping[str, Callable[[Entry], str]] = {
    "TicketAssigned": _assigned,
    "TicketMovedToTeam": _moved,
    "PriorityChanged": _priority,
    "StatusChanged": _status,
    "TagsChanged": _tags,
    "TicketResolved": _resolved,
    "TicketReopened": _reopened,
    "TicketClosed": _closed,
    "TicketFollowedUp": _followed,
    "TicketLinkRevoked": _revoked,
    "ToneCorrected": _heard,
    "ReplyTakenBack": _took_back,
    **promises.SENTENCES,
    **letters.SENTENCES,
    **batches.SENTENCES,
    **regards.SENTENCES,
    **unions.SENTENCES,
    **pieces.SENTENCES,
}
