"""Links, checklist, time and snoozing, in sentences."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk.ui.times import when

if TYPE_CHECKING:
    from helpdesk.desk.sentences import Entry


def _related(entry: "Entry") -> str:
    words = f"{entry.data['words']} #{entry.data['other_id']}"
    return entry.said(f"linked it: {words}", f"Linked: {words}")


def _unrelated(entry: "Entry") -> str:
    words = f"{entry.data['words']} #{entry.data['other_id']}"
    return entry.said(f"took a link away: {words}", f"No longer linked: {words}")


_DID = {
    "added": "put on the checklist",
    "ticked": "ticked off",
    "unticked": "took back the tick of",
    "removed": "took off the checklist",
}


def _listed(entry: "Entry") -> str:
    did = _DID.get(entry.data["did"], "changed")
    return entry.said(f"{did}: {entry.data['text']}", f"Checklist: {entry.data['text']}")


def minutes_in_words(minutes: int) -> str:
    """``45 min``, ``1 h 20 min``."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
    return " ".join(parts)


def _spent(entry: "Entry") -> str:
    before, after = entry.data["before"], minutes_in_words(entry.data["minutes"])
    if before is None:
        return entry.said(f"spent {after} on it", f"{after} were spent on it")
    name = entry.who.agent(entry.data["agent_id"])
    change = f"the time of {name} from {minutes_in_words(before)} to {after}"
    return entry.said(f"corrected {change}", f"Corrected {change}")


def _snoozed(entry: "Entry") -> str:
    until = entry.data["until"]
    words = (
        f"until {when(datetime.fromisoformat(until))}" if until else "until the customer answers"
    )
    return entry.said(f"put it aside {words}", f"Put aside {words}")


def _woken(entry: "Entry") -> str:
    why = entry.data["why"]
    return entry.said("took it up again", f"In the open lists again: {why}")


def _typed(entry: "Entry") -> str:
    after = entry.data["after"]
    words = f"the type {after}" if after else "no type"
    return entry.said(f"gave it {words}", f"It has {words} now")


def _filled(entry: "Entry") -> str:
    labels = ", ".join(entry.data["labels"])
    return entry.said(f"filled in {labels}", f"Filled in: {labels}")


SENTENCES: Mapping[str, Callable[["Entry"], str]] = {
    "TicketsRelated": _related,
    "TicketsUnrelated": _unrelated,
    "ChecklistChanged": _listed,
    "TimeSpent": _spent,
    "TicketSnoozed": _snoozed,
    "TicketWoken": _woken,
    "TypeChanged": _typed,
    "FieldsFilled": _filled,
}
