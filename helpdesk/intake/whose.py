"""Whose requests are that came by mail while two records were one."""

from flask import Flask
from sqlalchemy import Select, select

from helpdesk.customers.merges import CustomerMerge, CustomerMove
from helpdesk.customers.merging import ask_what_came_later
from helpdesk.customers.models import Address, Customer
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.tickets.models import Ticket


def init_app(_app: Flask) -> None:
    """Be asked when a merge is taken back."""
    ask_what_came_later("ticket.customer_id", mailed_from_their_addresses)


def mailed_from_their_addresses(merged: CustomerMerge, _gone: Customer) -> Select[int]:
    """What was opened since by mail from an address of the record that went."""
    moved = select(CustomerMove.row_id).where(
        CustomerMove.merge_id == merged.id, CustomerMove.place == "address.customer_id"
    )
    return select(Ticket.id).where(
        Ticket.id == InboundEmail.ticket_id,
        InboundEmail.outcome == Outcome.TICKET,
        InboundEmail.received_at >= merged.merged_at,
        InboundEmail.sender.in_(select(Address.email).where(Address.id.in_(moved))),
    )
