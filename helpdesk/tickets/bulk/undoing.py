"""Taking back what a bulk edit did to a ticket, as far as nobody has changed it since."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from helpdesk.accounts.models import Account, Team
from helpdesk.core.clock import now
from helpdesk.core.db import Json, session
from helpdesk.core.errors import Invalid
from helpdesk.core.journal import JournalEntry, record
from helpdesk.tickets import actions, clocks
from helpdesk.tickets.bulk.events import BulkEdited, BulkEditTakenBack
from helpdesk.tickets.bulk.models import BulkEdit, BulkLine, Outcome
from helpdesk.tickets.bulk.standing import (
    ACTIVE,
    ANSWERED,
    FIELDS,
    PARTS,
    TAGS,
    changed_parts,
    fields_in,
    put_clocks_back,
    put_pauses_back,
    standing,
    value_of,
)
from helpdesk.tickets.events import (
    PriorityChanged,
    StatusChanged,
    TagsChanged,
    TicketAssigned,
    TicketMovedToTeam,
    TicketReopened,
    TicketResolved,
)
from helpdesk.tickets.filling import TypeChanged, fill_in
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.types import TicketField, TicketType

EVENTS: Mapping[str, tuple[str, ...]] = {
    "status": ("StatusChanged", "TicketResolved", "TicketReopened", "TicketClosed"),
    "priority": ("PriorityChanged",),
    "team": ("TicketMovedToTeam",),
    "assignee": ("TicketAssigned",),
    "type": ("TypeChanged",),
    TAGS: ("TagsChanged",),
    FIELDS: ("FieldsFilled",),
}
"""Who of late changed a part is looked up by these."""
WRITING = ("AgentReplied", "CustomerWrote")
REASON = "a bulk edit was undone"


Later = Row[int, int, str, str | None]
"""Something that happened since: the number of its entry, the ticket's, the event, who did it."""


def take_back(
    bulk: BulkEdit, line: BulkLine, ticket: Ticket, since: Sequence[Later]
) -> tuple[Outcome, str | None]:
    """Let the ticket be as it was before, part by part; what became of it, and what stays and why.

    A part that has another value than the bulk edit gave it was changed by somebody and stays;
    the status stays as well once somebody wrote to or from the customer. `since` is what
    `happened_since` found.
    """
    before, after = line.before or {}, line.after or {}
    parts = changed_parts(before, after)
    current = standing(ticket, fields_in(before))
    left = {part: why for part in parts if (why := _in_the_way(part, current, after, since))}
    for part in _impossible(ticket, [p for p in parts if p not in left], before):
        left[part] = "it cannot be as it was any more"
    restored = [part for part in parts if part not in left]
    if restored:
        _restore(bulk, line, ticket, restored, current)
        record(BulkEditTakenBack(ticket.id, bulk.id, restored, sorted(left)), by=bulk.undo_by)
    reasons = [f"{part}: {why}" for part, why in left.items()]
    if set(_written(bulk)):
        reasons.append("what was written stays")
    if not restored:
        return Outcome.LEFT, "; ".join(reasons) or "nothing of it can be taken back"
    return (Outcome.PARTLY if left else Outcome.UNDONE), "; ".join(reasons) or None


def _written(bulk: BulkEdit) -> list[str]:
    return [one["do"] for one in bulk.changes if one["do"] in ("reply", "note")]


def happened_since(bulk: BulkEdit, ticket_ids: Collection[int]) -> dict[int, list[Later]]:
    """What happened to these tickets after the bulk edit changed them, newest first, as far as it
    can be in the way."""
    entry = JournalEntry
    of_tickets = entry.subject_kind == "ticket", entry.subject_id.in_(ticket_ids)
    own = select(entry.id, entry.subject_id, entry.data).where(
        *of_tickets, entry.event == BulkEdited.__name__
    )
    marks = dict.fromkeys(ticket_ids, 0)
    for row in session.execute(own):
        if row.data["bulk_id"] == bulk.id:
            marks[row.subject_id] = max(row.id, marks[row.subject_id])
    asked = [name for names in (*EVENTS.values(), WRITING) for name in names]
    later = select(entry.id, entry.subject_id, entry.event, entry.actor_name).where(
        *of_tickets, entry.event.in_(asked), entry.id > min(marks.values(), default=0)
    )
    found: dict[int, list[Later]] = {number: [] for number in ticket_ids}
    for happened in session.execute(later.order_by(entry.id.desc())):
        if happened.id > marks[happened.subject_id]:
            found[happened.subject_id].append(happened)
    return found


