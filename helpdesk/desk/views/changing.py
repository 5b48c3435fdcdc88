"""The fields by which a page lets somebody choose changes, see `tickets.changes`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpdesk.core.errors import HelpdeskError
from helpdesk.tickets.changes import KINDS, ChangesInvalid
from helpdesk.tickets.changes.fields import STATUSES, WORDS_FOR_ASSIGNEES
from helpdesk.tickets.changes.names import names
from helpdesk.tickets.changes.reading import FIELD
from helpdesk.tickets.models import Priority
from helpdesk.tickets.types import field_names
from helpdesk.tickets.variables import VARIABLES

LONG = ("fields", "reply", "note")
MOST_NAMED = 20
"""Fields that the form names."""


@dataclass(frozen=True)
class ChangeField:
    """One field of the form; without choices it is a text. `desk/_change_fields.html` draws it."""

    do: str
    label: str
    value: str
    error: str
    choices: Sequence[tuple[str, str]] = ()
    is_long: bool = False
    hint: str = ""

    @property
    def name(self) -> str:
        return FIELD + self.do


def change_fields(
    given: Mapping[str, str], error: HelpdeskError | None = None, *, by_person: bool = True
) -> dict[str, ChangeField]:
    """The fields by kind, with what was given (by name of the field) and what was wrong with it.

    `by_person=False` leaves out what nobody in particular can do. A company without types is not
    asked for one, nor one without fields for what stands in them.
    """
    errors = error.errors if isinstance(error, ChangesInvalid) else {}
    choices = _choices(by_person)
    return {
        do: ChangeField(
            do,
            kind.label,
            given.get(FIELD + do, ""),
            errors.get(do, ""),
            choices.get(do, ()),
            do in LONG,
            _which_fields() if do == "fields" else "",
        )
        for do, kind in KINDS.items()
        if given.get(FIELD + do) or _is_offered(do)
    }


def _is_offered(do: str) -> bool:
    if do == "type":
        return bool(names().types)
    return do != "fields" or bool(_fields_in_use())


def _fields_in_use() -> list[str]:
    return [f"{one.key} ({one.label})" for one in field_names() if not one.is_retired]


def _which_fields() -> str:
    """How to fill in, with the names of what there is."""
    known = _fields_in_use()
    more = ", …" if len(known) > MOST_NAMED else ""
    return (
        "A line each, the field before a colon; nothing after it empties the field. There is "
        f"{', '.join(known[:MOST_NAMED])}{more}."
    )


def _choices(by_person: bool) -> dict[str, Sequence[tuple[str, str]]]:
    known = names()
    assignees = [
        (to, words) for to, words in WORDS_FOR_ASSIGNEES.items() if by_person or to != "me"
    ]
    return {
        "status": list(STATUSES.items()),
        "priority": [(one.value, one.value) for one in Priority],
        "team": [("none", "no team"), *((str(id_), name) for id_, name in known.teams.items())],
        "type": [("none", "no type"), *((str(id_), name) for id_, name in known.types.items())],
        "assignee": [*assignees, *((str(id_), name) for id_, name in known.agents.items())],
    }


def variable_words() -> list[tuple[str, str]]:
    """What can stand in double braces, and what it stands for."""
    return [(name, variable.words) for name, variable in VARIABLES.items()]
