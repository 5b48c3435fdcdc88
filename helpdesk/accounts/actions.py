"""What may be done to accounts, and what is mailed to their owners."""

import logging

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts import devices, links, throttle
from helpdesk.accounts.events import (
    AccountOpened,
    AccountVerified,
    InvitationWithdrawn,
    PasswordChosen,
    ProfileChanged,
    RoleChanged,
    SignedIn,
    StaffInvited,
)
from helpdesk.accounts.jobs import note_refused_sign_in
from helpdesk.accounts.links import Purpose
from helpdesk.accounts.mailwords import LANGUAGES
from helpdesk.accounts.models import STAFF, Account, MailedLink, Role
from helpdesk.accounts.passwords import hash_password, is_right
from helpdesk.accounts.queries import account_at
from helpdesk.accounts.sessions import begin, end_everywhere
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.core.security import hash_token, new_token
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.mail import outbound

log = logging.getLogger(__name__)

LONGEST_NAME = 120


def checked_email(email: str) -> str:
    """The address in the form we keep. Raises Invalid when no mail could be sent there."""
    try:
        found = validate_email(email.strip().lower()[:320], check_deliverability=False)
    except EmailNotValidError as error:
        raise Invalid("This is not an e-mail address. One looks like rosa@example.com.") from error
    return found.normalized.lower()


def authenticate(email: str, password: str) -> Account | None:
    """The account that this address and password open, or None. Takes as long in both cases, and
    an address that nobody has proven opens nothing."""
    account = account_at(email)
    right = is_right(account.password_hash if account else None, password)
    if account is None or not right or not account.is_active or account.verified_at is None:
        return None
    return account


def sign_in(account: Account, how: str) -> None:
    """Begin a new session of `account` in this browser."""
    begin(account)
    devices.remember(account.email)
    record(SignedIn(account.id, how), by=account)


def refuse_sign_in(email: str, network: str, *, too_often: bool) -> None:
    """Write down that somebody did not get in; the same for addresses that nobody has.

    The journal is told of wrong passwords alone, whose number the limits bound.
    """
    why = "too often" if too_often else "wrong"
    # Not what was typed: people type passwords into the wrong field.
    log.warning("Sign-in refused (%s): %s from %s", why, hash_token(email)[:12], network)
    if not too_often:
        note_refused_sign_in.wake(email, network)


def open_account(email: str, name: str, role: Role, how: str) -> Account:
    """A new account without a password, its address not proven yet.

    Raises Conflict when the address has one already.
    """
    if account_at(email) is not None:
        raise Conflict("This address has an account already.")
    account = Account(
        email=email,
        name=one_line(name, LONGEST_NAME) or email.partition("@")[0],
        role=role,
        session_key=new_token(),
        created_at=now(),
    )
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:  # two links to one address, pressed at the same moment
        raise Conflict("This address has an account already.") from error
    record(AccountOpened(account.id, role, how), by=account)
    return account


def prove(account: Account) -> None:
    """Whoever asks reads mail at the account's address. The first time, what was set up before is
    worth nothing: a stranger may have done it to lie in wait. Twice is harmless."""
    if account.verified_at is not None:
        return
    account.verified_at = now()
    account.password_hash = None
    end_everywhere(account)
    record(AccountVerified(account.id), by=account)


def choose_password(account: Account, password: str, how: str) -> None:
    """Set the password, end every session and void every mailed link.

    Raises Invalid for one that is too short, too long, or easily guessed.
    """
    account.password_hash = hash_password(password, account.email, account.name)
    end_everywhere(account)
    links.spend_all(account.email)
    record(PasswordChosen(account.id, how), by=account)


def change_profile(account: Account, name: str, time_zone: str | None) -> None:
    """Name, and an IANA time zone or None for the installation's."""
    wanted = {"name": one_line(name, LONGEST_NAME), "time_zone": time_zone}
    changed = [field for field, value in wanted.items() if getattr(account, field) != value]
    for field in changed:
        setattr(account, field, wanted[field])
    if changed:
        record(ProfileChanged(account.id, changed), by=account)


def mail_link(purpose: Purpose, email: str, language: str = "en") -> None:
    """Mail a link to `email`, unless it has had enough of them for now; in `language`, one of
    `mailwords.LANGUAGES`.

    The link is the same whether or not there is an account, so that nobody learns from it who has
    one: an account is opened when a link is used, never before.
    Raises TooMany when it is asked for too often from one place.
    """
    if not throttle.may_mail(email):
        return
    if purpose is Purpose.JOIN and account_at(email) is not None:
        purpose = Purpose.SIGN_IN
    _, url = links.make(purpose, email)
    spoken = LANGUAGES[language]
    words = spoken.links[purpose]
    _write(
        purpose,
        email,
        url,
        words.subject.format(company=settings().company_name),
        "link",
        words=words,
        hello=spoken.hello,
        lang=spoken.code,
        text_direction=spoken.direction,
    )


def invite(email: str, role: Role, *, by: Account) -> MailedLink:
    """Ask somebody to join the staff; the link is good for seven days.

    Raises Invalid for a role or an address that cannot be, Conflict for one of the staff.
    """
    if role not in STAFF:
        raise Invalid("Invite an agent, a manager or an administrator.")
    email = checked_email(email)
    account = account_at(email)
    if account is not None and account.is_staff:
        raise Conflict(f"{account.name} works here already.")
    link, url = links.make(Purpose.INVITATION, email, role=role)
    subject = f"You are invited to join {settings().company_name}"
    _write(Purpose.INVITATION, email, url, subject, "invitation", inviter=by.name, role=role)
    record(StaffInvited(link.id, role), by=by)
    return link


def withdraw_invitation(link: MailedLink, *, by: Account) -> None:
    """The invitation is no longer good. Twice is harmless."""
    if link.used_at is None:
        links.spend(link)
        record(InvitationWithdrawn(link.id), by=by)


def take_role(account: Account, role: Role, *, by: Account) -> None:
    """The account works in another role from now on; its sessions end."""
    before = account.role
    if before is role:
        return
    account.role = role
    end_everywhere(account)
    record(RoleChanged(account.id, before, role), by=by)


def _write(
    purpose: Purpose, email: str, url: str, subject: str, template: str, **context: object
) -> None:
    outbound.write(
        kind=purpose,
        to=email,
        subject=subject,
        template=f"accounts/mail/{template}",
        context={"url": url, "company": settings().company_name, **context},
        secret=True,
        automatic=True,
    )
