"""Lists of changes from forms and from JSON, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from helpdesk.core.errors import Invalid
from helpdesk.tickets.changes import about, fields, texts
from helpdesk.tickets.changes.kinds import Change
from helpdesk.tickets.changes.names import names

Changes = tuple[Change, ...]
KINDS: Mapping[str, type[Change]] = {
    kind.do: kind
    for kind in (
        about.SetType,
        about.FillIn,
        fields.MoveToTeam,
        fields.Assign,
        fields.SetPriority,
        fields.RemoveTags,
        fields.AddTags,
        texts.Note,
        texts.Reply,
        fields.SetStatus,
    )
}
"""In the order in which they are done: a reply before the ticket is resolved, for instance."""
FIELD = "do-"
"""What the names of fields in forms begin with."""


class ChangesInvalid(Invalid):
    """What is wrong with which change; `errors` by kind."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(_placed(do, error) for do, error in self.errors.items()))


def _placed(do: str, error: str) -> str:
    return f"{KINDS[do].label}: {error}" if do in KINDS else error


def from_form(form: Mapping[str, str], *, by_person: bool = True) -> Changes:
    """The changes that somebody chose; a field left empty changes nothing.

    Raises ChangesInvalid, also when nothing was chosen.
    """
    given = {do: form.get(FIELD + do, "") for do in KINDS}
    return _read({do: to for do, to in given.items() if to.strip()}, by_person)


def in_form(changes: Changes) -> dict[str, str]:
    """What `from_form` would read as these changes, by kind."""
    return {change.do: _typed(change.to) for change in changes}


def _typed(to: object) -> str:
    if isinstance(to, list):
        return ", ".join(to)
    return "none" if to is None else str(to)


def read(items: Any, *, by_person: bool = True, checked: bool = True) -> Changes:
    """The changes in JSON. `checked=False` reads what was kept although somebody whom it names is
    gone since.

    Raises ChangesInvalid.
    """
    if not isinstance(items, list):
        raise ChangesInvalid({"": "Changes are a list."})
    given: dict[str, object] = {}
    for place, item in enumerate(items, 1):
        if not isinstance(item, dict) or set(item) != {"do", "to"}:
            raise ChangesInvalid({"": f"Change {place} needs “do” and “to”, and nothing else."})
        do = item["do"]
        if not isinstance(do, str) or do not in KINDS:
            known = ", ".join(KINDS)
            raise ChangesInvalid({"": f"Change {place}: “{do!s:.60}” is none of {known}."})
        if do in given:
            raise ChangesInvalid({do: f"Change {place} says it a second time."})
        given[do] = item["to"]
    return _read(given, by_person, checked)


def as_json(changes: Changes) -> list[Any]:
    """For keeping; `read` reads it back as equal changes."""
    return [{"do": change.do, "to": change.to} for change in changes]


def described(changes: Sequence[Change]) -> list[str]:
    """What each does, in a few words."""
    known = names()
    return [change.words(known) for change in changes]


def around_reply(changes: Changes) -> tuple[Changes, Changes]:
    """What comes before the reply and what comes after it, for a person who reads the reply over
    before it is sent."""
    rest = [change for change in changes if not isinstance(change, texts.Reply)]
    after = tuple(change for change in rest if isinstance(change, fields.SetStatus))
    return tuple(change for change in rest if change not in after), after


def _read(given: Mapping[str, object], by_person: bool, checked: bool = True) -> Changes:
    found: list[Change] = []
    errors: dict[str, str] = {}
    for do in (do for do in KINDS if do in given):
        try:
            change = KINDS[do].read(given[do])
            if checked:
                change.check(names(), by_person=by_person)
            found.append(change)
        except Invalid as error:
            errors[do] = error.message
    if both := _tags_twice(found):
        errors["remove_tags"] = f"“{both}” is to be added as well."
    if not given:
        errors[""] = "Choose at least one change."
    if errors:
        raise ChangesInvalid(errors)
    return tuple(found)


def _tags_twice(changes: Sequence[Change]) -> str:
    """A tag that is to be added and removed, or nothing."""
    added = {tag for one in changes if isinstance(one, fields.AddTags) for tag in one.tags}
    taken = {tag for one in changes if isinstance(one, fields.RemoveTags) for tag in one.tags}
    return min(added & taken, default="")
