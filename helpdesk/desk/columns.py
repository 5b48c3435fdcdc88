"""What a view can show of a ticket, each in a column of its own."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from helpdesk.core.paging import AnyRow
from helpdesk.tickets.filters.fields import CUSTOM
from helpdesk.tickets.types import field_names
from helpdesk.ui.times import age, left


@dataclass(frozen=True)
class Column:
    """One column: its heading, what it draws of a row, and the order that its heading gives."""

    label: str
    draw: Callable[[AnyRow], str | Markup]
    sort: str = ""
    number: bool = False
    field_id: int = 0
    """Of a field that administrators made."""


def _text(name: str) -> Callable[[AnyRow], str]:
    return lambda row: str(getattr(row, name) or "")


def _age(name: str) -> Callable[[AnyRow], Markup]:
    return lambda row: age(getattr(row, name))


def _words(name: str) -> Callable[[AnyRow], str]:
    return lambda row: str(getattr(row, name)).replace("_", " ")


def _feeling(row: AnyRow) -> str:
    words = {"negative": "unhappy", "neutral": "neutral", "positive": "happy"}
    return words.get(row.sentiment_label, "")


def _score(row: AnyRow) -> str:
    return f"{row.last_score}/5" if row.last_score else ""


COLUMNS = {
    "customer": Column("Customer", _text("customer"), "customer"),
    "organization": Column("Organization", _text("organization"), "organization"),
    "status": Column("Status", _words("status"), "status"),
    "priority": Column("Priority", _words("priority"), "-priority"),
    "assignee": Column("Assignee", _text("assignee"), "assignee"),
    "team": Column("Team", _text("team"), "team"),
    "type": Column("Type", _text("type")),
    "tags": Column("Tags", lambda row: ", ".join(sorted((row.tags or "").split("\n")))),
    "channel": Column("Channel", _text("channel")),
    "sentiment": Column("Tone", _feeling, "sentiment"),
    "score": Column("Rating", _score, "score", number=True),
    "due": Column("Due", lambda row: left(row.due_at), "due"),
    "waiting": Column("Waits", _age("waiting_since"), "waiting"),
    "updated": Column("Updated", _age("active_at"), "-updated"),
    "created": Column("Created", _age("created_at"), "-created"),
    "resolved": Column("Resolved", _age("resolved_at"), "-resolved"),
}
"""By name, in the order in which a table shows them; the number and the subject always lead."""
MOST = 30
"""Columns of one view."""


def columns() -> Mapping[str, Column]:
    """Those that every ticket has, and behind them the fields that administrators made."""
    return {**COLUMNS, **_filled_in(lambda _name, _is_retired: True)}


def offered(chosen: Collection[str]) -> Mapping[str, Column]:
    """Those to choose from, with what was chosen of fields that are retired by now."""
    return {**COLUMNS, **_filled_in(lambda name, is_retired: not is_retired or name in chosen)}


def chosen_of(names: Collection[str]) -> list[Column]:
    """The columns with these names, in their order."""
    if not names:
        return []
    return [column for name, column in columns().items() if name in names]


def label_of(field_id: int) -> str:
    """What a row calls the value of a field."""
    return f"field_{field_id}"


def _filled_in(wanted: Callable[[str, bool], bool]) -> dict[str, Column]:
    found = {f"{CUSTOM}{field.key}": field for field in field_names()}
    return {
        name: Column(field.label, _text(label_of(field.id)), field_id=field.id)
        for name, field in found.items()
        if wanted(name, field.is_retired)
    }
