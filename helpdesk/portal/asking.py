"""What customers are asked for beside their words: the public fields of the type they choose."""

from collections.abc import Mapping, Sequence

from flask import request

from helpdesk.accounts.models import Account
from helpdesk.core.fields import normal
from helpdesk.tickets import filling
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.types import TicketField, TicketType, public_types

Asked = Sequence[tuple[TicketType, Sequence[TicketField]]]


def asked() -> Asked:
    """The types that can be chosen, with their public fields."""
    return public_types()


def _chosen() -> tuple[TicketType, Sequence[TicketField]] | None:
    wanted = request.form.get("about", "")
    if not wanted:
        return None
    return next(((kind, fields) for kind, fields in asked() if str(kind.id) == wanted), None)


def check() -> None:
    """Raise Invalid where something that was filled in cannot be."""
    if chosen := _chosen():
        for field in chosen[1]:
            normal(field, request.form.get(f"field-{field.id}", ""))


def fill_in(ticket: Ticket, *, by: Account | None) -> None:
    """Keep what was chosen and filled in, once, on a ticket that was just filed."""
    if ticket.type_id is not None or not (chosen := _chosen()):
        return
    kind, fields = chosen
    texts: Mapping[int, str] = {f.id: request.form.get(f"field-{f.id}", "") for f in fields}
    filling.set_type(ticket, kind, by=by)
    filling.fill_in(ticket, texts, by=by, fields=fields)
