"""Ticket links: one request, for the one person the link was mailed to, without signing in."""

from collections.abc import Callable

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.settings import settings
from helpdesk.customers.models import Address
from helpdesk.portal import actions, attachments, queries, throttle
from helpdesk.portal.conversing import reopen, reply, request_page_for, solve
from helpdesk.portal.privacy import private
from helpdesk.portal.reader import Reader
from helpdesk.portal.views.blueprint import bp
from helpdesk.tickets.models import Ticket, TicketLink
from helpdesk.tickets.queries import locked
from helpdesk.tickets.survivors import locked_survivor_of
from helpdesk.ui import show

Act = Callable[[Reader, Callable[[Ticket], str]], AnyResponse]


@bp.get("/r/<token>")
@private
def linked_ticket(token: str) -> AnyResponse:
    throttle.may_try_links()
    if (found := _good(token)) is None:
        return _gone(token)
    link, address = found
    if address.verified_at is None:
        return show("portal/confirm.html", token=token)
    return request_page_for(_reader(link, token))


@bp.post("/r/<token>/confirmation")
@private
def confirm_address(token: str) -> AnyResponse:
    return _entered(token, lambda reader, _page_of: redirect(reader.url(), 303))


@bp.post("/r/<token>/messages")
@private
def write_by_link(token: str) -> AnyResponse:
    return _entered(token, reply)


@bp.post("/r/<token>/resolution")
@private
def solve_by_link(token: str) -> AnyResponse:
    return _entered(token, solve)


@bp.post("/r/<token>/reopening")
@private
def reopen_by_link(token: str) -> AnyResponse:
    return _entered(token, reopen)


@bp.get("/r/<token>/files/<attachment_id>")
@private
def file_by_link(token: str, attachment_id: str) -> AnyResponse:
    throttle.may_try_links()
    found = _good(token)
    if found is None or found[1].verified_at is None:
        raise NotFound("There is no such file, or it is not yours to see.")
    ticket = queries.followed(found[0].ticket, None)
    return attachments.download(queries.public_file(ticket, attachment_id))


@bp.post("/r/<token>/renewal")
@private
def renew_link(token: str) -> AnyResponse:
    throttle.may_try_links()
    actions.mail_fresh_link(token)
    flash("If this link was one of ours, a fresh one is on its way to the address it was sent to.")
    return redirect(url_for("portal.linked_ticket", token=token), 303)


def _good(token: str) -> tuple[TicketLink, Address] | None:
    """The link and the address it was mailed to, while it may still be used."""
    link = queries.link_with(token)
    address = queries.address_behind(link) if link and link.is_good(now()) else None
    return (link, address) if link and address else None


def _entered(token: str, act: Act) -> AnyResponse:
    """Whoever presses a button on a page behind the link proves the address by it."""
    throttle.may_try_links()
    if (found := _good(token)) is None:
        return _gone(token)
    link, address = found
    locked_survivor_of(locked(link.ticket_id))
    session.refresh(address)  # of two presses at once the second finds what the first has proven
    actions.confirm(link, address)
    return act(_reader(link, token), lambda ticket: _path(actions.fresh_link(ticket, link)))


def _reader(link: TicketLink, token: str) -> Reader:
    goes_on = queries.followed(link.ticket, None)
    addressed = link.ticket if goes_on is not link.ticket else None
    return Reader(goes_on, link.customer, token=token, addressed=addressed)


def _path(url: str) -> str:
    return url.removeprefix(settings().public_url)


def _gone(token: str) -> Response:
    """The same for an old, a revoked and an invented link."""
    return show("portal/ticket_link_gone.html", status=410, token=token)
