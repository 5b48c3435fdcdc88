"""Who reads a request: somebody signed in, or somebody who came with a ticket link. The page is one
and the same; only the addresses of its buttons differ."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from helpdesk.accounts.models import Account
from helpdesk.customers.models import Customer
from helpdesk.tickets.models import Attachment, Ticket


@dataclass(frozen=True)
class Reader:
    """One reader of one request. Exactly one of `account` and `token` is given."""

    ticket: Ticket
    customer: Customer
    account: Account | None = None
    token: str | None = None
    addressed: Ticket | None = None
    """The request whose number they came with, where that was merged into this one."""

    @property
    def owns(self) -> bool:
        """Her own request, or that of a colleague whose organization shares."""
        return self.ticket.customer_id == self.customer.id

    @property
    def written_to(self) -> Ticket:
        """The request that they write to."""
        return self.addressed or self.ticket

    @property
    def who(self) -> str:
        """A key for drafts and limits."""
        return f"account-{self.account.id}" if self.account else f"customer-{self.customer.id}"

    def url(self, what: str = "") -> str:
        """The page, or what can be done on it: "messages", "resolution", "reopening"."""
        if self.token is not None:
            base: str = url_for("portal.linked_ticket", token=self.token)
        else:
            base = url_for("portal.request_page", number=self.ticket.id)
        return f"{base}/{what}" if what else base

    def file_url(self, attachment: Attachment) -> str:
        """Where to fetch a file."""
        return f"{self.url('files')}/{attachment.id}"
