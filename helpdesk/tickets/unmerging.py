"""Undoing a merge: what was there is there again, and what came later stays where it belongs.

What was moved goes back, and so does what came since to the number that was merged or to one that
had been merged into it; an answer that was written on the survivor stays there.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Json, session
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import record
from helpdesk.tickets import actions, clocks, pauses, reopened
from helpdesk.tickets.clocks import SlaClock
from helpdesk.tickets.mailing import remove_watcher
from helpdesk.tickets.merging import TicketMerge, merge_of, merges_into
from helpdesk.tickets.models import OPEN, Message, Status, Ticket, TicketWatcher
from helpdesk.tickets.moving import (
    answered_at,
    follow_messages,
    move_messages,
    questions_on,
    still_on,
)
from helpdesk.tickets.queries import locked
from helpdesk.tickets.sla import REPLIES
from helpdesk.tickets.survivors import family_of
from helpdesk.tickets.unions import TicketGaveBack, TicketUnmerged
from helpdesk.tickets.watching import take_watches_back, watches

MOMENTS = ("started_at", "due_at", "warned_at", "breached_at", "look_at", "ended_at")


def undo_merge(ticket: Ticket, *, by: Account) -> Ticket:
    """Let a merged ticket stand for itself again; gives back the one that it was merged into.

    Raises Conflict where it is not merged, or where its survivor was merged on: that is undone
    first.
    """
    merge = merge_of(locked(ticket.id))
    if merge is None or ticket.merged_into_id is None:
        raise Conflict(f"#{ticket.id} is not merged into another ticket (any more).")
    into = locked(merge.into_id)
    if into.merged_into_id is not None:
        raise Conflict(
            f"#{into.id} was merged into #{into.merged_into_id} since. Undo that merge first."
        )
    untouched = into.version == merge.saved["version"]
    later = _came_later(ticket, into, merge)
    ids = [*still_on(into, merge.saved["messages"]), *later]
    move_messages(ids, into, ticket)
    merge.undone_at, merge.undone_by_id = now(), by.id
    _restore(ticket, merge.saved["ticket"])
    _give_back(into, merge, untouched=untouched)
    _give_followers_back(into, merge, by=by)
    record(TicketUnmerged(ticket.id, into.id, ticket.customer_id, len(ids)), by=by)
    record(TicketGaveBack(into.id, ticket.id, len(ids)), by=by)
    _hear_what_came_later(ticket, later, answered_at(into))
    clocks.refresh(ticket)
    return into


def _give_followers_back(into: Ticket, merge: TicketMerge, *, by: Account) -> None:
    """Whoever got copies or watched for this ticket alone does so no more; for one that is merged
    still they go on, until that is undone as well."""
    others = merges_into(into)
    left: dict[str, list[Any]] = {"copies": [], "watches": []}
    for key, follows in (("copies", _gets_copies), ("watches", watches)):
        for one in merge.saved.get(key, []):
            heir = next((other for other in others if follows(other.ticket_id, one)), None)
            if heir is None:
                left[key].append(one)
            else:
                heir.saved = heir.saved | {key: [*heir.saved.get(key, []), one]}
    for email in left["copies"]:
        remove_watcher(into, email, by=by)
    take_watches_back(into, left["watches"])


def _gets_copies(ticket_id: int, email: str) -> bool:
    of_ticket = TicketWatcher.ticket_id == ticket_id, TicketWatcher.email == email
    return session.scalar(select(TicketWatcher.id).where(*of_ticket)) is not None


def _came_later(ticket: Ticket, into: Ticket, merge: TicketMerge) -> list[int]:
    """What came to its number, or to one that was merged into it, since it was merged."""
    moved = set(merge.saved["messages"])
    statement = select(Message.id).where(
        Message.ticket_id == into.id, Message.came_to_id.in_(family_of(ticket))
    )
    return [found for found in session.scalars(statement) if found not in moved]


def _restore(ticket: Ticket, saved: Json) -> None:
    ticket.merged_into_id = None
    ticket.status = Status(saved["status"])
    ticket.closed_at = _moment(saved["closed_at"])
    ticket.waiting_since = _moment(saved["waiting_since"])
    ticket.version += 1
    follow_messages(ticket)


def _give_back(into: Ticket, merge: TicketMerge, *, untouched: bool) -> None:
    """Let the survivor be without the other one: as it was, where nothing happened on it since;
    else with all that did."""
    saved = merge.saved["into"]
    before = into.active_at
    actions.touch(into)
    if untouched:
        into.waiting_since = _moment(saved["waiting_since"])
        into.active_at = _moment(saved["active_at"]) or into.active_at
    else:
        into.active_at = before
        if into.waiting_since is not None:
            into.waiting_since = _waits_without(into)
    others = merges_into(into)
    _restore_clocks(into, saved["clocks"], every=untouched)
    _forget(merge, [other for other in others if other.id > merge.id])
    if "reopened" in merge.saved:
        _resolve_again(into, merge.saved["reopened"], others)
    follow_messages(into)
    clocks.refresh(into)


def _resolve_again(into: Ticket, was: Json, others: Sequence[TicketMerge]) -> None:
    """Let the survivor be resolved again that was opened for who left. Where another one keeps it
    open, that one remembers how it stood."""
    if reopened.resolve_again(into, was, [other.saved["ticket"] for other in others]):
        _restore_clocks(into, was["clocks"], every=True)
        return
    heir = next((one for one in others if Status(one.saved["ticket"]["status"]) in OPEN), None)
    if heir is not None:
        heir.saved = heir.saved | {"reopened": was}


def _waits_without(into: Ticket) -> datetime | None:
    """Since when somebody waits on it, without what was merged into it and is so no more."""
    since = answered_at(into)
    others = merges_into(into)
    brought = {number for merge in others for number in merge.saved["messages"]}
    waits = [at for number, at in questions_on(into, since) if number not in brought]
    if waits and waits[0] - into.created_at < timedelta(seconds=5):
        waits[0] = into.created_at  # the first message is written down a moment after its ticket
    for merge in others:
        waited = _moment(merge.saved["ticket"]["waiting_since"])
        if waited and (since is None or merge.merged_at > since):
            waits.append(waited)
    return min(waits, default=None)


def _restore_clocks(into: Ticket, saved: Sequence[Json], *, every: bool) -> None:
    """Put clocks that began anew back as they were, so that what was warned of, or breached, is so
    once: all of them, or those that begin again where they began before, and those that ran for
    nobody else than who left."""
    session.flush()
    present = {row.target: row for row in clocks.clocks_of(into.id)}
    idle = {target for target, row in present.items() if into.waiting_since is None and _runs(row)}
    for told in saved:
        values: Json = {
            name: _moment(value) if name in MOMENTS else value for name, value in told.items()
        }
        row = present.pop(values["target"], None)
        fits = every or values["target"] in idle or values["started_at"] == into.waiting_since
        if fits and (row is None or row.started_at != values["started_at"]):
            session.merge(SlaClock(**values))
    for target, row in present.items():
        if every or target in idle:
            session.delete(row)
    session.flush()


def _runs(row: SlaClock) -> bool:
    """Whether it counts how long somebody waits for an answer."""
    return row.target in REPLIES and row.ended_at is None


def _forget(merge: TicketMerge, later: Iterable[TicketMerge]) -> None:
    """Let merges that came after one that is undone remember the survivor as it was without it:
    a clock that ran for who left is not to come back."""
    before = {told["target"]: told for told in merge.saved["into"]["clocks"]}
    waited = merge.saved["ticket"]["waiting_since"]
    for other in later:
        told = [
            before.get(clock["target"]) if clock["started_at"] == waited else clock
            for clock in other.saved["into"]["clocks"]
        ]
        into = other.saved["into"] | {"clocks": [clock for clock in told if clock]}
        other.saved = other.saved | {"into": into}


def _hear_what_came_later(ticket: Ticket, ids: Iterable[int], since: datetime | None) -> None:
    """What the customer wrote to it meanwhile, and nobody answered on the survivor, waits for an
    answer here, as it would have without the merge."""
    came = set(ids)
    waits = [at for number, at in questions_on(ticket, since) if number in came]
    if not waits:
        return
    if ticket.status is Status.CLOSED:
        ticket.status, ticket.closed_at = Status.RESOLVED, None
        ticket.resolved_at = ticket.resolved_at or now()
    pauses.end(ticket, "the customer wrote", by=None)
    if ticket.status is Status.RESOLVED:
        actions.reopen(ticket, by=None, by_customer=True)
    elif ticket.status in (Status.PENDING, Status.ON_HOLD):
        actions.set_status(ticket, Status.OPEN, by=None)
    ticket.note_question(min(waits), by_themselves=True)
    ticket.version += 1


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
