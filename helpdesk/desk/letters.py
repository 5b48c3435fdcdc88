"""What mail did on a ticket, in sentences."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk.desk.sentences import Entry


def _came_back(entry: "Entry") -> str:
    if entry.data["hard"]:
        return "A mail about this came back: its address does not work"
    return "A mail about this was not delivered yet; its server still tries, or asks to try later"


def _watched(entry: "Entry") -> str:
    return entry.said(
        "put somebody in Cc, who gets a copy of each answer from now on",
        "Somebody whom the customer put in Cc gets a copy of each answer from now on",
    )


def _elsewhere(entry: "Entry") -> str:
    number = entry.data["follow_up_id"]
    return f"A stranger answered a mail about this; that became ticket #{number}"


def _refers(entry: "Entry") -> str:
    number = entry.data["follow_up_id"]
    return f"This answers a mail about ticket #{number}, where its sender takes no part"


def _doubted(_entry: "Entry") -> str:
    return "Careful: our mail server says that this mail did not come from where it says"


def _stopped(entry: "Entry") -> str:
    return entry.said(
        "answered by mail what was no longer so; the answer was kept as a note",
        "An answer by mail was kept as a note, because something new had come",
    )


SENTENCES: Mapping[str, Callable[["Entry"], str]] = {
    "ReplyCameBack": _came_back,
    "WatcherAdded": _watched,
    "MailWentElsewhere": _elsewhere,
    "MailRefersTo": _refers,
    "SenderDoubted": _doubted,
    "MailedReplyStopped": _stopped,
}
