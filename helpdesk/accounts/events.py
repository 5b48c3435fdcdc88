"""What happens to accounts."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event


class AccountEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("account", "account_id")


@dataclass(frozen=True)
class AccountOpened(AccountEvent):
    account_id: int
    role: str
    how: str


@dataclass(frozen=True)
class AccountVerified(AccountEvent):
    """Somebody proved that they read mail at the account's address, for the first time."""

    account_id: int


@dataclass(frozen=True)
class SignedIn(AccountEvent):
    account_id: int
    how: str


@dataclass(frozen=True)
class SignedOut(AccountEvent):
    """Every session of the account has ended with this one."""

    account_id: int


@dataclass(frozen=True)
class SignInRefused(AccountEvent):
    """Somebody in that network typed a wrong password for the account."""

    account_id: int
    network: str


@dataclass(frozen=True)
class PasswordChosen(AccountEvent):
    """A password was set or changed; every session that was open has ended."""

    account_id: int
    how: str


@dataclass(frozen=True)
class ProfileChanged(AccountEvent):
    account_id: int
    fields: list[str]


@dataclass(frozen=True)
class RoleChanged(AccountEvent):
    account_id: int
    before: str
    after: str


class InvitationEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("invitation", "link_id")


@dataclass(frozen=True)
class StaffInvited(InvitationEvent):
    link_id: int
    role: str


@dataclass(frozen=True)
class InvitationWithdrawn(InvitationEvent):
    link_id: int
