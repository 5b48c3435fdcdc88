"""What happens to customers."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event


class CustomerEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("customer", "customer_id")


@dataclass(frozen=True)
class CustomerAdded(CustomerEvent):
    customer_id: int
    source: str


@dataclass(frozen=True)
class CustomerChanged(CustomerEvent):
    """A person or an import changed the record; only the names of the fields are told."""

    customer_id: int
    fields: list[str]


@dataclass(frozen=True)
class AddressVerified(CustomerEvent):
    customer_id: int
    address_id: int


@dataclass(frozen=True)
class AddressBounced(CustomerEvent):
    customer_id: int
    address_id: int


@dataclass(frozen=True)
class AddressAsked(CustomerEvent):
    """One of us wrote down an address; its owner was mailed a link."""

    customer_id: int
    asked_id: int


@dataclass(frozen=True)
class AddressWithdrawn(CustomerEvent):
    """What was written down is not asked for any more."""

    customer_id: int
    asked_id: int


@dataclass(frozen=True)
class AddressAdded(CustomerEvent):
    """Everybody who must said yes to an address that was written down."""

    customer_id: int
    address_id: int


@dataclass(frozen=True)
class AddressPreferred(CustomerEvent):
    customer_id: int
    address_id: int


@dataclass(frozen=True)
class AddressRemoved(CustomerEvent):
    customer_id: int
    address_id: int


@dataclass(frozen=True)
class ContactPointsChanged(CustomerEvent):
    """A phone or handle was added, labelled, preferred, verified or removed."""

    customer_id: int
    point_id: int
    what: str


@dataclass(frozen=True)
class CustomerFileChanged(CustomerEvent):
    """A file was added to the record, or removed."""

    customer_id: int
    file_id: int
    what: str


@dataclass(frozen=True)
class OrderRecorded(CustomerEvent):
    customer_id: int
    order_id: int


@dataclass(frozen=True)
class CustomerNoteAdded(CustomerEvent):
    customer_id: int
    note_id: int


@dataclass(frozen=True)
class SurveyPreferenceChanged(CustomerEvent):
    customer_id: int
    before: str
    after: str


@dataclass(frozen=True)
class ConsentStated(CustomerEvent):
    """What they allow or wish changed; only the names are told."""

    customer_id: int
    fields: list[str]
    source: str


@dataclass(frozen=True)
class CustomerLost(CustomerEvent):
    customer_id: int
    on: str


@dataclass(frozen=True)
class OrdersImported(CustomerEvent):
    """Orders of these customers were taken over from a table; it is told of the first of them."""

    customer_id: int
    customer_ids: list[int]


@dataclass(frozen=True)
class CustomersMerged(CustomerEvent):
    """Two records are one person's. `unproven` says that not both had a verified address, and that
    a person confirmed all the same; `opened` that an account reads more requests than before."""

    customer_id: int
    gone_id: int
    merge_id: int
    unproven: bool
    opened: bool


@dataclass(frozen=True)
class MergeUndone(CustomerEvent):
    customer_id: int
    gone_id: int
    merge_id: int


@dataclass(frozen=True)
class DuplicateDismissed(CustomerEvent):
    """A person looked: these are two people."""

    customer_id: int
    other_id: int


@dataclass(frozen=True)
class RecordLooksRight(CustomerEvent):
    """A person looked at what was found about the record: it stays as it is."""

    customer_id: int
    finding_id: int
    what: str


@dataclass(frozen=True)
class RecordToBeLookedAt(CustomerEvent):
    """What somebody said looks right is on the list again, because somebody put it there."""

    customer_id: int
    finding_id: int
    what: str


class OrganizationEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("organization", "organization_id")


@dataclass(frozen=True)
class OrganizationAdded(OrganizationEvent):
    organization_id: int


@dataclass(frozen=True)
class OrganizationChanged(OrganizationEvent):
    """Its name, contract or owner; only the names of the fields are told."""

    organization_id: int
    fields: list[str]


@dataclass(frozen=True)
class OrganizationDomainChanged(OrganizationEvent):
    """A domain was added, verified or removed."""

    organization_id: int
    domain: str
    what: str


@dataclass(frozen=True)
class OrganizationLooksRight(OrganizationEvent):
    organization_id: int
    finding_id: int
    what: str


@dataclass(frozen=True)
class OrganizationToBeLookedAt(OrganizationEvent):
    organization_id: int
    finding_id: int
    what: str


@dataclass(frozen=True)
class RecordFieldArranged(Event):
    """A field of customers or organizations was made or changed; `what` says how."""

    subject: ClassVar[tuple[str, str]] = ("record field", "field_id")
    field_id: int
    what: str


@dataclass(frozen=True)
class ImportUndone(Event):
    """What an import had made and changed was taken back, as far as nobody had built on it."""

    subject: ClassVar[tuple[str, str]] = ("import", "import_id")
    import_id: int
    undone: int
    kept: int
