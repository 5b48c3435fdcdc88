"""E-mail addresses that the staff add to a record.

An address gives rights: whoever proves that they read mail there signs in and reads the requests.
So one that the staff write down is nobody's until its owner presses the button behind the mailed
link; and where the person has an address that is proven, its owner has to agree by another link. A
slip of the pen, or somebody who says on the telephone that they are a customer, opens nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ForeignKey, UniqueConstraint, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.accounts.queries import account_at
from helpdesk.core.clock import now
from helpdesk.core.db import Id, Model, session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.core.prefix import BYTEWISE
from helpdesk.core.security import hash_token, new_token
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.customers.actions import verify_address
from helpdesk.customers.addresses import checked
from helpdesk.customers.events import (
    AddressAdded,
    AddressAsked,
    AddressWithdrawn,
)
from helpdesk.customers.history import note
from helpdesk.customers.models import Address, Customer
from helpdesk.customers.quality.looking import look_again
from helpdesk.customers.queries import customer_behind
from helpdesk.mail import outbound

LIFE = timedelta(days=7)
PATIENCE = timedelta(minutes=10)
"""Between two mails to one address."""
MOST = 20
"""Addresses of one person."""
LONGEST_PROOF = 300


class AskedAddress(Model):
    """An address that was written down for a customer and waits for its owner."""

    __tablename__ = "asked_address"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(BYTEWISE)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proof: Mapped[str]
    """How whoever wrote it down knows, in words."""
    token_hash: Mapped[str] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None]
    """When its owner pressed the button."""
    consent_hash: Mapped[str | None] = mapped_column(unique=True)
    """Of the link to the address that is proven, where there is one."""
    agreed_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship()
    asked_by: Mapped[Account] = relationship()

    __table_args__ = (UniqueConstraint("customer_id", "email"),)

    @property
    def is_good(self) -> bool:
        """Whether its links may still be used."""
        return now() - self.asked_at < LIFE

    @property
    def is_settled(self) -> bool:
        """Whether everybody who must has said yes."""
        return self.confirmed_at is not None and not (
            self.consent_hash is not None and self.agreed_at is None
        )


class Taken(Conflict):
    """The address is somebody else's already; `owner` is the record, where there is one."""

    def __init__(self, message: str, owner: Customer | None = None) -> None:
        super().__init__(message)
        self.owner = owner


def asked_addresses(customer: Customer) -> Sequence[AskedAddress]:
    """What waits for its owner."""
    theirs = select(AskedAddress).where(AskedAddress.customer_id == customer.id)
    return session.scalars(theirs.order_by(AskedAddress.id)).all()


def ask_for_address(customer: Customer, text: str, proof: str = "", *, by: Account) -> AskedAddress:
    """Write down an address and mail its owner a link. Of one that is on the record and not proven
    the owner is asked once more.

    Raises Invalid for a broken address, for one too many, or where nobody can agree and `proof`
    does not say how one knows; Taken for one that is somebody else's; Conflict for one that is
    proven, or was asked a moment ago.
    """
    email, proof = checked(text), one_line(proof, LONGEST_PROOF)
    if customer.merged_into_id is not None:
        raise Conflict("This record was merged into another one; add it there.")
    _refuse_others(customer, email)
    held = next((one for one in customer.addresses if one.email == email), None)
    if held is not None and held.verified_at is not None and held.bounced_at is None:
        raise Conflict(f"{email} is on the record already.")
    waiting = {one.email: one for one in asked_addresses(customer)}
    asked = waiting.get(email)
    if asked is not None and now() - asked.asked_at < PATIENCE:
        raise Conflict("A link went there a moment ago. Give its owner a little time.")
    if asked is None and len(customer.addresses) + len(waiting) >= MOST:
        raise Invalid(f"{MOST} addresses are enough for one person.")
    witness = None if held else witness_of(customer)
    if held is None and witness is None and not proof:
        raise Invalid(
            "No address of theirs is proven. Write down how you know that this is theirs."
        )
    asked = asked or AskedAddress(customer_id=customer.id, email=email)
    token, consent = new_token(), new_token() if witness else None
    asked.asked_at, asked.asked_by_id, asked.proof = now(), by.id, proof
    asked.token_hash, asked.confirmed_at = hash_token(token), None
    asked.consent_hash, asked.agreed_at = hash_token(consent) if consent else None, None
    session.add(asked)
    session.flush()
    _mail(email, "confirm", token, email)
    if witness and consent:
        _mail(witness, "agree", consent, email)
    record(AddressAsked(customer.id, asked.id), by=by)
    return asked


