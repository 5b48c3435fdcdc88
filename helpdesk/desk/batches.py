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


def _bulk(entry: "Entry") -> str:
    words = f"in bulk edit {entry.data['bulk_id']}: {'; '.join(entry.data['did'])}"
    return entry.said(f"changed it {words}", f"Changed {words}")


def _taken_back(entry: "Entry") -> str:
    words = f"bulk edit {entry.data['bulk_id']}: {_listed(entry.data['restored'])} as before"
    left = entry.data["left"]
    stays = f", {_listed(left)} {'stays' if len(left) == 1 else 'stay'}" if left else ""
    return entry.said(f"undid {words}{stays}", f"Undone: {words}{stays}")


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


SENTENCES: Mapping[str, Callable[["Entry"], str]] = {
    "MacroUsed": _macro,
    "BulkEdited": _bulk,
    "BulkEditTakenBack": _taken_back,
}
