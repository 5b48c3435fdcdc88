"""The floor: the least that a page of this kind can cost with these tools.

One Core query of the 25 rows that the queue shows, a Jinja table of everything that the queue says
about them, as plain text, and a session; the same of what a word stands in; a bare insert of two
rows; and a form that is read and kept in the four places where a request must stand when its
transaction ends: ticket, message, journal and the words that it is found by. On the same database
and behind the same server as the real pages, without rules, rights, limits, counts, clocks, jobs or
a layout; the session is read and its signature checked, but nobody's account is loaded.
"""

from typing import Any

from flask import Flask, Response, render_template, request, session
from sqlalchemy import Select, bindparam, insert, select

from config import Config
from helpdesk.accounts.models import Account
from helpdesk.core import db
from helpdesk.core.clock import now
from helpdesk.core.engines import engine_options
from helpdesk.core.journal import JournalEntry
from helpdesk.core.search import Document, Query, Word, index_for
from helpdesk.core.web import flask_settings
from helpdesk.customers.models import Customer
from helpdesk.tickets.indexing import TABLE
from helpdesk.tickets.models import Message, MessageKind, Priority, Status, Ticket
from helpdesk.tickets.queries import TAG_NAMES

_LINES = (
    select(
        Ticket.id,
        Ticket.subject,
        Ticket.snippet,
        Ticket.status,
        Ticket.priority,
        Ticket.active_at,
        Ticket.waiting_since,
        Ticket.sentiment_label,
        Ticket.last_score,
        Customer.name.label("customer"),
        Customer.flagged_at,
        Account.name.label("assignee"),
        TAG_NAMES.label("tags"),
    )
    .join(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Account, Account.id == Ticket.assignee_id)
    .limit(25)
)
_NEWEST = _LINES.where(Ticket.is_open.is_(True)).order_by(Ticket.active_at.desc(), Ticket.id.desc())


def create_floor(config: Config) -> Flask:
    """An application with four views: GET /list, GET /search, POST /insert and POST /file."""
    app = Flask(__name__)
    app.config.update(flask_settings(config))
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(config.database_url)
    db.init_app(app)

    @app.get("/healthz")
    def alive() -> str:
        return "alive"

    @app.get("/list")
    def some() -> str:
        return _listed(_NEWEST)

    @app.get("/search")
    def found() -> str:
        word = Query((Word((request.args["q"],)),))
        found = index_for(TABLE, db.db.engine.dialect.name).ids(word)
        # Or PostgreSQL looks for the newest by reading every ticket.
        hits = select(found.cte().prefix_with("MATERIALIZED"))
        return _listed(_LINES.where(Ticket.id.in_(hits)).order_by(Ticket.id.desc()))

    @app.post("/insert")
    def add() -> Response:
        _insert()
        return Response(status=204)

    @app.post("/file")
    def file() -> Response:
        _file(session["_user_id"], request.form["subject"], request.form["message"])
        return Response(status=303, headers={"Location": "/filed"})

    return app


def _listed(statement: Select[*tuple[Any, ...]]) -> str:
    with db.db.engine.connect() as connection:
        tickets = connection.execute(statement).all()
    return render_template("floor.html", tickets=tickets, visitor=session["_user_id"])


_WHO = select(Customer.id, Customer.name).where(Customer.account_id == bindparam("account"))
_TICKET = insert(Ticket).returning(Ticket.id)
_MESSAGE = insert(Message).returning(Message.id)
_ENTRY = insert(JournalEntry)


def _file(account: str, subject: str, text: str) -> None:
    """A request by a customer who is signed in, in one transaction."""
    at = now()
    with db.session.begin():
        connection = db.session.connection()
        who = connection.execute(_WHO, {"account": int(account.partition(".")[0])}).one()
        ticket = {
            "subject": subject,
            "snippet": text,
            "status": Status.NEW,
            "priority": Priority.NORMAL,
            "channel": "portal",
            "customer_id": who.id,
            "created_at": at,
            "active_at": at,
            "waiting_since": at,
        }
        number = connection.execute(_TICKET, ticket).scalar_one()
        message = {
            "ticket_id": number,
            "kind": MessageKind.CUSTOMER,
            "channel": "portal",
            "customer_id": who.id,
            "body": text,
            "created_at": at,
        }
        said = connection.execute(_MESSAGE, message).scalar_one()
        entry = {
            "at": at,
            "event": "TicketFiled",
            "subject_kind": "ticket",
            "subject_id": number,
            "actor_name": who.name,
            "data": {"ticket_id": number, "message_id": said},
            "attempts": 0,
        }
        connection.execute(_ENTRY, entry)
        found_by = Document(number, title=subject, people=who.name, said=[text])
        index_for(TABLE, db.db.engine.dialect.name).put([found_by])


def _insert() -> None:
    """A ticket with its message, and nothing that follows from them."""
    at = now()
    with db.db.engine.begin() as connection:
        customer_id = connection.scalar(select(Customer.id).limit(1))
        ticket = insert(Ticket).values(
            subject="Floor", customer_id=customer_id, created_at=at, active_at=at
        )
        row = connection.execute(ticket).inserted_primary_key
        message = insert(Message).values(
            ticket_id=row.id if row else None,
            kind=MessageKind.CUSTOMER,
            customer_id=customer_id,
            body="The least that filing can cost.",
            created_at=at,
        )
        connection.execute(message)