def _in_the_way(part: str, current: Json, after: Json, since: Sequence[Later]) -> str | None:
    column = PARTS[part][0] if part in PARTS else part
    same = current[column] == after[column]
    if part == TAGS:
        same = sorted(current[TAGS]) == sorted(after[TAGS])
    if not same:
        return f"{_who(since, EVENTS[part])} changed it since"
    if part == "status" and any(entry.event in WRITING for entry in since):
        return f"{_who(since, WRITING)} wrote since"
    return None


def _who(since: Sequence[Later], events: Sequence[str]) -> str:
    entry = next((entry for entry in since if entry.event in events), None)
    if entry is None:
        return "somebody"
    if entry.actor_name:
        return str(entry.actor_name)
    return "the customer" if entry.event == "CustomerWrote" else "the system"


def _impossible(ticket: Ticket, parts: Sequence[str], before: Json) -> list[str]:
    """Parts that lead to a team that is gone, or to somebody who cannot have the ticket."""
    found = []
    team_id = before["team_id"] if "team" in parts else ticket.team_id
    team = session.get(Team, team_id) if team_id else None
    if team_id and team is None:
        found.append("team")
    if "assignee" in parts and before["assignee_id"]:
        try:
            agent = session.get(Account, before["assignee_id"])
            actions.require_assignable(team, agent)
        except Invalid:
            found.append("assignee")
    return found


def _restore(
    bulk: BulkEdit, line: BulkLine, ticket: Ticket, parts: Sequence[str], current: Json
) -> None:
    before, after = line.before or {}, line.after or {}
    replied = "reply" in _written(bulk)
    is_whole = not replied and parts == changed_parts(before, after)
    was_untouched = current[ACTIVE] == after[ACTIVE]
    for part in parts:
        for name in PARTS.get(part, ()):
            if not (replied and name in ANSWERED):
                setattr(ticket, name, value_of(name, before))
    _restore_words(ticket, parts, before, bulk.undo_by)
    actions.touch(ticket)
    if was_untouched and not _written(bulk):
        ticket.active_at = value_of(ACTIVE, before)
    if "team" in parts:
        ticket.team = session.get(Team, ticket.team_id) if ticket.team_id else None
    if "assignee" in parts:
        ticket.assignee = session.get(Account, ticket.assignee_id) if ticket.assignee_id else None
    _tell(ticket, parts, before, current, bulk.undo_by)
    if "status" in parts:
        put_pauses_back(ticket.id, before)
    if is_whole and was_untouched:
        put_clocks_back(ticket.id, before)
    clocks.refresh(ticket, why=REASON)


def _restore_words(ticket: Ticket, parts: Sequence[str], before: Json, by: Account | None) -> None:
    """Tags, and what stood in fields, also where the ticket has another type now."""
    if TAGS in parts:
        ticket.tags = [actions.tag_called(name) for name in before[TAGS]]
    if FIELDS in parts:
        texts = {int(number): text for number, text in before[FIELDS].items()}
        fields = session.scalars(select(TicketField).where(TicketField.id.in_(texts)))
        fill_in(ticket, texts, by=by, fields=fields.all())


def _tell(
    ticket: Ticket, parts: Sequence[str], before: Json, current: Json, by: Account | None
) -> None:
    """Each part that is as before again is told like any change, for reports and reactions."""
    if "team" in parts:
        record(TicketMovedToTeam(ticket.id, current["team_id"], before["team_id"]), by=by)
    if "assignee" in parts:
        was, is_ = current["assignee_id"], before["assignee_id"]
        record(TicketAssigned(ticket.id, was, is_, REASON), by=by)
    if "priority" in parts:
        record(PriorityChanged(ticket.id, current["priority"], before["priority"]), by=by)
    if "type" in parts:
        names = [_type_name(kept["type_id"]) for kept in (current, before)]
        record(TypeChanged(ticket.id, *names), by=by)
    if TAGS in parts:
        had, has = set(current[TAGS]), set(before[TAGS])
        record(TagsChanged(ticket.id, sorted(has - had), sorted(had - has)), by=by)
    if "status" in parts:
        _tell_status(ticket, Status(current["status"]), Status(before["status"]), by)


def _type_name(type_id: int | None) -> str | None:
    return session.get_one(TicketType, type_id).name if type_id else None


def _tell_status(ticket: Ticket, was: Status, is_: Status, by: Account | None) -> None:
    event: Any
    if was is Status.RESOLVED:
        event = TicketReopened(ticket.id, ticket.customer_id, was, False)
    elif is_ is Status.RESOLVED:
        event = TicketResolved(
            ticket.id, ticket.customer_id, was, ticket.assignee_id, ticket.team_id, False
        )
    else:
        event = StatusChanged(ticket.id, was, is_)
    record(event, by=by, at=now())