def witness_of(customer: Customer) -> str | None:
    """The address whose owner has to agree: a proven one at which mail arrives; the one that mail
    goes to, if it is such."""
    good = [one for one in customer.addresses if one.verified_at and one.bounced_at is None]
    chosen = next((one.email for one in good if one.is_primary), good[0].email if good else None)
    account = customer.account
    if chosen is None and account is not None and account.verified_at is not None:
        bounced = {one.email for one in customer.addresses if one.bounced_at}
        return None if account.email in bounced else account.email
    return chosen


def _refuse_others(customer: Customer, email: str) -> None:
    owner = customer_behind(email)
    if owner is not None and owner.id != customer.id:
        raise Taken(f"{email} belongs to {owner.name} already.", owner)
    account = account_at(email) if owner is None else None
    if account is not None and account.id != customer.account_id:
        whose = "one of us" if account.is_staff else "another account"
        raise Taken(f"{email} belongs to {whose} already.")


def _mail(to: str, what: str, token: str, email: str) -> None:
    path: str = current_app.url_map.bind("").build("portal.asked_address", {"token": token})
    company = settings().company_name
    subjects = {
        "confirm": f"Is this your address? A question of {company}",
        "agree": f"May {company} write to another address of yours?",
    }
    outbound.write(
        kind="address",
        to=to,
        subject=subjects[what],
        template=f"customers/mail/{what}_address",
        context={"url": settings().public_url + path, "email": email, "days": LIFE.days},
        secret=True,
        automatic=True,
    )


def asked_behind(token: str, *, to_press: bool = False) -> AskedAddress | None:
    """What a mailed link asks, while it is good; None for an old or an invented one. `to_press`
    keeps two presses at once apart."""
    hashed = hash_token(token)
    either = or_(AskedAddress.token_hash == hashed, AskedAddress.consent_hash == hashed)
    asked = select(AskedAddress).where(either)
    found = session.scalar(asked.with_for_update(of=AskedAddress) if to_press else asked)
    return found if found is not None and found.is_good else None


def is_of_owner(asked: AskedAddress, token: str) -> bool:
    """Whether the link went to the new address, not to the one whose owner is to agree."""
    return asked.token_hash == hash_token(token)


def press(asked: AskedAddress, token: str) -> bool:
    """Somebody pressed the button behind a link; whether the address is theirs now. Twice is
    harmless. Raises Taken where it became somebody else's meanwhile."""
    if is_of_owner(asked, token):
        asked.confirmed_at = asked.confirmed_at or now()
    else:
        asked.agreed_at = asked.agreed_at or now()
    if not asked.is_settled:
        return False
    customer = asked.customer
    _refuse_others(customer, asked.email)
    held = next((one for one in customer.addresses if one.email == asked.email), None)
    verify_address(held or _add(customer, asked))
    session.delete(asked)
    session.flush()
    look_again(customer.id)
    return True


def _add(customer: Customer, asked: AskedAddress) -> Address:
    working = any(one.bounced_at is None for one in customer.addresses)
    made = Address(email=asked.email, is_primary=not working)
    for one in customer.addresses:
        one.is_primary = one.is_primary and working
    try:
        with session.begin_nested():
            customer.addresses.append(made)
    except IntegrityError as error:  # at this very moment
        raise Taken(f"{made.email} belongs to somebody else already.") from error
    by = asked.asked_by
    note(customer, "address", None, made.email, by=by, source="desk", proof=asked.proof or None)
    record(AddressAdded(customer.id, made.id), by=by)
    return made


def withdraw(customer: Customer, asked_id: int, *, by: Account) -> None:
    """Its owner is not asked any more; links that went out open nothing. Twice is harmless."""
    asked = session.get(AskedAddress, asked_id)
    if asked is not None and asked.customer_id == customer.id:
        session.delete(asked)
        record(AddressWithdrawn(customer.id, asked_id), by=by)
