"""Whom to be and what to open: chosen from the data, so that each page is asked for many times with
other contents."""

from dataclasses import dataclass
from random import Random
from typing import TypeVar
from urllib.parse import quote

from flask import Flask
from sqlalchemy import func, select

from bench import enriching
from helpdesk.accounts.models import Account, Role, Team, team_member
from helpdesk.cli.seed.bulk import fill
from helpdesk.core.db import Model, db, session, transaction
from helpdesk.core.paging import keyset_rows
from helpdesk.customers.models import Address, Customer
from helpdesk.tickets.models import Message, Status, Ticket
from helpdesk.tickets.queries import visible_to

T = TypeVar("T")

UNCLOSED = 0.6
"""Share of the tickets that nobody closed: deep pages need a view that is deep."""
LINES = 25
VARIETY = 60
COMMON = ("please", "the", "your")
"""Words that stand in most tickets."""
NARROW = "priority>=high tag:refund sentiment:negative"


@dataclass(frozen=True)
class Scene:
    """Cookies and paths. Each page has several paths that take turns."""

    tickets: int
    messages: int
    agent_cookie: str
    filers: list[str]
    """Cookies of customers."""
    pages: dict[str, list[str]]
    depth: int
    """Which page of the resolved tickets the deep one is."""
    answered: list[int]
    """Tickets that get replies."""


def prepare(app: Flask, tickets: int) -> None:
    """Make the tables and fill them, unless there are tickets already."""
    with app.app_context():
        Model.metadata.create_all(db.engine)
        known = session.scalar(select(Ticket.id).limit(1))
        session.remove()
        if known is None:
            fill(tickets, unclosed=UNCLOSED)


def set_up(app: Flask) -> Scene:
    """Look at the data and choose."""
    with app.app_context():
        agent = _agent()
        with transaction():
            busiest = enriching.know_somebody_well()
            longest = enriching.talk_at_length(agent)
            rare = enriching.write_rare_words(VARIETY)
        cursor, depth = _deep_cursor()
        pages = {
            "queue, page 1": ["/desk/queue/open"],
            "resolved, page 1": ["/desk/queue/resolved"],
            f"resolved, page {depth:,}": [f"/desk/queue/resolved?at={cursor}"],
            "open, three conditions": [f"/desk/queue/open?q={quote(NARROW)}"],
            "ticket, 5 messages": [f"/desk/tickets/{n}" for n in _tickets_with(5, agent)],
            "ticket, 300 messages": [f"/desk/tickets/{n}" for n in longest],
            "customer": [f"/desk/customers/{n}" for n in _busy_customers()],
            "customer, 5,000 events": [f"/desk/customers/{busiest}"],
            "search by number": [f"/desk/search?q={n}" for n in _some_numbers(agent)],
            "search by customer": [f"/desk/search?q={email}" for email in _some_addresses()],
            "search, rare word": [f"/desk/search?q={word}" for word in rare],
            "search, common word": [f"/desk/search?q={word}" for word in COMMON],
        }
        scene = Scene(
            session.scalar(select(func.count(Ticket.id))) or 0,
            session.scalar(select(func.count(Message.id))) or 0,
            cookie_of(app, agent),
            [cookie_of(app, account) for account in _customers_with_accounts()],
            pages,
            depth,
            _open_tickets(agent),
        )
        session.remove()
    return scene


def cookie_of(app: Flask, account: Account) -> str:
    """A session cookie as a browser has it after its first page, which adds the CSRF token."""
    interface = app.session_interface
    serializer = interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own interface has it
    known = {"_user_id": account.get_id(), "_fresh": True, "staff": True, "csrf_token": "7" * 40}
    value = serializer.dumps(known)
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"


def _agent() -> Account:
    """An agent to whom another team's tickets are closed, so that the rules have to be applied."""
    insiders = (
        select(team_member.c.account_id)
        .join(Team, Team.id == team_member.c.team_id)
        .where(Team.restricted)
    )
    statement = select(Account).where(Account.role == Role.AGENT, Account.id.not_in(insiders))
    return session.scalars(statement.order_by(Account.id)).first() or _nobody()


def _nobody() -> Account:
    raise LookupError("There is no agent in this database; fill it with `flask seed --tickets`.")


def _deep_cursor() -> tuple[str, int]:
    """The cursor of page 2,000 of the resolved tickets, or of the last whole page there is."""
    resolved = select(func.count()).where(Ticket.status == Status.RESOLVED)
    depth = max(2, min(2000, (session.scalar(resolved) or 0) // LINES))
    rows = select(Ticket.id, Ticket.active_at).where(Ticket.status == Status.RESOLVED)
    before = (depth - 1) * LINES
    page = keyset_rows(rows, (Ticket.active_at, Ticket.id), size=before)
    return page.older or "", depth


def _tickets_with(messages: int, agent: Account) -> list[int]:
    statement = (
        select(Message.ticket_id)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(visible_to(agent))
        .group_by(Message.ticket_id)
        .having(func.count() == messages)
        .order_by(func.max(Message.id).desc())
        .limit(VARIETY * 20)
    )
    return _some(list(session.scalars(statement)))


def _open_tickets(agent: Account) -> list[int]:
    statement = select(Ticket.id).where(Ticket.is_open, visible_to(agent)).order_by(Ticket.id)
    return _some(list(session.scalars(statement.limit(VARIETY * 20))))


def _busy_customers() -> list[int]:
    statement = (
        select(Ticket.customer_id)
        .group_by(Ticket.customer_id)
        .having(func.count() >= 5)
        .order_by(Ticket.customer_id)
        .limit(VARIETY * 20)
    )
    return _some(list(session.scalars(statement)))


def _some_numbers(agent: Account) -> list[int]:
    highest = session.scalar(select(func.max(Ticket.id))) or 1
    random = Random(7)
    wanted = [random.randrange(1, highest + 1) for _ in range(VARIETY * 2)]
    statement = select(Ticket.id).where(Ticket.id.in_(wanted), visible_to(agent))
    return list(session.scalars(statement))


def _some_addresses() -> list[str]:
    statement = (
        select(Address.email)
        .join(Customer, Customer.id == Address.customer_id)
        .order_by(Address.id)
        .limit(VARIETY * 40)
    )
    return _some(list(session.scalars(statement)))


def _customers_with_accounts() -> list[Account]:
    statement = (
        select(Account).where(Account.role == Role.CUSTOMER).order_by(Account.id).limit(6000)
    )
    return list(session.scalars(statement))


def _some(found: list[T]) -> list[T]:
    return Random(7).sample(found, min(VARIETY, len(found)))
