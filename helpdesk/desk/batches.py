"""What macros and bulk edits did to a ticket, in sentences."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk.desk.sentences import Entry


def _macro(entry: "Entry") -> str:
    name, did = entry.data["name"], entry.data["did"]
    if not did:
        return entry.said(f"used the macro “{name}”", f"Macro “{name}”")
    words = "; ".join(did)
    return entry.said(f"used the macro “{name}”: {words}", f"Macro “{name}”: {words}")


SENTENCES: Mapping[str, Callable[["Entry"], str]] = {
    "MacroUsed": _macro,
}
