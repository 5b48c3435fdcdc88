"""My requests, for those who are signed in."""

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.models import Role
from helpdesk.accounts.sessions import me, only
from helpdesk.core.errors import NotFound
from helpdesk.customers.queries import customer_of
from helpdesk.portal import attachments, queries
from helpdesk.portal.conversing import reopen, reply, request_page_for, solve
from helpdesk.portal.promise import promises
from helpdesk.portal.reader import Reader
from helpdesk.portal.views.blueprint import bp
from helpdesk.portal.wording import STATUS_WORDS
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import locked, ticket_for
from helpdesk.ui import show

customers_only = only(Role.CUSTOMER)


@bp.get("/requests")
@customers_only
def requests() -> Response:
    page = queries.requests_of(me(), request.args.get("page"))
    customer = customer_of(me())
    open_ones = [ticket.id for ticket in page.items if ticket.is_open]
    return show(
        "portal/requests.html",
        page=page,
        customer=customer,
        promises=promises(open_ones, customer) if customer and open_ones else {},
        last_words=queries.last_words(page.items),
        status_words=STATUS_WORDS,
        newer_url=page.newer and url_for("portal.requests", page=page.newer),
        older_url=page.older and url_for("portal.requests", page=page.older),
    )


@bp.get("/requests/<int:number>")
@customers_only
def request_page(number: int) -> AnyResponse:
    reader = _reader(number)
    if reader.addressed is not None:
        return redirect(reader.url(), 302)
    return request_page_for(reader)


@bp.post("/requests/<int:number>/messages")
@customers_only
def write(number: int) -> AnyResponse:
    return reply(_reader(number, to_change=True), _own_page)


@bp.post("/requests/<int:number>/resolution")
@customers_only
def mark_as_solved(number: int) -> AnyResponse:
    return solve(_reader(number, to_change=True), _own_page)


@bp.post("/requests/<int:number>/reopening")
@customers_only
def reopen_request(number: int) -> AnyResponse:
    return reopen(_reader(number, to_change=True), _own_page)


@bp.get("/requests/<int:number>/files/<attachment_id>")
@customers_only
def file(number: int, attachment_id: str) -> AnyResponse:
    reader = _reader(number)
    return attachments.download(queries.public_file(reader.ticket, attachment_id))


def _reader(number: int, *, to_change: bool = False) -> Reader:
    ticket, customer = ticket_for(me(), number, to_change=to_change), customer_of(me())
    if customer is None:
        raise NotFound("There is no such request, or it is not yours to see.")
    goes_on = queries.followed(ticket, me())
    if goes_on is ticket:
        return Reader(ticket, customer, account=me())
    goes_on = locked(goes_on.id) if to_change else goes_on
    return Reader(goes_on, customer, account=me(), addressed=ticket)


def _own_page(ticket: Ticket) -> str:
    return url_for("portal.request_page", number=ticket.id)
