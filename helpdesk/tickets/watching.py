"""Colleagues who watch a ticket, by their own wish or because somebody called them in a note."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.accounts.models import IS_STAFF, Account
from helpdesk.core.clock import now
from helpdesk.core.db import Model, session
from helpdesk.core.journal import record
from helpdesk.tickets.attention import AgentMentioned, AgentStoppedWatching, AgentWatches
from helpdesk.tickets.models import Message, Ticket
from helpdesk.tickets.queries import visible_to

MOST_MENTIONS = 20
_AT = re.compile(r"(?<![\w.@+-])@(?=\w)")


class AgentWatch(Model):
    """A colleague wants to know what happens on a ticket."""

    __tablename__ = "agent_watch"
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]


def watch(ticket: Ticket, agent: Account, *, by: Account | None, why: str = "by hand") -> bool:
    """The agent watches from now on; False where they did before."""
    if session.get(AgentWatch, (ticket.id, agent.id)) is not None:
        return False
    session.add(AgentWatch(ticket_id=ticket.id, account_id=agent.id, since=now()))
    ticket.has_parts = True
    session.flush()
    record(AgentWatches(ticket.id, agent.id, why), by=by)
    return True


def stop_watching(ticket: Ticket, agent: Account, *, by: Account | None) -> None:
    """The agent watches no more. Twice is harmless."""
    row = session.get(AgentWatch, (ticket.id, agent.id))
    if row is not None:
        session.delete(row)
        record(AgentStoppedWatching(ticket.id, agent.id, "by hand"), by=by)


def carry_watches(ticket: Ticket, into: Ticket) -> list[int]:
    """Let colleagues who watch a ticket watch the one in which it goes on; who did not before."""
    known = set(_watching(into))
    carried = [account_id for account_id in _watching(ticket) if account_id not in known]
    for account_id in carried:
        session.add(AgentWatch(ticket_id=into.id, account_id=account_id, since=now()))
        record(AgentWatches(into.id, account_id, "merged"))
    if carried:
        into.has_parts = True
    return carried


def take_watches_back(into: Ticket, account_ids: Collection[int]) -> None:
    """A merge was undone: whoever watched the survivor for that does no more."""
    rows = select(AgentWatch).where(
        AgentWatch.ticket_id == into.id, AgentWatch.account_id.in_(account_ids)
    )
    for row in session.scalars(rows):
        session.delete(row)
        record(AgentStoppedWatching(into.id, row.account_id, "merge undone"))


def _watching(ticket: Ticket) -> Sequence[int]:
    of_ticket = select(AgentWatch.account_id).where(AgentWatch.ticket_id == ticket.id)
    return session.scalars(of_ticket.order_by(AgentWatch.account_id)).all()


def watches(ticket_id: int, account_id: int) -> bool:
    """Whether a colleague watches a ticket."""
    return session.get(AgentWatch, (ticket_id, account_id)) is not None


def watchers_among_staff(ticket_id: int) -> Sequence[Account]:
    """Who watches a ticket, works here, and may (still) see it."""
    statement = (
        select(Account)
        .join(AgentWatch, AgentWatch.account_id == Account.id)
        .where(AgentWatch.ticket_id == ticket_id, Account.disabled_at.is_(None), IS_STAFF)
        .order_by(Account.name)
    )
    return [agent for agent in session.scalars(statement) if _may_see(agent, ticket_id)]


def _may_see(agent: Account, ticket_id: int) -> bool:
    statement = select(Ticket.id).where(Ticket.id == ticket_id, visible_to(agent))
    return session.scalar(statement) is not None


def call_colleagues(ticket: Ticket, note: Message, *, by: Account) -> list[Account]:
    """Let those whom a note calls by name (`@Ben`, `@Ben Lund`, `@ben@work.example`) watch the
    ticket, where they may see it; who was called. A name that several people have calls nobody."""
    if "@" not in note.body:
        return []
    staff = session.scalars(
        select(Account).where(IS_STAFF, Account.disabled_at.is_(None)).order_by(Account.id)
    ).all()
    called = []
    for agent in mentioned_in(note.body, staff)[:MOST_MENTIONS]:
        if agent.id != by.id and _may_see(agent, ticket.id):
            watch(ticket, agent, by=by, why="mentioned")
            record(AgentMentioned(ticket.id, note.id, agent.id), by=by)
            called.append(agent)
    return called


def mentioned_in(text: str, staff: Sequence[Account]) -> list[Account]:
    """Those of the staff whom a text calls, each once: by the longest name that stands there."""
    names: dict[str, set[int]] = {}
    for agent in staff:
        full = agent.name.casefold()
        first = full.split()[0] if full.split() else full
        for name in {full, first, agent.email, agent.email.partition("@")[0]}:
            names.setdefault(name, set()).add(agent.id)
    by_length = sorted(names, key=len, reverse=True)
    by_id = {agent.id: agent for agent in staff}
    found: dict[int, Account] = {}
    for place in _AT.finditer(text):
        rest = text[place.end() : place.end() + 400].casefold()
        name = next((name for name in by_length if _begins(rest, name)), "")
        ids = names.get(name, set())
        if len(ids) == 1:
            found |= {agent_id: by_id[agent_id] for agent_id in ids}
    return list(found.values())


def _begins(rest: str, name: str) -> bool:
    """A name that stands there whole, not the start of a longer word or address."""
    if not name or not rest.startswith(name):
        return False
    after = rest[len(name) : len(name) + 2]
    return not (
        after[:1].isalnum()
        or after[:1] in ("_", "@")
        or (after[:1] in (".", "-") and after[1:2].isalnum())
    )
