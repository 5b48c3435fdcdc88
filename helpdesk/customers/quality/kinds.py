"""Every kind of flaw, in the order in which they are worked through.

Numbers are kept with what was found: a new kind gets a new one, and none is given twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from helpdesk.customers.quality import age, contradictions, reach
from helpdesk.customers.quality.seen import Check

GROUPS: Mapping[str, range] = {
    "bouncing": range(100, 200),
    "contradictory": range(200, 300),
    "missing": range(300, 400),
    "twice": range(400, 500),
    "stale": range(500, 600),
}
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Kind:
    """One kind of flaw: how it is found, what to do about it, and on which page."""

    number: int
    title: str
    advice: str
    mend: str
    """What the link to that page says."""
    endpoint: str
    check: Check
    again: timedelta | None = None
    """How long “looks right” holds, where time alone makes it doubtful."""

    @property
    def of_organizations(self) -> bool:
        """Whether it is about organizations, not people."""
        return self.endpoint in ("customers.organization", "customers.edit_organization")

    @property
    def group(self) -> str:
        """Bouncing, contradictory, missing, twice or stale."""
        return next(name for name, numbers in GROUPS.items() if self.number in numbers)


_RECORD = ("Edit the record", "customers.edit")
_POINTS = ("Phones and handles", "customers.contact_points")
_CONTRACT = ("Edit the contract", "customers.edit_organization")
_BOTH = ("Look at both", "customers.merge")
_ADDRESSES = ("Addresses", "customers.addresses")

KINDS: Sequence[Kind] = (
    Kind(
        100, "Every address bounces", "Nothing reaches them by mail. Ask for another address.",
        *_ADDRESSES, reach.bouncing,
    ),
    Kind(
        200, "Left before they came", "One of the two days is wrong, and retention is counted "
        "wrongly until it is put right.", *_RECORD, contradictions.left_before_coming,
    ),
    Kind(
        210, "Left, and active all the same", "Have they come back, or did they never leave?",
        *_RECORD, contradictions.left_and_active,
    ),
    Kind(
        220, "Everybody left, but the contract goes on", "Has it been cancelled, or has somebody "
        "else taken over?", *_CONTRACT, contradictions.left_with_contract,
    ),
    Kind(
        230, "Renews before it begins", "One of the two days is wrong.", *_CONTRACT,
        contradictions.renews_before_start,
    ),
    Kind(
        240, "Address of another organization", "They may have changed their employer, or stand "
        "in the wrong organization.", *_ADDRESSES, contradictions.address_of_another,
    ),
    Kind(
        250, "Phone against time zone or language", "One of them may be a slip, or somebody "
        "moved.", *_RECORD, contradictions.against_the_phone,
    ),
    Kind(
        260, "Advertising allowed, surveys unsubscribed", "Do they still want advertising? Ask "
        "before the next mail.", "Wishes and proof", "customers.consent",
        contradictions.advertised_though_unsubscribed,
    ),
    Kind(
        300, "No address", "Nobody can write to them.", *_ADDRESSES, reach.without_address,
    ),
    Kind(
        310, "Nobody looks after the contract", "Choose who does.", *_CONTRACT,
        reach.without_owner,
    ),
    Kind(
        320, "No day of renewal", "Without it nobody is warned before the contract ends.",
        *_CONTRACT, reach.without_renewal,
    ),
    Kind(
        400, "One phone number", "Look before you act; they may share it.", *_BOTH,
        contradictions.one_phone,
    ),
    Kind(
        410, "One name in one organization", "Look before you act; two people may share a name.",
        *_BOTH, contradictions.one_name,
    ),
    Kind(
        500, "Renewal date has passed", "The organization still counts as a customer. Has the "
        "contract been renewed?", *_CONTRACT, age.renewal_passed, A_YEAR,
    ),
    Kind(
        510, "Ordered, and then no more", "Have they left? Then say when.", *_RECORD,
        age.stopped_ordering, A_YEAR,
    ),
    Kind(
        520, "Nobody heard from them", "Is the record still true, and are they still there?",
        *_RECORD, age.unheard, A_YEAR,
    ),
    Kind(
        530, "Phone not used for long", "Call them, or take the number off.", *_POINTS,
        age.old_points, A_YEAR,
    ),
)  # fmt: skip
BY_NUMBER: Mapping[int, Kind] = {kind.number: kind for kind in KINDS}
