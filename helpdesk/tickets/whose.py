"""Whose requests are that came while two records were one."""

from flask import Flask
from sqlalchemy import Select, select

from helpdesk.core.journal import JournalEntry
from helpdesk.customers.merges import CustomerMerge
from helpdesk.customers.merging import ask_what_came_later
from helpdesk.customers.models import Customer


def init_app(_app: Flask) -> None:
    """Be asked when a merge is taken back."""
    ask_what_came_later("ticket.customer_id", filed_by_their_account)


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
