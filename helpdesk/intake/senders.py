"""Who wrote a mail, as far as anybody can tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.accounts.models import Account
from helpdesk.accounts.queries import account_at
from helpdesk.core.settings import settings
from helpdesk.customers.models import Customer
from helpdesk.customers.queries import customer_behind
from helpdesk.mail.parsing import Mail
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.survivors import survivor_of

_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Sender:
    """Whoever a mail says that it is from."""

    address: str
    name: str
    customer: Customer | None
    agent: Account | None
    """Somebody who works here and may still sign in."""
    authentic: bool | None
    """Whether our mail server found out that it is from there, or that it is not; None where it
    found nothing out, or where there is none of ours that looks."""

    def takes_part_in(self, ticket: Ticket) -> bool:
        """Whether they may write on the ticket: as its customer, by having written on it, or as
        somebody who gets a copy. Nobody does in whose name a stranger wrote."""
        if self.authentic is False or not self.address:
            return False
        goes_on = survivor_of(ticket)
        watchers = (*ticket.watchers, *goes_on.watchers)
        if any(watcher.email == self.address for watcher in watchers):
            return True
        if self.customer is None:
            return False
        writers = {message.customer_id for message in goes_on.messages}
        return self.customer.id in {ticket.customer_id, goes_on.customer_id, *writers}


def sender_of(mail: Mail) -> Sender:
    """Who wrote it, by the address in From."""
    address = mail.sender.key
    account = account_at(address) if address else None
    return Sender(
        address,
        mail.sender.name,
        customer_behind(address) if address else None,
        account if account is not None and account.is_staff and account.is_active else None,
        authenticity(mail),
    )


def authenticity(mail: Mail) -> bool | None:
    """What our mail server says about the address in From (RFC 8601).

    Only the topmost header of a server of ours counts: what stands below it came with the mail.
    DMARC decides where it was looked at; else a good signature or a good sending host of the very
    domain, or of one above it.
    """
    domain = mail.sender.key.rpartition("@")[2]
    found = _our_results(mail.all_headers("Authentication-Results"))
    if found is None or not domain or "," in mail.header("From").replace(mail.sender.name, ""):
        return None
    methods = [_method(part) for part in found]
    dmarc = [verdict for name, verdict, _ in methods if name == "dmarc"]
    if dmarc:
        return {"pass": True, "fail": False}.get(dmarc[0])
    checked = [(verdict, of) for name, verdict, of in methods if name in ("dkim", "spf")]
    if any(verdict == "pass" and _covers(of, domain) for verdict, of in checked):
        return True
    return False if any(verdict == "fail" for verdict, _ in checked) else None


def _our_results(headers: Sequence[str]) -> list[str] | None:
    """The results in the topmost header that a server of ours wrote."""
    for header in headers:
        name, *results = _COMMENT.sub(" ", header[:10_000]).split(";")
        words = name.split()
        if words and words[0].lower() in settings().authserv_ids:
            return results
    return None


def _method(result: str) -> tuple[str, str, str]:
    """Method, verdict, and the domain that it is about; each "" where it is not told."""
    words = result.lower().split()
    name, _, verdict = words[0].partition("=") if words else ("", "", "")
    properties = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    about = properties.get("header.d") or properties.get("smtp.mailfrom") or ""
    return name, verdict, about.strip('"').rpartition("@")[2]


def _covers(domain: str, other: str) -> bool:
    """Whether `other` is that domain or lies below it."""
    return bool(domain) and (other == domain or other.endswith(f".{domain}"))
