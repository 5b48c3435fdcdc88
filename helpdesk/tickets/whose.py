"""What tickets tell about customers: whose requests are that came while two records were one, and
when somebody last wrote."""

from datetime import datetime

from flask import Flask
from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.core.journal import JournalEntry
from helpdesk.customers.merges import CustomerMerge
from helpdesk.customers.merging import ask_what_came_later
from helpdesk.customers.models import Customer
from helpdesk.customers.quality.seen import ask_when_heard
from helpdesk.tickets.models import Message


def init_app(_app: Flask) -> None:
    """Be asked when a merge is taken back, and when records are looked at."""
    ask_what_came_later("ticket.customer_id", filed_by_their_account)
    ask_when_heard(last_written)


def last_written(customer: InstrumentedAttribute[int]) -> ScalarSelect[datetime]:
    """When a customer last wrote."""
    theirs = select(func.max(Message.created_at)).where(Message.customer_id == customer)
    return theirs.scalar_subquery()


def filed_by_their_account(merged: CustomerMerge, gone: Customer) -> Select[int]:
    """What the account of the record that went filed itself since."""
    by_account = [
        int(row[3]) for row in merged.changes if row[1] == gone.id and row[2] == "account_id"
    ]
    accounts = [gone.account_id] if gone.account_id else by_account
    return select(JournalEntry.subject_id).where(
        JournalEntry.subject_kind == "ticket",
        JournalEntry.event == "TicketFiled",
        JournalEntry.actor_id.in_(accounts),
        JournalEntry.at >= merged.merged_at,
    )
