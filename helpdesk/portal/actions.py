"""Who somebody turns out to be once an address is proven, and what they may do then."""

from helpdesk.accounts import actions as accounts
from helpdesk.accounts import links
from helpdesk.accounts.models import Account, MailedLink, Role
from helpdesk.accounts.queries import account_at
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.customers import actions as customers
from helpdesk.customers.models import Address, Customer
from helpdesk.customers.queries import customer_behind, customer_of
from helpdesk.mail import outbound
from helpdesk.portal import queries, throttle
from helpdesk.tickets.links import link_for
from helpdesk.tickets.mailwords import mail_words
from helpdesk.tickets.models import Ticket, TicketLink


def customer_who_files(
    account: Account | None, name: str, email: str, language: str = ""
) -> Customer:
    """The customer a new request belongs to. Somebody who is not signed in may use any address:
    the request waits for its owner, and nobody else ever sees it. Whoever is new reads `language`
    for all we know."""
    own = customer_of(account) if account else None
    return own or customers.find_or_add(name, email, by=account, language=language)


def recognise(email: str, name: str = "") -> Account:
    """Whoever asks has just proven that they read mail at `email`: their account, opened when there
    is none, and tied to the customer with that address.

    Raises NotFound when that account was disabled.
    """
    account = _account_behind(email) or accounts.open_account(
        email, name or _known_name(email), Role.CUSTOMER, "mailed link"
    )
    if not account.is_active:
        raise NotFound("This account was closed.")
    if account.email == email:
        accounts.prove(account)
    prove_address(account, email)
    return account


def _account_behind(email: str) -> Account | None:
    account, customer = account_at(email), customer_behind(email)
    return account or (customer.account if customer else None)


def _known_name(email: str) -> str:
    customer = customer_behind(email)
    return customer.name if customer else ""


def prove_address(account: Account, email: str) -> None:
    """Mark the address as proven and tie its customer to the account. An address of another
    customer is never moved: nothing joins two people silently."""
    customer = customer_behind(email)
    if customer is None and account.role is Role.CUSTOMER and customer_of(account) is None:
        customer = customers.add_customer(account.name, email, by=account)
    if customer is None:
        return
    if customer.account_id is None and account.role is Role.CUSTOMER and not customer_of(account):
        customer.account_id = account.id
    for address in customer.addresses:
        if address.email == email:
            customers.verify_address(address, by=account)
    session.flush()


def use_sign_in_link(link: MailedLink) -> Account:
    """The account that the link signs in."""
    account = recognise(link.email)
    links.spend(link)
    accounts.sign_in(account, "link")
    return account


def join(link: MailedLink, name: str, password: str) -> Account:
    """Open the account that was asked for with this link. Raises Invalid for a bad password."""
    account = recognise(link.email, name)
    accounts.change_profile(account, name, account.time_zone)
    return _enter_with_password(link, account, password, "sign-up")


def renew_password(link: MailedLink, password: str) -> Account:
    """Choose another password. Raises Invalid for a bad one."""
    return _enter_with_password(link, recognise(link.email), password, "link")


def accept_invitation(link: MailedLink, name: str, password: str) -> Account:
    """Join the staff. Raises Invalid for a bad password."""
    role = link.role or Role.AGENT
    account = account_at(link.email) or accounts.open_account(link.email, name, role, "invitation")
    if not account.is_active:
        raise NotFound("This account was closed.")
    accounts.prove(account)
    accounts.take_role(account, role, by=account)
    accounts.change_profile(account, name, account.time_zone)
    return _enter_with_password(link, account, password, "invitation")


def _enter_with_password(link: MailedLink, account: Account, password: str, how: str) -> Account:
    accounts.choose_password(account, password, how)
    links.spend_all(link.email)  # which may be another address of theirs than the account's
    accounts.sign_in(account, how)
    return account


def confirm(link: TicketLink, address: Address) -> None:
    """A button was pressed on the page of a ticket link: the address is proven. Twice is
    harmless."""
    if address.verified_at is None:
        recognise(link.email)


def fresh_link(ticket: Ticket, link: TicketLink) -> str:
    """A link to a further ticket, for whoever came with `link`."""
    return link_for(ticket, link.customer, link.email)


def mail_fresh_link(token: str) -> None:
    """Mail a new link in place of an old one, to the address that the old one went to. Does nothing
    for an invented link, and says so to nobody."""
    old = queries.link_with(token)
    if old is None or queries.address_behind(old) is None:
        return
    if not throttle.may_renew(f"{old.ticket_id}:{old.email}"):
        return
    words = mail_words(old.customer.language)
    outbound.write(
        kind="ticket-link",
        to=old.email,
        subject=words.fresh_subject.format(n=old.ticket_id),
        template="portal/mail/fresh_link",
        context={
            "ticket": old.ticket,
            "url": fresh_link(old.ticket, old),
            **words.setting,
        },
        secret=True,
        automatic=True,
    )
