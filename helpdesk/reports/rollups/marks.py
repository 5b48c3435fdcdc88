"""Marks of days on which something was changed afterwards, made by the database itself: whatever
writes a row, in whatever way, marks its days in the same transaction.

Days that are not over are not marked, because they are not kept; see `keeping.MARGIN`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, inspect

from helpdesk.reports.rollups.plan import (
    ANSWER,
    HOURS,
    INVITATION,
    MESSAGE,
    PROMISE,
    TICKET,
    TURN,
)

_TURNS = "event IN ('TicketResolved', 'TicketReopened') AND subject_kind = 'ticket'"
_ASKED = "customer"
_ENDS = "event IN ('SlaMet', 'SlaBreached')"
_HANDINGS = "event IN ('TicketAssigned', 'TicketMovedToTeam', 'TicketReopened')"

_OWN = {
    "ticket": (TICKET, ("created_at", "first_replied_at", "resolved_at", "closed_at")),
    "journal_entry": (TURN, ("at",)),
    "message": (MESSAGE, ("created_at",)),
    "survey_response": (ANSWER, ("created_at",)),
    "survey_invitation": (INVITATION, ("created_at", "sent_at")),
}
"""What the marks of a table are about, and its moments."""

_BESIDE = {
    "journal_entry": f"subject_id = {{ticket}} AND {_TURNS}",
    "message": f"ticket_id = {{ticket}} AND kind = '{_ASKED}'",
    "survey_response": "ticket_id = {ticket}",
    "survey_invitation": "ticket_id = {ticket}",
}
"""The rows that are counted by what their ticket is."""


@dataclass(frozen=True)
class Watch:
    """One trigger: `rows` are OLD and NEW as far as there are; `days` a SELECT of what is marked
    and of a moment, for one of them."""

    name: str
    table: str
    when: str
    days: tuple[str, ...]
    only: str = ""


def _own(table: str, row: str) -> Iterator[str]:
    of, moments = _OWN[table]
    yield from (f"SELECT '{of}', {row}.{moment}" for moment in moments)


def _where(table: str, condition: str) -> Iterator[str]:
    of, moments = _OWN[table]
    yield from (
        f"SELECT '{of}', {moment} FROM {table} WHERE {condition}"  # noqa: S608 - our own words
        for moment in moments
    )


def _beside(ticket: str) -> Iterator[str]:
    for table, condition in _BESIDE.items():
        yield from _where(table, condition.format(ticket=ticket))


def _promises(ticket: str, only: str = "") -> str:
    """All that ended: which one counts, the others of its ticket decide."""
    return (
        f"SELECT '{PROMISE}', at FROM journal_entry WHERE subject_id = {ticket} AND {_ENDS}{only}"  # noqa: S608 - our own words
    )


def _of_promises() -> Iterator[Watch]:
    """Ends of promises, and what may have led to a breach that came after it."""
    table = "journal_entry"
    changed = "UPDATE OF at, event, subject_id, data"
    for when, rows in (("INSERT", ["NEW"]), ("DELETE", ["OLD"]), (changed, ["OLD", "NEW"])):
        verb = when.split()[0].lower()
        for name, events in (("promise", _ENDS), ("handing", _HANDINGS)):
            only = " OR ".join(f"{row}.{events}" for row in rows)
            days: list[str] = []
            for row in rows:
                ticket = f"{row}.subject_id"
                if name == "promise":
                    days += (f"SELECT '{PROMISE}', {row}.at", _promises(ticket))
                else:
                    days.append(_promises(ticket, f" AND at >= {row}.at"))
            yield Watch(f"report_{verb}_{name}", table, when, tuple(days), f"({only})")


def _of_hours() -> Iterator[Watch]:
    """In which business hours waits are measured."""
    turns = f"SELECT '{HOURS}', at FROM journal_entry WHERE subject_id = NEW.id AND {_TURNS}"  # noqa: S608 - our own words
    replied = f"SELECT '{HOURS}', NEW.first_replied_at"
    changed = "UPDATE OF sla_policy_id"
    yield Watch("report_paced_ticket", "ticket", changed, (replied, turns))
    every = f"SELECT '{HOURS}', FIRST FROM report_kept WHERE length = 'day'"  # noqa: S608 - our own words
    changed = "UPDATE OF zone, week, public_days, own_days"
    yield Watch("report_changed_hours", "business_hours", changed, (every,))
    yield Watch("report_changed_policy", "sla_policy", "UPDATE OF hours_id", (every,))
    for when, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        # Those that were set up first count for everybody who has no policy.
        is_first = f" AND NOT EXISTS (SELECT 1 FROM business_hours WHERE id < {row}.id)"  # noqa: S608 - our own words
        name = f"report_{when.lower()}_hours"
        yield Watch(name, "business_hours", when, (every + is_first,))


_CHANGING = {
    "ticket": "created_at, first_replied_at, resolved_at, closed_at, merged_into_id",
    "journal_entry": "at, event, subject_id",
    "message": "created_at, kind, ticket_id, sentiment_label",
    "survey_response": "created_at, kind, score, sentiment_label, ticket_id, team_id, agent_id",
    "survey_invitation": (
        "created_at, sent_at, kind, state, reason, email_id, ticket_id, team_id, assignee_id"
    ),
}


def _watches() -> Iterator[Watch]:
    for table, columns in _CHANGING.items():
        old, new = tuple(_own(table, "OLD")), tuple(_own(table, "NEW"))
        only = {
            "journal_entry": "{row}.event IN ('TicketResolved', 'TicketReopened')",
            "message": f"{{row}}.kind = '{_ASKED}'",
        }.get(table, "")
        yield Watch(f"report_new_{table}", table, "INSERT", new, only.format(row="NEW"))
        changed = f"UPDATE OF {columns}"
        yield Watch(f"report_changed_{table}", table, changed, (*old, *new))
        yield Watch(f"report_gone_{table}", table, "DELETE", old, only.format(row="OLD"))
    moved = "UPDATE OF team_id, assignee_id, channel, reopenings, created_at"
    everything = (*_own("ticket", "NEW"), *_beside("NEW.id"), _promises("NEW.id"))
    yield Watch("report_moved_ticket", "ticket", moved, everything)
    yield Watch(
        "report_dropped_ticket", "ticket", "DELETE", (*_beside("OLD.id"), _promises("OLD.id"))
    )
    yield from _of_promises()
    yield from _of_hours()
    for when, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        ticket = f"{row}.ticket_id"
        days = (*_where("ticket", f"id = {ticket}"), *_beside(ticket))
        yield Watch(f"report_{when.lower()}_ticket_tag", "ticket_tag", when, days)
    of_mail = tuple(_where("survey_invitation", "email_id = NEW.id"))
    yield Watch("report_changed_mail", "outbound_email", "UPDATE OF state", of_mail)
    every = tuple(
        f"SELECT '{of}', FIRST FROM report_kept WHERE length = 'day'"  # noqa: S608 - our own words
        for of in (TICKET, MESSAGE, ANSWER)
    )
    yield Watch("report_changed_tag", "tag", "UPDATE OF name", every)


WATCHES = tuple(_watches())


def watch(connection: Connection) -> None:
    """Let the database make marks, where it has the tables. Migrating does this each time: a change
    of the triggers comes with a migration, which may be empty."""
    if not _has_tables(connection):
        return
    unwatch(connection)
    make = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    for each in WATCHES:
        for statement in make(each):
            connection.exec_driver_sql(statement)


def unwatch(connection: Connection) -> None:
    """Let it make none: while tables are made anew, and while millions of rows are written."""
    if not _has_tables(connection):
        return
    for each in WATCHES:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {each.name}")
        else:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {each.name}() CASCADE")


def _has_tables(connection: Connection) -> bool:
    return inspect(connection).has_table("report_stale")


def _on_sqlite(each: Watch) -> Iterator[str]:
    # Where nothing is kept there is nothing to mark; one writer at a time makes that certain.
    only = f"{each.only} AND " if each.only else ""
    days = " UNION ".join(each.days).replace("FIRST", "start")
    yield (
        f"CREATE TRIGGER {each.name} AFTER {each.when} ON {each.table} "  # noqa: S608 - our own words
        f"WHEN {only}EXISTS (SELECT 1 FROM report_kept) BEGIN "
        "INSERT INTO report_stale (what, day) "
        "SELECT DISTINCT what, substr(moment, 1, 10) AS day FROM "
        f"(SELECT NULL AS what, NULL AS moment WHERE 0 UNION {days}) "
        "WHERE moment IS NOT NULL AND substr(moment, 1, 10) < CURRENT_DATE; END"
    )


def _on_postgresql(each: Watch) -> Iterator[str]:
    days = " UNION ALL ".join(each.days).replace("FIRST", "start::timestamp AT TIME ZONE 'UTC'")
    yield (
        f"CREATE OR REPLACE FUNCTION {each.name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "  # noqa: S608 - our own words
        "INSERT INTO report_stale (what, day) "
        "SELECT DISTINCT what, (moment AT TIME ZONE 'UTC')::date FROM "
        f"({days}) AS found (what, moment) "
        "WHERE (moment AT TIME ZONE 'UTC')::date < (now() AT TIME ZONE 'UTC')::date; "
        "RETURN NULL; END$$"
    )
    only = f" WHEN ({each.only})" if each.only else ""
    yield (
        f"CREATE TRIGGER {each.name} AFTER {each.when} ON {each.table} FOR EACH ROW{only} "
        f"EXECUTE FUNCTION {each.name}()"
    )
