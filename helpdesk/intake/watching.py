"""Who gets a copy because a mail says so."""

from helpdesk.accounts.queries import account_at
from helpdesk.core.errors import Invalid
from helpdesk.core.text import one_line
from helpdesk.customers.addresses import checked
from helpdesk.intake.letters import our_addresses
from helpdesk.intake.senders import Sender
from helpdesk.mail.identity import tag_in
from helpdesk.mail.parsing import Mail
from helpdesk.tickets.mailing import add_watcher
from helpdesk.tickets.models import Ticket


def add_watchers(ticket: Ticket, mail: Mail, sender: Sender) -> None:
    """Whoever an authenticated sender put in Cc, or wrote to beside us, gets a copy of what we
    answer. Without proof of who wrote, that would let anybody read along."""
    if sender.authentic is not True:
        return
    ours = our_addresses()
    for box in (*mail.to, *mail.cc):
        if box.key not in ours and tag_in(box.address) is None and not _works_here(box.key):
            _add(ticket, box.address, box.name)


def _works_here(address: str) -> bool:
    account = account_at(address)
    return account is not None and account.is_staff


def _add(ticket: Ticket, address: str, name: str) -> None:
    try:
        add_watcher(ticket, checked(address), one_line(name, 100))
    except Invalid:
        return  # nothing could be sent there
