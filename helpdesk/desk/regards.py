"""Who pays attention to a ticket, in sentences."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk.desk.sentences import Entry


def _mentioned(entry: "Entry") -> str:
    name = entry.who.agent(entry.data["agent_id"])
    return entry.said(f"called {name}", f"{name} was called")


def _watches(entry: "Entry") -> str:
    agent_id = entry.data["agent_id"]
    name = entry.who.agent(agent_id)
    if agent_id == entry.actor_id or not entry.actor:
        return f"{name} watches this from now on"
    return f"{entry.actor} lets {name} watch this"


def _stopped(entry: "Entry") -> str:
    agent_id = entry.data["agent_id"]
    name = entry.who.agent(agent_id)
    if agent_id == entry.actor_id or not entry.actor:
        return f"{name} watches this no more"
    return f"{entry.actor} lets {name} watch this no more"


def _removed(entry: "Entry") -> str:
    return entry.said("took somebody out of Cc", "Somebody was taken out of Cc")


SENTENCES: Mapping[str, Callable[["Entry"], str]] = {
    "AgentMentioned": _mentioned,
    "AgentWatches": _watches,
    "AgentStoppedWatching": _stopped,
    "WatcherRemoved": _removed,
}
