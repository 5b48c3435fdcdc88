"""What rules do when something happened."""

from helpdesk.core.causes import cause
from helpdesk.core.journal import Event
from helpdesk.rules.deciding import consider
from helpdesk.rules.happenings import happenings


def ask_rules(event: Event) -> None:
    """Let the rules that listen to this decide. What happened while a reaction was told of it is
    what that entry of the journal tells of."""
    entry_id = cause()
    if entry_id is None:
        raise RuntimeError("Rules are asked by the journal, which knows the entry.")
    for happening in happenings(event):
        consider(happening, entry_id)
