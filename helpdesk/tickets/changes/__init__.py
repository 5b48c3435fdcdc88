"""The list of changes that macros, rules and bulk edits share.

A list names each kind of change at most once, so its order says nothing: it is always done in the
order of KINDS. It is kept as JSON, `[{"do": "priority", "to": "high"}, …]`.

    changes = from_form(request.form)            # or read(json); ChangesInvalid says what is wrong
    described(changes)                           # ["move to Billing", "priority high"]
    foresee(changes, ticket, by=agent)           # what would happen
    apply(changes, ticket, by=agent).changed     # with the rights of whoever does it
"""

from helpdesk.tickets.changes.doing import Applied, Foreseen, Refused, apply, foresee
from helpdesk.tickets.changes.kinds import Change
from helpdesk.tickets.changes.reading import (
    KINDS,
    Changes,
    ChangesInvalid,
    around_reply,
    as_json,
    described,
    from_form,
    in_form,
    read,
)

__all__ = [
    "KINDS",
    "Applied",
    "Change",
    "Changes",
    "ChangesInvalid",
    "Foreseen",
    "Refused",
    "apply",
    "around_reply",
    "as_json",
    "described",
    "foresee",
    "from_form",
    "in_form",
    "read",
]
