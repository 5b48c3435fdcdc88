"""What is kept about one person, gathered to be handed to them: as data for machines and as a page
for people, with their files, in one archive.

Notes of the staff and the figures that are worked out about them are not theirs to take; what they
wrote, said, chose and bought is. Requests that the one who hands it out may not see stay out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.accounts.models import Account
from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.customers.fields import filled_on
from helpdesk.customers.history import corrections_of
from helpdesk.customers.models import Customer, Order
from helpdesk.customers.papers import CustomerFile, files_of
from helpdesk.customers.visits import CustomerVisit
from helpdesk.customers.writing_to import asked_addresses
from helpdesk.privacy.erasing import records_of
from helpdesk.privacy.events import DataHandedOut
from helpdesk.surveys.models import Response
from helpdesk.tickets.models import PUBLIC, Attachment, Message, MessageKind, Ticket
from helpdesk.tickets.queries import visible_to
from helpdesk.tickets.sending import has_arrived

Data = dict[str, Any]
Paper = Attachment | CustomerFile


def archive_for(customer: Customer, *, by: Account) -> IO[bytes]:
    """The archive, at its beginning; whoever asked is written down."""
    data, attached = collect(customer, by)
    record(DataHandedOut(customer.id, len(data["requests"]), by.id == customer.account_id), by=by)
    made = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "data.json", json.dumps(data, indent=2, ensure_ascii=False, default=_plain)
        )
        page = render_template(
            "privacy/mail/archive.html", data=data, company=settings().company_name
        )
        archive.writestr("read-me.html", page)
        for place, attachment in attached:
            if (files.root() / attachment.path).is_file():
                with archive.open(place, "w") as target:
                    for piece in files.read(attachment.path):
                        target.write(piece)
    made.seek(0)
    return made


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else repr(value)


def collect(customer: Customer, viewer: Account) -> tuple[Data, list[tuple[str, Paper]]]:
    """Everything, and the files with their places in the archive."""
    ids = records_of(customer.id)
    attached: list[tuple[str, Paper]] = []
    papers = list(_papers(ids, attached))
    requests = [_request(ticket, attached) for ticket in _tickets(ids, viewer)]
    seen = {request["number"] for request in requests}
    return {
        "made_at": now(),
        "person": _person(customer),
        "addresses": [
            {
                "email": one.email,
                "primary": one.is_primary,
                "verified_at": one.verified_at,
                "bounced_at": one.bounced_at,
            }
            for one in customer.addresses
        ],
        "addresses_that_wait": [
            {"email": one.email, "asked_at": one.asked_at} for one in asked_addresses(customer)
        ],
        "phones_and_handles": [
            {
                "kind": str(one.kind),
                "value": one.value,
                "label": one.label or None,
                "primary": one.is_primary,
                "reached_at": one.verified_at,
            }
            for one in customer.contact_points
        ],
        "more": {one.field.label: one.text for one in filled_on(customer) if one.text},
        "files": papers,
        "visits": list(_visits(ids)),
        "choices": list(_choices(ids)),
        "requests": requests,
        "written_on_requests_of_others": list(_elsewhere(ids, viewer, attached)),
        "answers": list(_answers(ids, seen)),
        "orders": list(_orders(ids)),
    }, attached


def _person(customer: Customer) -> Data:
    return {
        "number": customer.id,
        "name": customer.name,
        "organization": customer.organization.name if customer.organization else None,
        "language": customer.language,
        "time_zone": customer.time_zone,
        "tier": customer.tier,
        "customer_since": customer.customer_since,
        "on_record_since": customer.created_at,
        "left_on": customer.lost_on,
        "reached_by": str(customer.channel) if customer.channel else None,
        "advertising": customer.marketing,
        "surveys": str(customer.survey_preference),
        "surveys_paused_until": customer.survey_paused_until,
        "signs_in": customer.account_id is not None,
    }


def _papers(ids: Sequence[int], attached: list[tuple[str, Paper]]) -> Iterator[str]:
    """Places of the files on the record."""
    for customer_id in ids:
        for paper in files_of(customer_id):
            place = f"files/{len(attached) + 1}-{paper.name}"
            attached.append((place, paper))
            yield place


def _visits(ids: Sequence[int]) -> Iterator[date]:
    """Days on which they came to the portal."""
    theirs = select(CustomerVisit.day).where(CustomerVisit.customer_id.in_(ids))
    yield from (day.date() for day in session.scalars(theirs.order_by(CustomerVisit.day)))


def _choices(ids: Sequence[int]) -> Iterator[Data]:
    """What the record said before, and since when it says what it says: consent among it."""
    for customer_id in ids:
        for one in corrections_of("customer", customer_id, limit=1000):
            yield {
                "what": one.field, "before": one.before, "after": one.after,
                "at": one.recorded_at, "from": one.source, "proof": one.proof,
            }  # fmt: skip


def _tickets(ids: Sequence[int], viewer: Account) -> list[Ticket]:
    there = Ticket.messages.and_(Message.kind.in_(PUBLIC), has_arrived(now()))
    statement = (
        select(Ticket)
        .where(Ticket.customer_id.in_(ids), visible_to(viewer))
        .options(
            selectinload(there).selectinload(Message.attachments),
            selectinload(there).joinedload(Message.author),
        )
        .order_by(Ticket.id)
    )
    return list(session.scalars(statement))


def _elsewhere(
    ids: Sequence[int], viewer: Account, attached: list[tuple[str, Paper]]
) -> Iterator[Data]:
    """What they wrote on requests of others, such as colleagues: their own words alone."""
    statement = (
        select(Message)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(
            Message.customer_id.in_(ids),
            Message.kind == MessageKind.CUSTOMER,
            Ticket.customer_id.not_in(ids),
            visible_to(viewer),
        )
        .options(selectinload(Message.attachments), joinedload(Message.author))
        .order_by(Message.id)
    )
    for one in session.scalars(statement):
        yield {"request": one.ticket_id} | _message(one, attached)


def _request(ticket: Ticket, attached: list[tuple[str, Paper]]) -> Data:
    return {
        "number": ticket.id,
        "subject": ticket.subject,
        "status": str(ticket.status),
        "channel": ticket.channel,
        "filed_at": ticket.created_at,
        "resolved_at": ticket.resolved_at,
        "messages": [_message(one, attached) for one in ticket.messages],
    }


def _message(message: Message, attached: list[tuple[str, Paper]]) -> Data:
    names = []
    for attachment in message.attachments:
        place = f"files/{len(attached) + 1}-{attachment.name}"
        attached.append((place, attachment))
        names.append(place)
    staff = message.author is not None and message.author.is_staff
    return {
        "at": message.created_at,
        "from": "us" if staff or message.kind != "customer" else "customer",
        "by": message.author.name if message.author else None,
        "text": message.body,
        "files": names,
    }


def _answers(ids: Sequence[int], seen: set[int]) -> Iterator[Data]:
    statement = (
        select(Response)
        .where(Response.customer_id.in_(ids))
        .options(selectinload(Response.revisions))
        .order_by(Response.id)
    )
    for one in session.scalars(statement):
        if one.ticket_id is None or one.ticket_id in seen:
            yield {
                "kind": str(one.kind), "score": one.score, "comment": one.comment,
                "reasons": one.reasons, "at": one.created_at, "request": one.ticket_id,
                "earlier": [
                    {"score": r.score, "comment": r.comment, "until": r.replaced_at}
                    for r in one.revisions
                ],
            }  # fmt: skip


def _orders(ids: Sequence[int]) -> Iterator[Data]:
    statement = select(Order).where(Order.customer_id.in_(ids)).order_by(Order.ordered_at)
    for one in session.scalars(statement):
        yield {
            "reference": one.reference, "item": one.item, "amount": one.amount,
            "currency": one.currency, "at": one.ordered_at,
        }  # fmt: skip


def file_name(customer: Customer, at: datetime) -> str:
    """What the archive is called."""
    return f"customer-{customer.id}-{at:%Y-%m-%d}.zip"
